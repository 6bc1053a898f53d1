"""An evening on which everything happens that can happen to rosters and the people in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.duty.departure.actions import depart
from app.duty.leave import actions as leave
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.roster.actions import changes, publish
from app.duty.roster.commands import DraftIn, OverrideIn, PublishIn, TemporaryIn
from app.org.actions import imports, people, units
from app.org.callbook.actions import groups, offices
from app.org.callbook.commands import (
    GroupIn,
    GroupMemberIn,
    HolderIn,
    OfficeIn,
    ResponsibilityIn,
    ResponsibilityPatch,
    TeamMemberIn,
    TeamMembersIn,
)
from app.org.commands import (
    DepartureIn,
    PersonIn,
    PersonPatch,
    PhoneIn,
    SuccessorIn,
    UnitIn,
    UnitKindIn,
    UnitPatch,
)
from tests.duty.county import CENTRE, INTAKE, JULY, LEADER, full_day, moment, settle_in
from tests.org.sheet import people_sheet
from tests.world import COUNTY, EAST, EAST_BANK, RIVER, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def duty_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of duty; `do` runs an action and checks what it checks."""
    await world.do(settle_in)
    await _rosters(world, do)
    await _leave(world, do)
    await _units_and_people(world, do)


async def _rosters(world: World, do: Do) -> None:
    lead, now = world.people["lead"], world.clock.now
    draft = DraftIn(version=0, cells=full_day(1, 100))
    await do(lambda tx: publish.save_draft(tx, lead, CENTRE, JULY, draft, now(), ZONE))
    told = PublishIn(version=1, accepting=["COVERAGE_GAP"])
    await do(lambda tx: publish.publish(tx, lead, CENTRE, JULY, told, now(), ZONE))
    start, end = moment("07-01 10:00"), moment("07-01 12:00")
    other = OverrideIn(seat_id=LEADER, add_person_id=120, starts_at=start, ends_at=end, reason="加班")
    made = await do(lambda tx: changes.override(tx, lead, CENTRE, other, now(), ZONE))
    await do(lambda tx: changes.revoke_override(tx, lead, CENTRE, made.id, now(), ZONE))
    only = TemporaryIn(seat_id=INTAKE, starts_at=start, ends_at=end, shifts=[], reason="停电")
    held = await do(lambda tx: changes.set_temporary(tx, lead, CENTRE, only, now(), ZONE))
    await do(lambda tx: changes.revoke_temporary(tx, lead, CENTRE, held.id, now(), ZONE))


async def _leave(world: World, do: Do) -> None:
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now
    for days, approved in ((1, True), (3, False)):
        start = now() + timedelta(days=days)
        told = LeaveIn(person_id=130, kind="annual", starts_at=start, ends_at=start + timedelta(days=1))
        asked = await do(lambda tx, told=told: leave.ask(tx, lead, told, now()))  # type: ignore[misc]
        word = DecisionIn(approved=approved)
        await do(lambda tx, id_=asked.id, word=word: leave.decide(tx, leader, id_, word, now()))  # type: ignore[misc]
        if approved:
            await do(lambda tx, id_=asked.id: leave.withdraw(tx, lead, id_, now()))  # type: ignore[misc]


async def _units_and_people(world: World, do: Do) -> None:
    lead, now = world.people["lead"], world.clock.now
    kind = UnitKindIn(name_zh="救护站", name_en="Ambulance station")
    await do(lambda tx: units.set_kind(tx, lead, "ambulance", kind, now()))
    told = UnitIn(kind="ambulance", name_zh="急救站", region_code=EAST, parent_id=1)
    unit = await do(lambda tx: units.register(tx, lead, told, now()))
    await do(lambda tx: units.amend(tx, lead, unit.id, UnitPatch(name_zh="东镇急救站"), now()))
    await do(lambda tx: units.deactivate(tx, lead, unit.id, now()))
    new = PersonIn(name="邹新", region_code=EAST, phones=[PhoneIn(number="13800000099")])
    person = await do(lambda tx: people.register(tx, lead, new, now()))
    await do(lambda tx: people.amend(tx, lead, 1, PersonPatch(phones=[PhoneIn(number="13800000090")]), now()))
    await do(lambda tx: people.succeed(tx, lead, 1, SuccessorIn(person_id=person.id), now()))
    sheet = people_sheet(["邹从", EAST, "13800000098"], headers=["姓名", "地区", "电话"])
    await do(lambda tx: imports.import_sheet(tx, lead, sheet, now(), apply=True))
    await _call_book(world, do, person.id)
    await do(lambda tx: depart(tx, lead, person.id, DepartureIn(), now(), ZONE))


async def _call_book(world: World, do: Do, person_id: int) -> None:
    lead, now = world.people["lead"], world.clock.now
    held = OfficeIn(kind="contact_a", title="A角", region_code=EAST_BANK, person_id=5)
    office = await do(lambda tx: offices.register(tx, lead, held, now()))
    await do(lambda tx: offices.fill(tx, lead, office.id, HolderIn(person_id=person_id), now()))
    dam = ResponsibilityIn(kind="contact", region_code=EAST_BANK, point="水库", office_id=office.id)
    duty = await do(lambda tx: offices.assign(tx, lead, dam, now()))
    await do(lambda tx: offices.reassign(tx, lead, duty.id, ResponsibilityPatch(ordinal=2), now()))
    await do(lambda tx: offices.end(tx, lead, duty.id, now()))
    group = GroupIn(name_zh="防指成员", region_code=COUNTY, members=[GroupMemberIn(unit_id=1)])
    made = await do(lambda tx: groups.make(tx, lead, group, now()))
    await do(lambda tx: groups.amend(tx, lead, made.id, group, now()))
    await do(lambda tx: groups.delete(tx, lead, made.id, now()))
    await do(lambda tx: offices.abolish(tx, lead, office.id, now()))
    crew = TeamMembersIn(members=[TeamMemberIn(person_id=2, role="leader"), TeamMemberIn(person_id=5)])
    await do(lambda tx: groups.set_team(tx, lead, RIVER, crew, now()))
