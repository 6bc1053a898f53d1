"""The events of warnings."""

from __future__ import annotations

from typing import Literal

from app.response.warning.facts import (
    MessageMeans,
    MessageOutcome,
    WarningBrief,
    WarningDiff,
    WarningSourceFact,
)
from app.wire import Fact


class WarningChanged(Fact):
    """A warning was issued, changed, ended or acknowledged. `diff`: what an update changes."""

    type: Literal[
        "warning.issued", "warning.updated", "warning.lifted", "warning.expired", "warning.acknowledged"
    ]
    warning: WarningBrief
    diff: WarningDiff | None = None


class WarningMessageNoted(Fact):
    """A message came that changes nothing by itself: refused, waiting for a person, or judged by one."""

    type: Literal[
        "warning.message_kept",
        "warning.message_waits",
        "warning.message_refused",
        "warning.message_vouched",
        "warning.message_rejected",
    ]
    message_id: int
    warning_id: int | None
    title: str
    source_name: str
    means: MessageMeans
    outcome: MessageOutcome
    finding_zh: str
    finding_en: str
    by: str = ""
    reason: str = ""


class WarningSourceChanged(Fact):
    """A source of warnings was registered, or takes part no more."""

    type: Literal["warning.source_made", "warning.source_revoked"]
    source: WarningSourceFact
