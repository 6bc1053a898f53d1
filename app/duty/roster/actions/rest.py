"""Nobody sits for more than 24 hours at a stretch unless a leader says why (domain/rules B7, R20)."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.roster.fitness import obstacles
from app.duty.roster.rules.interval import Interval
from app.org.rules.access import Viewer
from app.refusals import NotPermitted, Refusal

TOO_LONG = "continuous_exceeded"


class OverContinuous(Refusal):
    """The person would sit for too long at a stretch."""

    code = "continuous_exceeded"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(
            f"{zh};请另选人员,或由带班领导注明理由后安排",
            f"{en}: choose somebody else, or a leader gives a reason (despite)",
        )


async def reason_despite(
    tx: Tx,
    by: Viewer,
    person_id: int,
    interval: Interval,
    zone: ZoneInfo,
    despite: str,
    *,
    without: Collection[int] = (),
) -> str:
    """Return what is to be kept of a duty that is too long for a person; empty when it is not.

    Raises OverContinuous without a leader's reason, NotPermitted when another than a leader gives one.
    """
    against = await obstacles(tx, [person_id], interval, zone, without=without)
    found = next((one for one in against[person_id] if one.code == TOO_LONG), None)
    if found is None:
        return ""
    if not despite:
        raise OverContinuous(found.zh, found.en)
    if not by.may("approve_duty"):
        raise NotPermitted
    return f"({found.zh},{by.name}同意:{despite})"
