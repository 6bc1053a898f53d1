"""Everything that can happen to shelters and evacuations, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from app.db import Tx
from app.shelters.actions import evacuations, imports, shelters, ticks
from app.shelters.commands import (
    EvacuationEndIn,
    EvacuationIn,
    EvacuationRefusalIn,
    EvacueeCorrectionIn,
    EvacueeIn,
    EvacueeReturnIn,
    EvacueeTickIn,
    ShelterCloseIn,
    ShelterCountIn,
    ShelterIn,
    ShelterOpenIn,
    ShelterPatch,
    VillageShelterIn,
)
from app.shelters.store import evacuations as lists
from tests.shelters.refuges import SCHOOL, build, sheet_of
from tests.world import EAST, EAST_BANK, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def shelter_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of shelters and evacuations."""
    await world.do(build)
    by, now = world.people["east"], world.clock.now()
    told = ShelterIn(level="township", grade="township", name_zh="东镇二中", region_code=EAST, capacity=20)
    await do(lambda tx: shelters.register(tx, by, told, now))
    patch = ShelterPatch(version=1, capacity=100, opener="李四")
    await do(lambda tx: shelters.amend(tx, by, SCHOOL, patch, now))
    goal = VillageShelterIn(shelter_id=SCHOOL)
    await do(lambda tx: shelters.assign_village(tx, by, EAST_BANK, goal, now))
    opening = ShelterOpenIn(reason="汛情", heads=3)
    await do(lambda tx: shelters.open_up(tx, by, SCHOOL, opening, now, None))
    sheet = sheet_of(
        ("东岸村", None, "张三", "张三", None, None), ("东岸村", None, "张三", "张小", None, "婴儿")
    )
    await do(lambda tx: imports.import_sheet(tx, by, sheet, now, apply=True))
    for heads in (95, 0):
        count = ShelterCountIn(heads=heads)
        await do(lambda tx, count=count: shelters.count(tx, by, SCHOOL, count, now))  # type: ignore[misc]
    await _move(world, do)
    away = ShelterCountIn(heads=0)
    await do(lambda tx: shelters.count(tx, by, SCHOOL, away, now))
    await do(lambda tx: shelters.close(tx, by, SCHOOL, ShelterCloseIn(reason="汛情解除"), now))


async def _move(world: World, do: Do) -> None:
    by, now = world.people["east"], world.clock.now()
    order = EvacuationIn(villages=[EAST_BANK], reason="堤坝险情")
    made = await do(lambda tx: evacuations.order(tx, by, order, now, None))
    number = made.evacuation.id
    guest = EvacueeIn(village_code=EAST_BANK, household="客人", name="王五")
    await do(lambda tx: evacuations.add(tx, by, number, guest, now))
    ids = [one.id for one in await world.do(lambda tx: lists.people(tx, number, by.scope))]
    refusal = EvacuationRefusalIn(people=ids[:1], reason="看家", witness="村主任")
    await do(lambda tx: ticks.refuse(tx, by, number, refusal, now))
    wrong = EvacueeCorrectionIn(people=ids[:1], reason="误登")
    await do(lambda tx: ticks.correct(tx, by, number, wrong, now))
    tick = EvacueeTickIn(people=ids, shelter_id=SCHOOL)
    await do(lambda tx: ticks.tick(tx, by, number, tick, now))
    lost, home = EvacueeReturnIn(people=ids[:1], back="missing"), EvacueeReturnIn(people=ids[1:])
    for back in (lost, home):
        await do(lambda tx, back=back: ticks.bring_back(tx, by, number, back, now))  # type: ignore[misc]
    await do(lambda tx: evacuations.end(tx, by, number, EvacuationEndIn(reason="险情解除"), now))
