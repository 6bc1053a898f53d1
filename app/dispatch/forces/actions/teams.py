"""Teams: enter, amend, retire. Nobody overwrites what he has not read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from app.db import Tx
from app.dispatch.forces.commands import ForceTeamIn, ForceTeamPut
from app.dispatch.forces.events import TeamRegisterChanged
from app.dispatch.forces.facts import ForceTeamFact
from app.dispatch.forces.refusals import RegisterFull, StaleForm, TeamHasSquads, TeamIsOut, TeamNameTaken
from app.dispatch.forces.rules.fitness import Needs
from app.dispatch.forces.store import teams as store
from app.dispatch.outside_help.refusals import OutsideElsewhere
from app.dispatch.store import teams as desk
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store import units
from app.org.tables import Team
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted

MOST_TEAMS = 5000


async def register(tx: Tx, by: Viewer, told: ForceTeamIn, now: datetime, needs: Needs) -> ForceTeamFact:
    """Enter a team. Raises InvalidInput, NotPermitted, RegisterFull, TeamNameTaken."""
    require(by, "manage_people")
    await store.serialise(tx, by.stream)
    if await store.count(tx, by.stream) >= MOST_TEAMS:
        raise RegisterFull(MOST_TEAMS)
    values = told.model_dump()
    await _require_possible(tx, by, None, values)
    await _require_unborne(tx, by, None, values)
    row = Team(stream=by.stream, **await _placed(tx, values))
    row.standby = row.standby_strength > 0
    tx.add(row)
    await tx.flush()
    if row.leader_id is not None:
        await store.lead(tx, row.id or 0, row.leader_id)
    return await _tell(tx, by, row, "team.registered", now, needs, sorted(values))


async def amend(
    tx: Tx, by: Viewer, team_id: int, told: ForceTeamPut, now: datetime, needs: Needs
) -> ForceTeamFact:
    """Write a team anew; a retired one serves again.

    Raises InvalidInput, NotFound, NotPermitted, StaleForm, TeamNameTaken, TeamIsOut (it would leave the
    desk or its place while something holds it).
    """
    require(by, "manage_people")
    await store.serialise(tx, by.stream)
    row = await _team_for(tx, by, team_id)
    _require_fresh(row, told.revision)
    values = told.model_dump(exclude={"revision"})
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    back = not row.active
    if not changed and not back:
        return await store.fact(tx, team_id, needs)
    await _require_possible(tx, by, row, changed)
    await _require_unborne(tx, by, row, values if back else changed)
    leaves_desk = row.dispatchable and not told.dispatchable
    if (leaves_desk or "region_code" in changed) and (held := await store.holds(tx, team_id)):
        raise TeamIsOut(row.name_zh, *held)
    before = row.region_code
    for name, value in (await _placed(tx, values)).items():
        setattr(row, name, value)
    row.active, row.revision = True, row.revision + 1
    if "leader_id" in changed:
        await store.lead(tx, team_id, told.leader_id)
    names = sorted({*changed, *(["active"] if back else [])})
    return await _tell(tx, by, row, "team.amended", now, needs, names, before)


async def retire(
    tx: Tx, by: Viewer, team_id: int, revision: int, now: datetime, needs: Needs
) -> ForceTeamFact:
    """Take a team out of service; it stays in the register.

    Raises NotFound, NotPermitted, StaleForm, TeamIsOut (out, promised or stationed), TeamHasSquads.
    """
    require(by, "manage_people")
    await store.serialise(tx, by.stream)
    row = await _team_for(tx, by, team_id)
    if not row.active:
        return await store.fact(tx, team_id, needs)
    _require_fresh(row, revision)
    if held := await store.holds(tx, team_id):
        raise TeamIsOut(row.name_zh, *held)
    if squads := await store.squads(tx, team_id):
        raise TeamHasSquads(row.name_zh, squads)
    row.active = row.dispatchable = row.standby = False
    row.revision += 1
    return await _tell(tx, by, row, "team.retired", now, needs, ["active"])


async def _team_for(tx: Tx, by: Viewer, team_id: int) -> Team:
    row = await store.locked(tx, by.stream, team_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该队伍", "team")
    if row.kind == "outside":
        raise OutsideElsewhere(row.name_zh)
    return row


def _require_fresh(row: Team, revision: int) -> None:
    if revision != row.revision:
        raise StaleForm(row.name_zh, row.changed_by, row.revision)


async def _placed(tx: Tx, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with a position: where the region lies, if nobody said."""
    if values["lon"] is not None:
        return dict(values)
    place = await org.region(tx, values["region_code"])
    assert place is not None
    return {**values, "lon": place.lon, "lat": place.lat}


