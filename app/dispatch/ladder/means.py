"""What can be asked for a team at this instant: its phones, its devices, the people by the roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.dispatch.ladder import store
from app.dispatch.ladder.facts import AskedFact, Capacity
from app.dispatch.ladder.rules import Ask, Fallback, Ladder
from app.dispatch.tables import Incident
from app.duty.roster.on_call import CalledFact, called
from app.org.store import TextDevice
from app.org.tables import Team

CHINA = ZoneInfo("Asia/Shanghai")
PersonAsk = Literal["voice", "deputy", "unit_head", "leader"]


@dataclass(frozen=True, slots=True)
class Means:
    """What can be asked now: devices in the order they are tried, one a channel; people by the ask."""

    listening: bool
    devices: tuple[TextDevice, ...]
    people: Mapping[PersonAsk, tuple[AskedFact, ...]]
    off: bool = False  # the team is in maintenance: nothing is sent and nobody is asked

    @property
    def asks(self) -> frozenset[Ask]:
        """What there are means for. The leader's board is always there."""
        found: set[Ask] = {"leader"}
        if self.listening:
            found.add("app")
        if self.devices:
            found.add("text")
        if len(self.devices) > 1:
            found.add("other_texts")
        found.update(ask for ask, told in self.people.items() if any(not one.passed_over for one in told))
        return frozenset(found)


async def means_of(tx: Tx, team: Team, incident: Incident, at: datetime, ladder: Ladder) -> Means:
    """Return what can be asked for a team at this instant, people resolved from roster and leave.

    A drill asks in the app and lets the desk telephone: no device, nothing that rings outside.
    """
    assert team.id is not None
    places = {team.region_code, incident.region_code}
    found = await store.reach(tx, team.stream, team.id, CHANNEL_OF_FAMILY, places, at)
    if found.team_off:
        return Means(False, (), {"voice": (), "deputy": (), "unit_head": (), "leader": ()}, off=True)  # noqa: FBT003
    own = [_of_team(row, at) for row in found.people]
    leading = called(found.leading)
    off = found.channels_off
    carrying = [d for d in found.devices if CHANNEL_OF_FAMILY[d.family] not in off]
    return Means(
        listening="app" not in off and found.listening,
        devices=() if incident.drill_id is not None else _one_a_channel(carrying),
        people={
            "voice": tuple(one for one in own if one.capacity == "team_leader"),
            "deputy": tuple(one for one in own if one.capacity == "deputy"),
            "unit_head": await _unit_head(tx, team, leading[team.region_code], at),
            "leader": await _leaders(tx, incident, leading[incident.region_code], at, ladder.fallback),
        },
    )


def _one_a_channel(devices: Sequence[TextDevice]) -> tuple[TextDevice, ...]:
    first: dict[str, TextDevice] = {}
    for device in devices:
        first.setdefault(CHANNEL_OF_FAMILY[device.family], device)
    return tuple(first.values())


def _asked(
    row: Mapping[str, Any], capacity: Capacity, at: datetime, why_zh: str, why_en: str, *, away: bool = False
) -> AskedFact:
    return AskedFact(
        person_id=row["person_id"],
        name=row["name"],
        capacity=capacity,
        rung="",
        asked_at=at,
        passed_over=away,
        why_zh=f"{why_zh},休假中,不叫" if away else why_zh,
        why_en=f"{why_en}, on leave: not called" if away else why_en,
    )


def _of_team(row: Mapping[str, Any], at: datetime) -> AskedFact:
    leads = row["capacity"] == "team_leader"
    why = ("队长", "leads the team") if leads else ("副队长", "deputy of the team")
    return _asked(row, row["capacity"], at, *why, away=row["away"])


def _on_duty(called: CalledFact, capacity: Capacity, at: datetime) -> AskedFact:
    return AskedFact(**called.model_dump(), capacity=capacity, rung="", asked_at=at)


async def _unit_head(
    tx: Tx, team: Team, leading: Sequence[CalledFact], at: datetime
) -> tuple[AskedFact, ...]:
    """Who leads at the team's own place now; where nobody is on duty there, who holds its office."""
    own = [one for one in leading if one.role in ("leader_in_charge", "chief_leader")]
    if own and team.region_code[6:] != "000000":
        return (_on_duty(own[0], "unit_head", at),)
    rows = await store.heads_of_place(tx, team.stream, team.region_code, at)
    return tuple(_asked(r, "unit_head", at, r["title"], "heads the township", away=r["away"]) for r in rows)


async def _leaders(
    tx: Tx, incident: Incident, leading: Sequence[CalledFact], at: datetime, fallback: Sequence[Fallback]
) -> tuple[AskedFact, ...]:
    """Who leads the place and the centre now; else the first link of the chain that finds somebody."""
    if leading:
        return tuple(_on_duty(one, "duty_leader", at) for one in leading)
    for link in fallback:
        found = await _by_fallback(tx, link, incident.stream, at)
        if any(not one.passed_over for one in found):
            return found
    return ()


async def _by_fallback(tx: Tx, link: Fallback, stream: str, at: datetime) -> tuple[AskedFact, ...]:
    if link == "centre_on_duty":
        rows = await store.centre_on_duty(tx, stream, at)
        return tuple(_of_shift(r, at, "中心当班,无带班人员在岗", "on duty, nobody leads") for r in rows)
    if link == "next_leader":
        rows = await store.next_leader(tx, stream, at)
        return tuple(_of_shift(r, at, *_coming(r["starts_at"], at)) for r in rows)
    accounts = await store.leader_accounts(tx, stream, at)
    why = ("值班表无人在岗,由带班领导兜底", "nobody on the roster: the leader of the centre")
    return tuple(_asked(r, "duty_leader", at, *why, away=r["away"]) for r in accounts)


def _coming(starts_at: datetime, at: datetime) -> tuple[str, str]:
    local = starts_at.astimezone(CHINA)
    when = f"{local:%H:%M}" if starts_at - at < timedelta(hours=24) else f"{local:%m-%d %H:%M}"
    return f"现无人带班,下一班 {when} 起", f"nobody leads now: next from {when}"


def _of_shift(row: Mapping[str, Any], at: datetime, why_zh: str, why_en: str) -> AskedFact:
    told = {key: row[key] for key in ("person_id", "name", "post_id", "post_name", "role", "shift_id")}
    return AskedFact(**told, capacity="duty_leader", rung="", asked_at=at, why_zh=why_zh, why_en=why_en)
