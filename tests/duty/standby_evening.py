"""Everything that can happen to readiness and standby, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

from app.db import Tx
from app.duty.county_days import actions as county_days
from app.duty.county_days.commands import CountyDayIn
from app.duty.declared import actions as declared
from app.duty.declared.commands import DeclaredPeriodIn
from app.duty.roster.rules.calendar import KeyPeriodRule
from app.duty.standby.actions import alert, lists, returns, sheets
from app.duty.standby.commands import (
    AcceptIn,
    AddedIn,
    ApprovalIn,
    ExemptionIn,
    HeadCountIn,
    ListIn,
    NamedIn,
    ReturnIn,
)
from app.duty.standby.rules.required import Need, Policy, ReadinessRule
from app.duty.standby.rules.rulebook import Rulebook
from tests.duty.county import moment
from tests.world import EAST, RIVER, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
TODAY = date(2025, 6, 18)
_TEAMS = ReadinessRule("A", "rescue", "team", frozenset({"all"}), Need(), Need(Decimal(1)))
_NAMES = ReadinessRule(
    "B", "rescue", "township", frozenset({"all"}), Need(), Need(least=2), frozenset({"township"})
)
_ALWAYS = KeyPeriodRule("all", "annual", "全年", "all year")
# Every day is a key day and every return due at midnight.
BOOK = Rulebook(Policy((_TEAMS, _NAMES), time(0, 0), Decimal("100.00")), (_ALWAYS,), ZONE)


async def standby_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of readiness and standby."""
    await do(lambda tx: alert.watch(tx, STREAM, BOOK, world.clock.now()))
    await _declared(world, do)
    await _brigade(world, do)
    await _township(world, do)


async def _declared(world: World, do: Do) -> None:
    leader, now = world.people["leader"], world.clock.now()
    told = DeclaredPeriodIn(kind="response", level=3, first=TODAY, reason="暴雨")
    made = await do(lambda tx: declared.declare(tx, leader, told, now, TODAY))
    await do(lambda tx: declared.end(tx, leader, made.id, now, TODAY))
    own = CountyDayIn(kind="statutory_holiday", name_zh="建县节", reason="县政府通知")
    await do(lambda tx: county_days.settle(tx, leader, TODAY, own, now))
    await do(lambda tx: county_days.clear(tx, leader, TODAY, now))


async def _brigade(world: World, do: Do) -> None:
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now()
    for told in (ReturnIn(on_post=12), ReturnIn(on_post=10, sick=2)):
        await do(lambda tx, told=told: returns.make_return(tx, lead, RIVER, TODAY, told, now, BOOK))  # type: ignore[misc]
    few = ExemptionIn(team_id=RIVER, floor=10, until=TODAY, reason="流感")
    granted = await do(lambda tx: returns.exempt(tx, leader, few, now, BOOK))
    await do(lambda tx: returns.revoke(tx, leader, granted.id, now, BOOK))


async def _township(world: World, do: Do) -> None:
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now()
    first = ListIn(version=0, persons=[NamedIn(name="甲", phone="13100000001")])
    await do(lambda tx: lists.enter(tx, lead, EAST, TODAY, first, now, BOOK))
    second = AddedIn(name="乙", phone="13100000002")
    await do(lambda tx: lists.add(tx, lead, EAST, TODAY, second, now, BOOK))
    held = await do(lambda tx: lists.accept(tx, leader, EAST, TODAY, AcceptIn(version=2), now, BOOK))
    absent = [held.persons[1].id]
    for told in (HeadCountIn(counted=2), HeadCountIn(counted=1, absent=absent, reason="不在")):
        await do(lambda tx, told=told: lists.count(tx, lead, EAST, TODAY, told, now, BOOK))  # type: ignore[misc]
    sum_ = ApprovalIn(person_days=1, yuan=Decimal(100))
    end, june = moment("06-30 18:00"), TODAY.replace(day=1)
    await do(lambda tx: sheets.approve(tx, leader, june, EAST, sum_, end, BOOK))