async def _require_unborne(tx: Tx, by: Viewer, row: Team | None, values: Mapping[str, Any]) -> None:
    name, sign = values.get("name_zh", ""), values.get("call_sign", "")
    if (name or sign) and (
        held := await store.bearer(tx, by.stream, name, sign, None if row is None else row.id)
    ):
        raise TeamNameTaken(*held)


async def _require_possible(tx: Tx, by: Viewer, row: Team | None, told: Mapping[str, Any]) -> None:
    """Raise InvalidInput for what is told and not there, NotPermitted outside the scope."""
    faults = await _region_faults(tx, by, told.get("region_code"))
    if unit_id := told.get("unit_id"):
        unit = await units.kept(tx, by.stream, unit_id)
        if unit is None or not unit.active:
            faults.append(FieldFault("unit_id", "没有这个单位", "no such unit"))
    if (leader := told.get("leader_id")) and leader not in await store.people(tx, by.stream, [leader]):
        faults.append(FieldFault("leader_id", "没有这个在岗人员", "no such person in service"))
    if parent := told.get("parent_id"):
        faults += await _parent_faults(tx, by, row, parent)
    if faults:
        raise InvalidInput(*faults)


async def _region_faults(tx: Tx, by: Viewer, code: str | None) -> list[FieldFault]:
    if code is None:
        return []
    if not code.startswith(by.stream) or await org.region(tx, code) is None:
        return [FieldFault("region_code", "没有这个地区", "no such place")]
    if not by.covers(code):
        raise NotPermitted
    return []


async def _parent_faults(tx: Tx, by: Viewer, row: Team | None, parent: int) -> list[FieldFault]:
    if await store.kept(tx, by.stream, parent) is None:
        return [FieldFault("parent_id", "没有这支上级队伍", "no such team to belong to")]
    if row is not None and row.id is not None and await store.circle(tx, row.id, parent):
        zh, en = "队伍不能隶属于自己或自己的下属", "a team cannot belong to itself or its own squad"
        return [FieldFault("parent_id", zh, en)]
    return []


async def _tell(
    tx: Tx,
    by: Viewer,
    row: Team,
    what: Literal["team.registered", "team.amended", "team.retired"],
    now: datetime,
    needs: Needs,
    changed: list[str],
    before: str | None = None,
) -> ForceTeamFact:
    """Journal it. A team that moved leaves the desk of its old place before it enters that of the new."""
    row.changed_by, row.changed_at = by.name, now
    await tx.flush()
    assert row.id is not None
    entry = await store.fact(tx, row.id, needs)
    shown = await desk.fact(tx, row.id) if row.dispatchable else None
    event = TeamRegisterChanged(type=what, team_id=row.id, entry=entry, team=shown, changed=changed)
    entries = [journal.Entry(event, Concern((row.region_code,), (row.id,)))]
    if before not in (None, row.region_code):
        left = event.model_copy(update={"type": "team.moved_away", "team": None})
        entries.insert(0, journal.Entry(left, Concern((before or "",))))
    await journal.append(tx, by.stream, now, entries, actor(by))
    return entry
