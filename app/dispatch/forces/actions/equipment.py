"""Equipment: enter, amend, retire, and say how ready it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.commands import earlier
from app.dispatch.forces.commands import EquipmentIn, EquipmentPut, ReadinessIn
from app.dispatch.forces.events import EquipmentChanged
from app.dispatch.forces.facts import EquipmentFact
from app.dispatch.forces.refusals import EquipmentNumberTaken, RegisterFull, StaleForm
from app.dispatch.forces.store import equipment as store
from app.dispatch.forces.store import teams
from app.dispatch.forces.tables import Equipment
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store import units
from app.refusals import FieldFault, InvalidInput, NotFound

MOST_EQUIPMENT = 20_000


async def register(tx: Tx, by: Viewer, told: EquipmentIn, now: datetime) -> EquipmentFact:
    """Enter a piece. Raises InvalidInput, NotPermitted, EquipmentNumberTaken, RegisterFull."""
    require(by, "manage_people")
    await teams.serialise(tx, by.stream)
    if await store.count(tx, by.stream) >= MOST_EQUIPMENT:
        raise RegisterFull(MOST_EQUIPMENT)
    values = told.model_dump(exclude={"since"})
    await require_possible(tx, by, values, values["operator_ids"])
    await _require_unborne(tx, by, told.number, None)
    row = Equipment(stream=by.stream, ready_since=earlier(told.since, now), changed_at=now, **values)
    tx.add(row)
    return await _tell(tx, by, row, "equipment.registered", now, sorted(values))


async def amend(tx: Tx, by: Viewer, equipment_id: int, told: EquipmentPut, now: datetime) -> EquipmentFact:
    """Write a piece anew; a retired one is in use again.

    Raises InvalidInput, NotFound, NotPermitted, StaleForm, EquipmentNumberTaken.
    """
    require(by, "manage_people")
    await teams.serialise(tx, by.stream)
    row, before = await _piece_for(tx, by, equipment_id)
    _require_fresh(row, told.revision)
    values = told.model_dump(exclude={"revision"})
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    back = not row.active
    if not changed and not back:
        return await store.fact(tx, equipment_id)
    fresh = [one for one in values["operator_ids"] if one not in row.operator_ids]
    moved = {name: value for name, value in values.items() if name in changed}
    await require_possible(tx, by, moved, fresh)
    if back or "number" in changed:
        await _require_unborne(tx, by, told.number, equipment_id)
    for name in changed:
        setattr(row, name, values[name])
    row.active, row.revision = True, row.revision + 1
    names = [*changed, *(["active"] if back else [])]
    return await _tell(tx, by, row, "equipment.amended", now, names, regions=(before,))


async def set_readiness(
    tx: Tx, by: Viewer, equipment_id: int, told: ReadinessIn, now: datetime
) -> EquipmentFact:
    """Say how ready a piece is, since when and why; it counts from the next recommendation on.

    Raises NotFound, NotPermitted, StaleForm.
    """
    require(by, "set_standby")
    row, _ = await _piece_for(tx, by, equipment_id)
    if not row.active:
        raise NotFound("该装备", "piece of equipment")
    _require_fresh(row, told.revision)
    before = row.readiness
    row.readiness, row.reason, row.ready_since = told.readiness, told.reason, earlier(told.since, now)
    changed = ["readiness"]
    if told.inspection_due is not None and told.inspection_due != row.inspection_due:
        row.inspection_due = told.inspection_due
        changed.append("inspection_due")
    row.revision += 1
    return await _tell(tx, by, row, "equipment.readiness_set", now, changed, before=before)


async def retire(tx: Tx, by: Viewer, equipment_id: int, revision: int, now: datetime) -> EquipmentFact:
    """Take a piece out of use; it stays in the register. Raises NotFound, NotPermitted, StaleForm."""
    require(by, "manage_people")
    row, _ = await _piece_for(tx, by, equipment_id)
    if not row.active:
        return await store.fact(tx, equipment_id)
    _require_fresh(row, revision)
    row.active, row.revision = False, row.revision + 1
    return await _tell(tx, by, row, "equipment.retired", now, ["active"])


async def require_possible(tx: Tx, by: Viewer, told: Mapping[str, Any], operators: Sequence[int]) -> None:
    """Raise InvalidInput for a keeper that is not in this scope, or operators that are not in service."""
    faults = []
    if team_id := told.get("team_id"):
        team = await teams.kept(tx, by.stream, team_id)
        if team is None or not by.covers(team.region_code):
            faults.append(FieldFault("team_id", "没有这支队伍", "no such team"))
    if unit_id := told.get("unit_id"):
        unit = await units.kept(tx, by.stream, unit_id)
        if unit is None or not unit.active or not by.covers(unit.region_code):
            faults.append(FieldFault("unit_id", "没有这个单位", "no such unit"))
    if set(operators) - (await teams.people(tx, by.stream, operators)).keys():
        zh, en = "操作员中有人不在名册或已离岗", "an operator is not in the register or left the service"
        faults.append(FieldFault("operator_ids", zh, en))
    if faults:
        raise InvalidInput(*faults)


async def _piece_for(tx: Tx, by: Viewer, equipment_id: int) -> tuple[Equipment, str]:
    row = await store.locked(tx, by.stream, equipment_id)
    region = "" if row is None else await store.region_of(tx, row)
    if row is None or not by.covers(region):
        raise NotFound("该装备", "piece of equipment")
    return row, region


def _require_fresh(row: Equipment, revision: int) -> None:
    if revision != row.revision:
        raise StaleForm(row.name, row.changed_by, row.revision)


async def _require_unborne(tx: Tx, by: Viewer, number: str, but: int | None) -> None:
    held = (await store.of_numbers(tx, by.stream, [number])).get(number)
    if held is None or held.id == but:
        return
    fact = await store.fact(tx, held.id or 0)
    raise EquipmentNumberTaken(number, fact.keeper_name if by.covers(fact.region_code) else None)


async def _tell(
    tx: Tx,
    by: Viewer,
    row: Equipment,
    what: str,
    now: datetime,
    changed: Sequence[str],
    regions: tuple[str, ...] = (),
    before: str | None = None,
) -> EquipmentFact:
    row.changed_by, row.changed_at = by.name, now
    await tx.flush()
    fact = await store.fact(tx, row.id or 0)
    event = EquipmentChanged.model_validate(
        {"type": what, "equipment": fact, "changed": list(changed), "before": before}
    )
    concern = Concern(
        tuple(dict.fromkeys((*regions, fact.region_code))), () if row.team_id is None else (row.team_id,)
    )
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
