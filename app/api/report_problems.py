"""The status of every refusal of written reports, and its faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.reporting.report.refusals import (
    AlreadySentThere,
    LevelSkipped,
    NoSuchPaper,
    NotGrave,
    NothingOpenToSign,
    NotSentThere,
    OneTextForAll,
    OutOfChain,
    StaleReport,
)
from app.reporting.report.rules.steps import IllegalReportStep

REPORT_STATUS: Mapping[type[Refusal], int] = {
    AlreadySentThere: 409,
    IllegalReportStep: 409,
    LevelSkipped: 422,
    NoSuchPaper: 404,
    NotGrave: 409,
    NothingOpenToSign: 409,
    NotSentThere: 409,
    OneTextForAll: 422,
    OutOfChain: 409,
    StaleReport: 409,
}
REPORT_FAULTS: Mapping[str, tuple[str, str]] = {
    "addressee_twice": ("同一报送单位写了两次", "the same addressee twice"),
    "only_copies": ("至少须有一个主送单位", "name one addressee that is no copy"),
    "call_untold": (
        "电话确认须写明对方姓名、号码和时间",
        "of a confirming call say who confirmed it, at which number and when",
    ),
}
