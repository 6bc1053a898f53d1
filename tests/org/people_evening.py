"""What can happen to units, people and the call book, brought about once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.duty.break_glass import actions as break_glass
from app.duty.break_glass.facts import OpenIn
from app.duty.departure.actions import depart
from app.org.actions import imports, people, units
from app.org.administration import actions as kept
from app.org.administration.commands import AccountIn, AccountPatch, PasswordIn
from app.org.areas import actions as areas
from app.org.areas.facts import AreaAmendIn, AreaIn
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
from app.org.personal import actions as personal
from app.org.personal.commands import RevealIn
from app.org.phones import actions as phones
from app.org.phones.commands import LinkLoginIn, PhoneLinkIn
from app.org.second_factor import actions as second_factor
from app.org.second_factor.rules import code_at, step_at
from app.org.tokens import actions as tokens
from app.org.tokens.facts import TokenIn
from app.org.walls import actions as walls
from app.org.walls.facts import WallIn
from tests.org.sheet import people_sheet
from tests.world import COUNTY, EAST, EAST_BANK, PASSWORD, RIVER, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def people_evening(world: World, do: Do) -> None:
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
    await _accounts(world, do)
    await _screens(world, do)
    await _areas(world, do)
    await world.run("UPDATE account SET person_id = :id WHERE username = 'second'", id=person.id)
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


async def _accounts(world: World, do: Do) -> None:
    leader, now = world.people["leader"], world.clock.now
    told = AccountIn(
        username="evening", password=PASSWORD, name="夜班", role="township_officer", scope=EAST[:9]
    )
    account = await do(lambda tx: kept.open_account(tx, leader, told, now()))
    await world.run(
        "INSERT INTO login_session (token_hash, account_id, created_at, expires_at) "
        "VALUES ('evening', :id, :now, CAST(:now AS timestamptz) + interval '1 hour')",
        id=account.id,
        now=now(),
    )
    await do(lambda tx: kept.end_logins(tx, leader, account.id, None, now()))
    secret = await do(lambda tx: second_factor.begin(tx, leader, now()))
    code = code_at(secret, step_at(now()))
    paper = await do(lambda tx: second_factor.confirm(tx, leader, code, now()))
    await do(lambda tx: second_factor.remove_own(tx, leader, paper.codes[0], now()))
    await do(lambda tx: kept.set_password(tx, leader, account.id, PasswordIn(password=PASSWORD), now()))
    await do(lambda tx: kept.amend(tx, leader, account.id, AccountPatch(name="夜班员"), now()))
    await do(lambda tx: kept.amend(tx, leader, account.id, AccountPatch(active=False), now()))


async def _areas(world: World, do: Do) -> None:
    lead, now = world.people["lead"], world.clock.now
    told = AreaIn(name="东岸低洼", kind="flood", ring=[(118.2, 28.5), (118.22, 28.5), (118.22, 28.52)])
    area = await do(lambda tx: areas.draw(tx, lead, told, now()))
    west = [(118.1, 28.4), (118.12, 28.4), (118.12, 28.42)]
    anew = AreaAmendIn(**told.model_dump() | {"ring": west}, revision=1)
    await do(lambda tx: areas.amend(tx, lead, area.id, anew, now()))
    await do(lambda tx: areas.delete(tx, lead, area.id, now()))


async def _screens(world: World, do: Do) -> None:
    """A phone is let in by a link and taken out again; so is a wall."""
    lead, now = world.people["lead"], world.clock.now
    made = await do(lambda tx: phones.make_link(tx, lead, 4, PhoneLinkIn(), now()))
    told = LinkLoginIn(token=made.token, key="k" * 43, label="手机")
    await do(lambda tx: phones.log_in(tx, told, "10.0.0.9", now(), timedelta(hours=12)))
    await do(lambda tx: phones.revoke(tx, lead, 4, made.phone.id, "丢失", now()))
    asked = RevealIn(source="/api/people/1", reason="核查")
    record = {"name": "张三", "phones": ["13800000001"]}
    await do(lambda tx: personal.reveal(tx, world.people["auditor"], asked, record, now()))
    place = ("/api/intake", EAST, 3)
    await do(lambda tx: personal.note_reading(tx, world.people["officer"], *place, now()))
    program = TokenIn(name="气象接口", scopes=["see_desk"], scope=EAST[:9])
    token = await do(lambda tx: tokens.make(tx, world.people["leader"], program, now()))
    await do(lambda tx: tokens.revoke(tx, world.people["leader"], token.id, now()))
    code = await do(lambda tx: break_glass.seal(tx, STREAM, now()))
    opened = OpenIn(code=code, name="刘海", reason="验证器全部丢失")
    await break_glass.open_sealed(world.database, STREAM, opened, "10.0.0.9", now(), timedelta(hours=4))
    await do(lambda tx: break_glass.close(tx, world.people["leader"], now()))
    wall = await do(lambda tx: walls.make(tx, lead, WallIn(name="大厅"), now()))
    await do(lambda tx: walls.revoke(tx, lead, wall.id, now()))
