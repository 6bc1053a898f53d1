"""Device alarms that stand: a bit in every frame is one trouble, not one a frame. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ENDED_AFTER = timedelta(minutes=10)
"""A trouble that was away for less is still the same one: contacts bounce, engines start."""

TELL_EVERY = timedelta(minutes=10)
"""How often one that stands is told again, so that its counter lives."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A trouble of one device: by which reference it is known, and when it was told last."""

    ref: str
    told_at: datetime
    away_since: datetime | None = None


def heard(before: Standing | None, ref: str, now: datetime) -> tuple[Standing, bool]:
    """Return the trouble after a report in which it stands, and whether to tell of it now.

    `ref` is that report's own; it becomes the trouble's if it is a new one.
    """
    if before is None or is_over(before, now):
        return Standing(ref, now), True
    if now - before.told_at >= TELL_EVERY:
        return Standing(before.ref, now), True
    return replace(before, away_since=None), False


def missed(before: Standing, now: datetime) -> Standing | None:
    """Return the trouble after a report in which it does not stand; None once it is over."""
    if before.away_since is None:
        return replace(before, away_since=now)
    return None if is_over(before, now) else before


def is_over(trouble: Standing, now: datetime) -> bool:
    """Whether the trouble has been away for so long that it is over."""
    return trouble.away_since is not None and now - trouble.away_since >= ENDED_AFTER
