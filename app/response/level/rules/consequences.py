"""What a response level asks of duty (domain/rules B4), and the strictest of several. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.dispatch.status_call.rules.times import Every, next_due


@dataclass(frozen=True, slots=True)
class Consequence:
    """What holds at a level: who leads in the centre, what member units do, consultations, round-ups."""

    level: int
    leader: tuple[str, str]
    units: tuple[str, str]
    consultations: int
    round_ups: Every
    on_change: bool = False
    zero_report: bool = True

    @property
    def round_up_words(self) -> tuple[str, str]:
        """Return the rhythm in words."""
        if self.round_ups.hours is not None:
            n = self.round_ups.hours
            return f"每{n}小时一次", f"every {n} h"
        told = ", ".join(f"{at:%H:%M}" for at in self.round_ups.times)
        return f"每日{told.replace(', ', '、')}", f"daily at {told}"


def _hours(hours: int) -> Every:
    return Every(hours, (), timedelta(minutes=30 if hours == 1 else 60))


TABLE: Mapping[int, Consequence] = {
    one.level: one
    for one in (
        Consequence(
            4,
            ("局带班领导在值班室", "the bureau's leader in charge is in the duty room"),
            ("成员单位保持电话畅通", "member units are on the telephone"),
            1,
            Every(None, (time(8), time(17)), timedelta(minutes=60)),
        ),
        Consequence(
            3,
            ("副指挥长在指挥中心", "the deputy commander is in the centre"),
            ("重点成员单位派1名干部联合值守", "key units send one officer"),
            1,
            _hours(4),
            on_change=True,
        ),
        Consequence(
            2,
            ("指挥长在指挥中心", "the commander is in the centre"),
            ("重点成员单位全部到位,24小时联合值守", "all key units on site round the clock"),
            2,
            _hours(2),
        ),
        Consequence(
            1,
            ("党政主要领导在指挥中心", "the leaders of Party and government are in the centre"),
            ("全部成员单位到位,24小时联合值守", "all units on site round the clock"),
            3,
            _hours(1),
        ),
    )
}


def strictest(levels: Iterable[int | None]) -> int | None:
    """Return the level whose duty holds when several responses are in force, None for none."""
    return min((level for level in levels if level is not None), default=None)


def first_due(level: int, begun: datetime, zone: ZoneInfo) -> datetime:
    """Return when the first round-up of a level that holds from an instant on is due."""
    return next_due(TABLE[level].round_ups, begun, begun, zone)
