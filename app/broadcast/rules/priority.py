"""Who speaks first in one place: the comparator and the schedule (GD/J 084 §6.4, 089 B.20). Pure.

In one area one message is heard at a time. A strictly higher one interrupts, and what it interrupted goes on
afterwards while its window is open; an equal or lower one waits. Which of level and severity wins is not
laid down anywhere: here it is the level (上级优先).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.codecs.colours import priority


@dataclass(frozen=True, slots=True)
class Airing:
    """A message in an area: its window, and how long it needs on the air (None: the whole window).

    `sender_level` 1 state to 6 village; `severity` of GD/J, where 0 is the lowest.
    """

    key: int
    urgent: bool
    sender_level: int
    severity: int
    start: datetime
    end: datetime
    length: timedelta | None = None

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Smaller speaks first: emergency before daily, then the sender's level, then the severity."""
        return (not self.urgent, self.sender_level, priority(self.severity))


@dataclass(frozen=True, slots=True)
class Slot:
    """A message is on the air from `start` to `end`."""

    key: int
    start: datetime
    end: datetime


def schedule(airings: Sequence[Airing]) -> list[Slot]:
    """Return what is on the air in one area, in order; what finds no time within its window is not in it."""
    left = {one.key: one.length or (one.end - one.start) for one in airings}
    slots: list[Slot] = []
    current: Airing | None = None
    now = min((one.start for one in airings), default=None)
    while now is not None:
        open_ = [one for one in airings if one.start <= now < one.end and left[one.key] > timedelta()]
        current = _next(current, open_)
        later = [one.start for one in airings if one.start > now]
        if current is None:
            now = min(later, default=None)
            continue
        until = min([now + left[current.key], current.end, *later])
        left[current.key] -= until - now
        if slots and slots[-1].key == current.key and slots[-1].end == now:
            slots[-1] = Slot(current.key, slots[-1].start, until)
        else:
            slots.append(Slot(current.key, now, until))
        now = until
    return slots


def _next(current: Airing | None, open_: Sequence[Airing]) -> Airing | None:
    """Return who speaks: who does so already, unless somebody strictly higher is there."""
    best = min(open_, key=lambda one: (*one.rank, one.start, one.key), default=None)
    if best is None or current is None or current not in open_:
        return best
    return best if best.rank < current.rank else current
