"""The three times of what people tell: it happened, the desk was told, it was entered (rules §0.7)."""

from __future__ import annotations

from datetime import datetime

from app.refusals import FieldFault, InvalidInput


def three_times(
    happened_at: datetime | None, told_at: datetime | None, now: datetime, field: str
) -> tuple[datetime, datetime]:
    """Return when it happened and when the desk was told, now unless told; `field` names the first.

    Raises InvalidInput when they do not follow each other.
    """
    told = told_at or now
    happened = happened_at or told
    if not happened <= told <= now:
        raise InvalidInput(
            FieldFault(
                field,
                "时间须依次为发生、获知、录入,且不晚于现在",
                "it happens, then it is told, then it is entered: none of them after now",
            )
        )
    return happened, told
