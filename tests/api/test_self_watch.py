"""A part of the house that stays ill is told to the leaders on duty: once a day, on their phones."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.api.house import House
from app.self_watch import NobodyToTell, SelfWatch
from tests.api.desk import settings_of
from tests.api.test_sign_of_life import Part
from tests.reporting.seats import ON_LEAD, seat_people
from tests.world import World

pytestmark = pytest.mark.database


def watch(world: World, folder: Path, parts: dict[str, Part]) -> SelfWatch:
    house = House(settings_of(world.database, folder), world.database, world.clock)
    house.parts.update(parts)
    return SelfWatch(house, world.database)


async def told(world: World) -> list[tuple[str, str, str]]:
    rows = await world.rows(
        "SELECT p.name_zh AS name, n.step, n.text "
        "FROM notice n JOIN person p ON p.id = n.person_id ORDER BY n.id"
    )
    return [(row["name"], row["step"], row["text"]) for row in rows]


async def test_what_is_ill_for_three_minutes_reaches_the_leaders_phone_once(
    world: World, tmp_path: Path
) -> None:
    await seat_people(world)
    sender, positions = Part(ok=False), Part(ok=True)
    watching = watch(world, tmp_path, {"sender": sender, "positions": positions})

    async def pass_minutes(count: int) -> None:
        for _ in range(count):
            world.later(minutes=1)
            await watching.look()

    await watching.look()
    await pass_minutes(2)
    sender.ok = True
    await pass_minutes(1)  # well again: the clock begins anew
    sender.ok = False
    await pass_minutes(3)
    assert await told(world) == []
    await pass_minutes(1)
    ((name, step, text),) = await told(world)
    assert (name, step) == (ON_LEAD, "sms")  # he is not logged in: at once
    assert "值守系统自身异常:sender 超过3分钟" in text
    await pass_minutes(60)
    await watch(world, tmp_path, {"sender": sender}).look()
    assert len(await told(world)) == 1
    positions.ok = False
    await pass_minutes(10)
    second = (await told(world))[1:]
    assert len(second) == 1 and "positions、sender" in second[0][2]


async def test_where_nobody_is_on_duty_the_watch_itself_is_not_well(world: World, tmp_path: Path) -> None:
    watching = watch(world, tmp_path, {"sender": Part(ok=False)})
    await watching.look()
    world.later(minutes=3)
    with pytest.raises(NobodyToTell, match="sender"):
        await watching.look()
