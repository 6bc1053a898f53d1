"""The three times of an entry: it happened, the desk was told, it was written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.refusals import FieldFault, InvalidInput

CLOCK_SLACK = timedelta(minutes=1)  # the desk's clock may be a little ahead of ours


def three_times(
    happened_at: datetime | None, told_at: datetime | None, now: datetime, field: str
) -> tuple[datetime, datetime]:
    """Return when it happened and when the desk was told, now unless told; `field` names the first.

    A time less than `CLOCK_SLACK` ahead is now. Raises InvalidInput when they do not follow each other.
    """
    _require_past("told_at", told_at, now, "获知时间", "the time of being told")
    _require_past(field, happened_at, now, "发生时间", "the time of happening")
    told = min(told_at or now, now)
    happened = min(happened_at or told, now)
    if happened > told:
        raise InvalidInput(
            FieldFault(
                field,
                "时间须依次为发生、获知、录入:发生时间晚于获知时间,请核对两个时间",
                "it happens, then it is told, then it is entered: it cannot have happened after it was told, "
                "check both times",
            )
        )
    return happened.astimezone(UTC), told.astimezone(UTC)


def _require_past(field: str, at: datetime | None, now: datetime, zh: str, en: str) -> None:
    if at is not None and at > now + CLOCK_SLACK:
        raise InvalidInput(
            FieldFault(
                field,
                f"时间须依次为发生、获知、录入:{zh}晚于现在,请核对日期和时刻",
                f"it happens, then it is told, then it is entered: {en} lies in the future, "
                "check day and time",
            )
        )
