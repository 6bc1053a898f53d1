"""The events of readiness and standby."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from app.duty.standby.facts import ExemptionFact, LevelFact, ReturnFact
from app.wire import Fact


class ReadinessReturned(Fact):
    """A team made its return of a day, or put it right (`before` is what it had said)."""

    type: Literal["readiness.returned"]
    returned: ReturnFact
    before: ReturnFact | None


class ReadinessLevelChanged(Fact):
    """A brigade or township fell below what is required, had not reported in time, or is in order again."""

    type: Literal["readiness.short", "readiness.missing", "readiness.restored"]
    level: LevelFact


class StandbyLevelChanged(Fact):
    """The same of a township's persons on standby; `level.contact` is whom to call."""

    type: Literal["standby.short", "standby.missing", "standby.restored"]
    level: LevelFact


class ReadinessExempted(Fact):
    """A leader accepted fewer than required, or took that back."""

    type: Literal["readiness.exempted", "readiness.exemption_revoked"]
    name: str
    exemption: ExemptionFact


class StandbyListChanged(Fact):
    """Names were entered, added, accepted or struck. `names` are those it is about, `on_list` all that count.

    `counted` is what a roll-call found, None where nobody was counted.
    """

    type: Literal["standby.listed", "standby.added", "standby.accepted", "standby.counted", "standby.struck"]
    region_code: str
    region_name: str
    day: date
    version: int
    names: list[str]
    on_list: int
    counted: int | None
    reason: str


class AllowanceApproved(Fact):
    """A month's sheet of a township was approved; `before` is the sum approved the last time."""

    type: Literal["standby.sheet_approved"]
    region_code: str
    region_name: str
    month: date
    revision: int
    person_days: int
    yuan: Decimal
    before: Decimal | None
