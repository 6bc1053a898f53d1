"""What holds a ladder back (field.md §4.6 E4, E6). Pure: `now` and what is known are arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from app.dispatch.ladder.rules import Ladder, Place, Rung
from app.window import within

HoldCode = Literal["maintenance", "window", "few_alarms", "unknown_rung"]
LOOK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a ladder waits, until when (None: until somebody does something), in both languages."""

    code: HoldCode
    until: datetime | None
    zh: str
    en: str


def held_by_rules(ladder: Ladder, place: Place, rung_id: str | None) -> Hold | None:
    """Return that the rung an order stands on is not in the rules any more, or None.

    A county's file may change while an order climbs: nobody is asked by a rule that is not there.
    """
    if place.rung < 0:
        return None
    if place.rung <= ladder.top and rung_id in (None, ladder.rungs[place.rung].id):
        return None
    told = rung_id or str(place.rung + 1)
    return Hold(
        "unknown_rung",
        None,
        f"梯级 {told} 已不在规则中,升级暂停,请指定梯级或停止",
        f"rung {told} is not in the rules any more: choose a rung or stop",
    )


def held_by_rung(ladder: Ladder, rung: Rung, now: datetime, alarms: int) -> Hold | None:
    """Return why a rung is not taken yet, or None: outside its hours, or too few alarms for it.

    `alarms` came for the incident within the rung's own time. A rung outside its hours waits for their
    beginning; inside it is taken at once. One that asks for a storm is looked at again every minute.
    """
    if rung.between is not None and not within(rung.between, now.astimezone(ladder.zone).time()):
        until = next_at(rung.between[0], now, ladder)
        local = until.astimezone(ladder.zone)
        return Hold(
            "window",
            until,
            f"{rung.name_zh} {local:%H:%M} 起才可联系",
            f"{rung.name_en} can be asked from {local:%H:%M}",
        )
    if rung.storm is not None and alarms < rung.storm.alarms:
        need = rung.storm
        minutes = need.within.total_seconds() / 60
        return Hold(
            "few_alarms",
            now + LOOK_AGAIN,
            f"{rung.name_zh}须 {minutes:g} 分钟内 {need.alarms} 次报警,现 {alarms} 次,升级暂停",
            f"{rung.name_en} needs {need.alarms} alarms within {minutes:g} min, {alarms} came: paused",
        )
    return None


def next_at(begins: time, now: datetime, ladder: Ladder) -> datetime:
    """Return the next instant at which it is this time of day in the county."""
    local = now.astimezone(ladder.zone)
    found = local.replace(hour=begins.hour, minute=begins.minute, second=begins.second, microsecond=0)
    if found <= local:
        found += timedelta(days=1)
    return found.astimezone(now.tzinfo)


MAINTENANCE = Hold(
    "maintenance",
    None,
    "队伍联系方式检修中,不通知、不升级",
    "the team is in maintenance: nothing is sent, nothing escalates",
)
