"""Is a device's clock eight hours behind? Some terminals write UTC where the standard asks for GMT+8.

Read as GMT+8 their times lie eight hours in the past (protocols/beidou.md §5.1: BCD times are GMT+8).
Pure: the caller brings the times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ZONE = timedelta(hours=8)
CLOSE = timedelta(minutes=5)
"""How far a delay may lie from none, or from eight hours, to speak of the clock."""

WITNESSES = 3
"""Reports in a row that must agree; a backlog of buffered reports does not keep one delay."""

SPAN = timedelta(seconds=20)
"""Time of ours from the first witness to the last: a backlog is sent in one go."""


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """What is known of one device's clock: add `offset` to its times to put them right."""

    offset: timedelta = timedelta()
    witnesses: int = 0  # reports in a row that speak for another offset
    since: datetime | None = None  # when the first of them was heard
    wanted: timedelta = timedelta()

    def after(self, fixed_at: datetime, heard_at: datetime) -> DeviceClock:
        """Return what is known after one more live report."""
        told = offset_told(heard_at - fixed_at)
        if told is None:
            return self  # buffered, or a clock that is wrong in another way: no evidence either way
        if told == self.offset:
            return DeviceClock(self.offset) if self.witnesses else self
        if told != self.wanted or self.since is None:
            return DeviceClock(self.offset, 1, heard_at, told)
        if self.witnesses + 1 >= WITNESSES and heard_at - self.since >= SPAN:
            return DeviceClock(told)
        return DeviceClock(self.offset, self.witnesses + 1, self.since, told)


def offset_told(delay: timedelta) -> timedelta | None:
    """Return the offset that one report's delay speaks for; None when it speaks for none."""
    for offset in (timedelta(), ZONE):
        if abs(delay - offset) <= CLOSE:
            return offset
    return None
