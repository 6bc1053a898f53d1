"""The status of every refusal of warnings, and faults of their shapes in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.response.warning.refusals import (
    CannotExport,
    NoKeyPeriod,
    NothingToJudge,
    NotReal,
    TooManyMessages,
    UnknownWarningSource,
    WarningOver,
    WarningTooLarge,
)

WARNING_STATUS: Mapping[type[Refusal], int] = {
    CannotExport: 409,
    NoKeyPeriod: 409,
    NotReal: 409,
    NothingToJudge: 409,
    TooManyMessages: 429,
    UnknownWarningSource: 404,
    WarningOver: 409,
    WarningTooLarge: 413,
}
WARNING_FAULTS: Mapping[str, tuple[str, str]] = {
    "warning_of": (
        "变更和解除须指明原预警,新预警不填",
        "an update or a cancel names its warning, a new one none",
    ),
    "warning_colour": ("请选择预警颜色", "choose a colour"),
    "warning_areas": ("请至少选择一个地区", "choose at least one place"),
    "warning_what": ("请选择灾害类型或填写标题", "choose the hazard or write a title"),
    "warning_source_url": (
        "轮询来源须填 http(s) 地址,不带账号,不能是链路本地地址;其他来源不填地址",
        "a polled source has an http(s) address without login, not link-local; others have none",
    ),
}
