"""Units: enter, amend, deactivate; what a kind of unit is called and needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from app.db import Tx
from app.journal import store as journal
from app.org import store as org
from app.org.commands import UnitIn, UnitKindIn, UnitPatch
from app.org.events import UnitChanged, UnitKindSet
from app.org.facts import UnitFact, UnitKindFact
from app.org.rules.access import Concern, Viewer, actor, require, require_for_county
from app.org.rules.superiors import circle
from app.org.store import units as store
from app.org.tables import OrgUnit, UnitKind
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal

NAMED = 5
_SUPERIORS = ("parent_id", "business_parent_id")


class CircleOfUnits(Refusal):
    """A unit would stand above itself."""

    code = "circle_of_units"

    def __init__(self, names: Sequence[str]) -> None:
        way = " → ".join((*names, names[0]))
        super().__init__(
            f"上级关系成环:{way},请另选上级单位",
            f"these superiors make a circle: {way}; choose another superior",
        )


class UnitInUse(Refusal):
    """Units below it or people in it are still in service."""

    code = "unit_in_use"

    def __init__(self, below: Sequence[str], people: Sequence[str]) -> None:
        zh, en = [], []
        if below:
            zh.append(f"{len(below)} 个下级单位({'、'.join(below[:NAMED])})")
            en.append(f"{len(below)} units below it ({', '.join(below[:NAMED])})")
        if people:
            zh.append(f"{len(people)} 名在岗人员({'、'.join(people[:NAMED])})")
            en.append(f"{len(people)} people ({', '.join(people[:NAMED])})")
        super().__init__(
            f"该单位还有{'和'.join(zh)},请先调到别处",
            f"the unit still has {' and '.join(en)}: move them first",
        )


async def register(tx: Tx, by: Viewer, told: UnitIn, now: datetime) -> UnitFact:
    """Enter a unit. Raises InvalidInput, NotPermitted (also outside one's scope)."""
    require(by, "manage_people")
    superiors = {"parent_id": told.parent_id, "business_parent_id": told.business_parent_id}
    await _require_possible(tx, by, told.kind, told.region_code, superiors, superiors)
    row = OrgUnit(**told.model_dump())
    tx.add(row)
    await tx.flush()
    return await _tell(tx, by, row, "unit.registered", now)


async def amend(tx: Tx, by: Viewer, unit_id: int, told: UnitPatch, now: datetime) -> UnitFact:
    """Change what was named. Raises NotFound, NotPermitted, InvalidInput, CircleOfUnits."""
    values = told.told()
    moved = {name: values[name] for name in _SUPERIORS if name in values}
    # All units in one order before the one: two who move units under each other take turns.
    everybody = await store.superiors(tx, by.stream) if moved else {}
    row = await _unit_for(tx, by, unit_id)
    before = row.region_code
    after = {name: values.get(name, getattr(row, name)) for name in _SUPERIORS}
    await _require_possible(tx, by, told.kind, told.region_code or before, moved, after)
    if moved:
        above = tuple(each for each in after.values() if isinstance(each, int))
        if found := circle({**everybody, unit_id: above}, unit_id):
            raise CircleOfUnits([await store.name_of(tx, each) for each in found])
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return await store.fact(tx, unit_id)
    for name in changed:
        setattr(row, name, values[name])
    return await _tell(tx, by, row, "unit.amended", now, changed, (before,))


async def deactivate(tx: Tx, by: Viewer, unit_id: int, now: datetime) -> UnitFact:
    """Take a unit out of service. Raises NotFound, NotPermitted, UnitInUse."""
    row = await _unit_for(tx, by, unit_id)
    if not row.active:
        return await store.fact(tx, unit_id)
    below, people = await store.dependants(tx, unit_id)
    if below or people:
        raise UnitInUse(below, people)
    row.active = False
    return await _tell(tx, by, row, "unit.deactivated", now, ["active"])


async def set_kind(tx: Tx, by: Viewer, code: str, told: UnitKindIn, now: datetime) -> UnitKindFact:
    """Say what a kind of unit is called and how many posts it needs; only for the whole county."""
    require_for_county(by, "manage_people")
    row = await store.kind(tx, code) or UnitKind(code=code, **told.model_dump())
    for name, value in told.model_dump().items():
        setattr(row, name, value)
    tx.add(row)
    await tx.flush()
    fact = UnitKindFact.model_validate(row)
    event = UnitKindSet(type="unit.kind_set", kind=fact)
    county = Concern((by.stream.ljust(12, "0"),))
    await journal.append(tx, by.stream, now, [journal.Entry(event, county)], actor(by))
    return fact


async def _unit_for(tx: Tx, by: Viewer, unit_id: int) -> OrgUnit:
    require(by, "manage_people")
    row = await store.locked(tx, by.stream, unit_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该单位", "unit")
    return row


async def _require_possible(
    tx: Tx,
    by: Viewer,
    kind: str | None,
    region_code: str,
    moved: Mapping[str, object],
    superiors: Mapping[str, object],
) -> None:
    """Raise InvalidInput for a kind, place or superior that is not there, NotPermitted outside the scope."""
    faults = []
    if kind is not None and await store.kind(tx, kind) is None:
        faults.append(FieldFault("kind", "没有这类单位", "no such kind of unit"))
    if not region_code.startswith(by.stream) or await org.region(tx, region_code) is None:
        faults.append(FieldFault("region_code", "没有这个地区", "no such place"))
    elif not by.covers(region_code):
        raise NotPermitted
    for name, unit_id in moved.items():
        above = await store.kept(tx, by.stream, unit_id) if isinstance(unit_id, int) else None
        if unit_id is not None and (above is None or not above.active):
            faults.append(FieldFault(name, "没有这个上级单位", "no such superior"))
    parent, business = (superiors[name] for name in _SUPERIORS)
    if parent is not None and parent == business:
        faults.append(
            FieldFault("business_parent_id", "两个上级不能是同一单位", "the two superiors are the same unit")
        )
    if faults:
        raise InvalidInput(*faults)


async def _tell(
    tx: Tx,
    by: Viewer,
    row: OrgUnit,
    event_type: Literal["unit.registered", "unit.amended", "unit.deactivated"],
    now: datetime,
    changed: Sequence[str] = (),
    regions: tuple[str, ...] = (),
) -> UnitFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id)
    event = UnitChanged(type=event_type, unit=fact, changed=list(changed))
    concern = Concern(tuple(dict.fromkeys((*regions, row.region_code))))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
