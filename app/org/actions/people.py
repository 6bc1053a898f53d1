"""People: enter, amend, let go, hand everything over to a successor. Nobody is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from app.db import Tx
from app.journal import store as journal
from app.org import accounts
from app.org import store as org
from app.org.commands import PersonIn, PersonPatch, SuccessorIn
from app.org.events import PersonChanged, PersonSucceeded
from app.org.facts import PersonFact
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.rules.numbers import labels_of
from app.org.store import leaders, units
from app.org.store import people as store
from app.org.tables import Person
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal


class PersonKnown(Refusal):
    """Somebody of this name with this telephone is in the register already."""

    code = "person_known"

    def __init__(self, held: PersonFact | None) -> None:
        where = f"({held.unit_name or held.region_path})" if held else ""
        super().__init__(
            f"同名同号的人员已登记{where},请直接修改",
            f"a person of this name and number is registered already{where}: amend that one",
        )


class PersonHasLeft(Refusal):
    """Somebody who left the service cannot be given anything."""

    code = "person_has_left"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}已停用,不能接手", f"{name} has left the service and cannot take over")


async def register(tx: Tx, by: Viewer, told: PersonIn, now: datetime) -> PersonFact:
    """Enter a person. Raises PersonKnown, InvalidInput, NotPermitted (also outside one's scope)."""
    require(by, "manage_people")
    await require_possible(tx, by, told.region_code, told.unit_id)
    values = told.row()
    await _require_unknown(tx, by, values, None)
    row = Person(**values)
    tx.add(row)
    return await _tell(tx, by, row, "person.registered", now)


async def amend(tx: Tx, by: Viewer, person_id: int, told: PersonPatch, now: datetime) -> PersonFact:
    """Change what was named. Raises NotFound, NotPermitted, InvalidInput, PersonKnown."""
    row = await person_for(tx, by, person_id)
    values = told.row()
    changed = differing(row, values)
    if not changed:
        return await _as_it_stands(tx, by, row)
    if {"region_code", "unit_id", "active"} & set(changed):
        unit_id = values.get("unit_id", row.unit_id)
        await require_possible(tx, by, told.region_code or row.region_code, unit_id)
    if {"name_zh", "phones", "active"} & set(changed):
        meant = {"name_zh": row.name_zh, "phones": row.phones, **values}
        await _require_unknown(tx, by, meant, person_id)
    before, called = row.region_code, _called(row)
    for name in changed:
        setattr(row, name, values[name])
    fact = await _tell(tx, by, row, "person.amended", now, changed, (before,))
    if called != _called(row):
        await tell_leaders(tx, by, [person_id], now)
    return fact


async def deactivate(
    tx: Tx, by: Viewer, person_id: int, now: datetime, *, shifts_left: int = 0
) -> PersonFact:
    """Let a person go, and end his logins at once. The roster is looked at before, in `duty/departure`.

    Raises NotFound, NotPermitted.
    """
    row = await person_for(tx, by, person_id)
    if not row.active:
        return await _as_it_stands(tx, by, row)
    row.active = False
    fact = await _tell(tx, by, row, "person.deactivated", now, ["active"], shifts_left=shifts_left)
    await accounts.lock_out(tx, by.stream, person_id, now, actor(by))
    await tell_leaders(tx, by, [person_id], now)
    return fact


async def succeed(tx: Tx, by: Viewer, person_id: int, told: SuccessorIn, now: datetime) -> PersonFact:
    """Give everything that points to a person to another: offices, places, groups, teams. One edit.

    Raises NotFound, NotPermitted, InvalidInput, PersonHasLeft.
    """
    require(by, "manage_people")
    if told.person_id == person_id:
        raise InvalidInput(FieldFault("person_id", "接手的人不能是本人", "a person cannot succeed himself"))
    rows = {
        row.id: row for row in await store.of_numbers(tx, by.stream, (person_id, told.person_id), lock=True)
    }
    old, new = rows.get(person_id), rows.get(told.person_id)
    if old is None or new is None or not (by.covers(old.region_code) and by.covers(new.region_code)):
        raise NotFound("该人员", "person")
    if not new.active:
        raise PersonHasLeft(new.name_zh)
    places = await leaders.places_of(tx, person_id)
    if not all(by.covers(place) for place in places):
        raise NotPermitted
    taken_over = await leaders.hand_over(tx, person_id, told.person_id)
    event = PersonSucceeded(
        type="person.succeeded",
        person_id=person_id,
        person_name=old.name_zh,
        successor_id=told.person_id,
        successor_name=new.name_zh,
        taken_over=taken_over,
    )
    concern = Concern(tuple(dict.fromkeys((old.region_code, new.region_code, *places))))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    await tell_leaders(tx, by, [told.person_id], now)
    return await _as_it_stands(tx, by, new)


async def tell_leaders(tx: Tx, by: Viewer, person_ids: Sequence[int], now: datetime) -> None:
    """Tell the screens that show teams who leads those of these people, and by what number."""
    led = await leaders.led_by(tx, by.stream, person_ids)
    entries = [journal.Entry(event, Concern((region,), (event.team_id,))) for region, event in led]
    if entries:
        await journal.append(tx, by.stream, now, entries, actor(by))


async def person_for(tx: Tx, by: Viewer, person_id: int) -> Person:
    """Return a person whom this viewer may change, locked. Raises NotFound, NotPermitted."""
    require(by, "manage_people")
    row = await store.locked(tx, by.stream, person_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该人员", "person")
    return row


def differing(row: Person, values: Mapping[str, Any]) -> list[str]:
    """Return the names of the columns in which a person differs from what is told, in order."""
    return sorted(name for name, value in values.items() if _kept(row, name) != value)


def _kept(row: Person, name: str) -> object:
    return labels_of(row.phones, row.phone_labels) if name == "phone_labels" else getattr(row, name)


async def require_possible(tx: Tx, by: Viewer, region_code: str, unit_id: int | None) -> None:
    """Raise InvalidInput for a place or unit that is not the county's, NotPermitted outside the scope."""
    faults = []
    if not region_code.startswith(by.stream) or await org.region(tx, region_code) is None:
        faults.append(FieldFault("region_code", "没有这个地区", "no such place"))
    elif not by.covers(region_code):
        raise NotPermitted
    if unit_id is not None:
        unit = await units.kept(tx, by.stream, unit_id)
        if unit is None or not by.covers(unit.region_code):
            faults.append(FieldFault("unit_id", "没有这个单位", "no such unit"))
        elif not unit.active:
            faults.append(FieldFault("unit_id", f"{unit.name_zh}已停用", f"{unit.name_zh} is not in service"))
    if faults:
        raise InvalidInput(*faults)


async def _require_unknown(tx: Tx, by: Viewer, values: Mapping[str, Any], but: int | None) -> None:
    held = await store.same_person(tx, by.stream, values["name_zh"], values["phones"], but)
    if held is not None:
        raise PersonKnown(held if by.covers(held.region_code) else None)


def _called(row: Person) -> tuple[bool, str, list[str]]:
    """Return what screens show of a team's leader."""
    return row.active, row.name_zh, row.phones[:1]


async def _as_it_stands(tx: Tx, by: Viewer, row: Person) -> PersonFact:
    assert row.id is not None
    fact = await store.fact(tx, by.stream, row.id)
    assert fact is not None
    return fact


async def _tell(
    tx: Tx,
    by: Viewer,
    row: Person,
    event_type: Literal["person.registered", "person.amended", "person.deactivated"],
    now: datetime,
    changed: Sequence[str] = (),
    regions: tuple[str, ...] = (),
    shifts_left: int = 0,
) -> PersonFact:
    await tx.flush()
    fact = await _as_it_stands(tx, by, row)
    event = PersonChanged(type=event_type, person=fact, changed=list(changed), shifts_left=shifts_left)
    concern = Concern(tuple(dict.fromkeys((*regions, row.region_code))))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
