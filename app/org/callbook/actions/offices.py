"""Offices and who answers for a place: enter, fill, order, end. A changed leader is one edit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.journal import store as journal
from app.org import store as org
from app.org.callbook.commands import HolderIn, OfficeIn, ResponsibilityIn, ResponsibilityPatch
from app.org.callbook.events import OfficeChanged, ResponsibilityChanged
from app.org.callbook.facts import OfficeFact, ResponsibilityFact
from app.org.callbook.store import groups
from app.org.callbook.store import offices as store
from app.org.callbook.tables import Office, Responsibility
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal


class OfficeTaken(Refusal):
    """A village has one head, one contact A and one contact B."""

    code = "office_taken"

    def __init__(self) -> None:
        super().__init__(
            "该村(社区)已设此职务,请直接更换任职人", "the village has this office already: change its holder"
        )


class OfficeInUse(Refusal):
    """Places or groups still point to the office."""

    code = "office_in_use"

    def __init__(self, uses: int) -> None:
        super().__init__(
            f"还有 {uses} 处包干责任或名单指向该职务,请先改掉",
            f"{uses} responsibilities or groups still point to this office: change them first",
        )


class AlreadyResponsible(Refusal):
    """The person or office answers for the place already."""

    code = "already_responsible"

    def __init__(self) -> None:
        super().__init__("该人员(职务)已负责此处", "this person or office answers for the place already")


async def register(tx: Tx, by: Viewer, told: OfficeIn, now: datetime) -> OfficeFact:
    """Enter an office. Raises OfficeTaken, InvalidInput, NotPermitted."""
    require(by, "manage_people")
    await require_place(tx, by, told.region_code)
    await require_known(tx, by, person_id=told.person_id)
    row = Office(stream=by.stream, **told.model_dump())
    tx.add(row)
    await _flush(tx, "one_office_of_a_kind_in_a_village", OfficeTaken())
    return await _tell_office(tx, by, row, "office.registered", now)


async def fill(tx: Tx, by: Viewer, office_id: int, told: HolderIn, now: datetime) -> OfficeFact:
    """Give an office another holder: all that points to it follows. Raises NotFound, InvalidInput."""
    row = await _office_for(tx, by, office_id)
    await require_known(tx, by, person_id=told.person_id)
    if row.person_id == told.person_id:
        return await store.office(tx, by.stream, office_id)
    row.person_id = told.person_id
    return await _tell_office(tx, by, row, "office.filled", now)


async def abolish(tx: Tx, by: Viewer, office_id: int, now: datetime) -> None:
    """Take an office away that nothing points to. Raises NotFound, OfficeInUse."""
    row = await _office_for(tx, by, office_id)
    if uses := await store.uses_of_office(tx, office_id):
        raise OfficeInUse(uses)
    fact = await store.office(tx, by.stream, office_id)
    await tx.delete(row)
    await tx.flush()
    event = OfficeChanged(type="office.abolished", office=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((fact.region_code,)))], actor(by))


async def assign(tx: Tx, by: Viewer, told: ResponsibilityIn, now: datetime) -> ResponsibilityFact:
    """Let a person or an office answer for a place. Raises AlreadyResponsible, InvalidInput."""
    require(by, "manage_people")
    await require_place(tx, by, told.region_code)
    await require_known(tx, by, person_id=told.person_id, office_id=told.office_id)
    row = Responsibility(stream=by.stream, **told.model_dump())
    tx.add(row)
    await _flush(tx, "responsibility_once", AlreadyResponsible())
    return await _tell_duty(tx, by, row, "responsibility.assigned", now)


async def reassign(
    tx: Tx, by: Viewer, duty_id: int, told: ResponsibilityPatch, now: datetime
) -> ResponsibilityFact:
    """Change who answers, or in which order. Raises NotFound, AlreadyResponsible, InvalidInput."""
    row = await _duty_for(tx, by, duty_id)
    if told.person_id is not None or told.office_id is not None:
        await require_known(tx, by, person_id=told.person_id, office_id=told.office_id)
        row.person_id, row.office_id = told.person_id, told.office_id
    if told.ordinal is not None:
        row.ordinal = told.ordinal
    await _flush(tx, "responsibility_once", AlreadyResponsible())
    return await _tell_duty(tx, by, row, "responsibility.amended", now)


async def end(tx: Tx, by: Viewer, duty_id: int, now: datetime) -> None:
    """Let nobody answer for the place by this entry any more. Raises NotFound."""
    row = await _duty_for(tx, by, duty_id)
    fact = await store.responsibility(tx, by.stream, duty_id)
    await tx.delete(row)
    await tx.flush()
    event = ResponsibilityChanged(type="responsibility.ended", responsibility=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((fact.region_code,)))], actor(by))


async def require_place(tx: Tx, by: Viewer, region_code: str) -> None:
    """Raise InvalidInput for a place that is not the county's, NotPermitted for one outside the scope."""
    if not region_code.startswith(by.stream) or await org.region(tx, region_code) is None:
        raise InvalidInput(FieldFault("region_code", "没有这个地区", "no such place"))
    if not by.covers(region_code):
        raise NotPermitted


async def require_known(
    tx: Tx, by: Viewer, *, person_id: int | None = None, office_id: int | None = None
) -> None:
    """Raise InvalidInput for a person not in service or an office that is not there."""
    persons = [person_id] if person_id is not None else []
    offices = [office_id] if office_id is not None else []
    if missing := await groups.unknown(tx, by.stream, [], persons, offices):
        raise InvalidInput(*(missing_fault(what, what) for what, _ in missing))


def missing_fault(name: str, what: str) -> FieldFault:
    """Return the sentence for a unit, person or office that is not there or not in service."""
    zh, en = {
        "unit_id": ("没有这个单位,或已停用", "no such unit in service"),
        "person_id": ("没有这个人员,或已停用", "no such person in service"),
        "office_id": ("没有这个职务", "no such office"),
    }[what]
    return FieldFault(name, zh, en)


async def _office_for(tx: Tx, by: Viewer, office_id: int) -> Office:
    require(by, "manage_people")
    row = await store.locked_office(tx, by.stream, office_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该职务", "office")
    return row


async def _duty_for(tx: Tx, by: Viewer, duty_id: int) -> Responsibility:
    require(by, "manage_people")
    row = await store.locked_responsibility(tx, by.stream, duty_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该包干责任", "responsibility")
    return row


async def _flush(tx: Tx, constraint: str, refusal: Refusal) -> None:
    try:
        await tx.flush()
    except IntegrityError as error:
        if constraint in str(error):
            raise refusal from error
        raise


async def _tell_office(
    tx: Tx, by: Viewer, row: Office, event_type: Literal["office.registered", "office.filled"], now: datetime
) -> OfficeFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.office(tx, by.stream, row.id)
    event = OfficeChanged(type=event_type, office=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((fact.region_code,)))], actor(by))
    return fact


async def _tell_duty(
    tx: Tx,
    by: Viewer,
    row: Responsibility,
    event_type: Literal["responsibility.assigned", "responsibility.amended"],
    now: datetime,
) -> ResponsibilityFact:
    assert row.id is not None
    fact = await store.responsibility(tx, by.stream, row.id)
    event = ResponsibilityChanged(type=event_type, responsibility=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((fact.region_code,)))], actor(by))
    return fact
