"""Teams of others are announced, come, are sent like ours, and are released home."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.forces.refusals import TeamIsOut, TeamNameTaken
from app.dispatch.forces.store import teams as register
from app.dispatch.outside_help import store
from app.dispatch.outside_help.commands import OutsideStepIn, OutsideTeamIn
from app.dispatch.outside_help.events import OutsideTeamChanged
from app.dispatch.outside_help.facts import OutsideCount, OutsideHelp, OutsideTeamFact
from app.dispatch.outside_help.refusals import OutsideMoved, OutsideStale
from app.dispatch.outside_help.rules import KIND, STEPS, Count, Helper, by_origin, count
from app.dispatch.outside_help.tables import OutsideTeam
from app.dispatch.store import incidents
from app.dispatch.store import teams as desk
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, actor, may_see, require
from app.org.tables import Team
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted


async def board(tx: Tx, by: Viewer, state: str | None = None, incident_id: int | None = None) -> OutsideHelp:
    """Return the teams from outside of one's scope and their numbers. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    if incident_id is not None:
        await _seen(tx, by, incident_id)
    teams = await store.listed(tx, by, None if state is None else [state], incident_id)
    helpers = [Helper(one.origin, one.state, one.strength, one.people, one.out) for one in teams]
    return OutsideHelp(
        teams=teams,
        total=_told("", count(helpers)),
        origins=[_told(origin, one) for origin, one in by_origin(helpers).items()],
    )


def _told(origin: str, one: Count) -> OutsideCount:
    values: dict[str, Any] = {
        name: getattr(one, name) for name in OutsideCount.model_fields if name != "origin"
    }
    return OutsideCount(origin=origin, **values)


async def announce(tx: Tx, by: Viewer, told: OutsideTeamIn, now: datetime) -> OutsideTeamFact:
    """Enter a team that comes: nobody can send it before it is here.

    Raises InvalidInput, NotFound, NotPermitted, TeamNameTaken.
    """
    require(by, "command")
    await register.serialise(tx, by.stream)
    place = await org.region(tx, told.region_code)
    if place is None:
        raise InvalidInput(FieldFault("region_code", "没有这个地区", "no such place"))
    if not by.covers(told.region_code):
        raise NotPermitted
    if told.incident_id is not None:
        await _seen(tx, by, told.incident_id)
    if told.partner_id is not None and not await store.partner_is_known(tx, by.stream, told.partner_id):
        raise InvalidInput(FieldFault("partner_id", "没有这个协作单位", "no such partner"))
    if held := await register.bearer(tx, by.stream, told.name, "", None):
        raise TeamNameTaken(*held)
    team = Team(
        stream=by.stream,
        name_zh=told.name,
        name_en="",
        call_sign="",
        kind=KIND,
        region_code=told.region_code,
        lon=place.lon,
        lat=place.lat,
        strength=told.strength,
        capabilities=told.capabilities,
        phone=told.leader_phone,
        dispatchable=False,
        changed_by=by.name,
        changed_at=now,
    )
    tx.add(team)
    await tx.flush()
    row = OutsideTeam(
        stream=by.stream,
        team_id=team.id or 0,
        **told.model_dump(exclude={"name", "region_code", "capabilities"}),
        entered_by=by.name,
        entered_at=now,
        changed_by=by.name,
        changed_at=now,
    )
    tx.add(row)
    return await _tell(tx, by, row, team, now)


async def step(tx: Tx, by: Viewer, outside_id: int, told: OutsideStepIn, now: datetime) -> OutsideTeamFact:
    """Let a team arrive, go home, or not come.

    Raises OutsideStale, OutsideMoved, TeamIsOut (released while it is out), InvalidInput, NotFound,
    NotPermitted.
    """
    require(by, "command")
    row = await store.locked(tx, by.stream, outside_id)
    team = None if row is None else await register.locked(tx, by.stream, row.team_id)
    if row is None or team is None or not by.covers(team.region_code):
        raise NotFound("该外援队伍", "team from outside")
    if row.revision != told.revision:
        raise OutsideStale
    state = STEPS.get((row.state, told.step))
    if state is None:
        raise OutsideMoved(row.state)
    at = min(told.at or now, now)
    if told.step == "arrive":
        row.arrived_at, row.people = at, told.people or row.strength
        team.dispatchable = team.standby = True
        team.strength = team.standby_strength = row.people
    elif told.step == "release":
        if held := await register.holds(tx, row.team_id):
            raise TeamIsOut(team.name_zh, *held)
        row.released_at = max(at, row.arrived_at or at)
        _leave(team)
    else:
        if not told.words:
            raise InvalidInput(FieldFault("words", "请写明原因", "say why"))
        _leave(team)
    row.state, row.words, row.revision = state, told.words, row.revision + 1
    row.changed_by, row.changed_at = by.name, now
    team.changed_by, team.changed_at, team.revision = by.name, now, team.revision + 1
    return await _tell(tx, by, row, team, now)


def _leave(team: Team) -> None:
    team.active = team.dispatchable = team.standby = False
    team.standby_strength = 0


async def _seen(tx: Tx, by: Viewer, incident_id: int) -> None:
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")


async def _tell(tx: Tx, by: Viewer, row: OutsideTeam, team: Team, now: datetime) -> OutsideTeamFact:
    """Journal it; it stands in the story of the incident it helps at, unless that is need-to-know."""
    await tx.flush()
    fact = await store.fact(tx, row.id or 0)
    event = OutsideTeamChanged(
        type=f"outside_team.{row.state}",
        outside=fact,
        team_id=row.team_id,
        team=await desk.fact(tx, row.team_id) if team.dispatchable else None,
    )
    story = row.incident_id if fact.incident_number is not None else None
    entry = journal.Entry(event, Concern((team.region_code,), (row.team_id,)), story)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact
