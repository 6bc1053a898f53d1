"""The radio log: who talked, for whom, how long; a lost end does not swallow the next over."""

from __future__ import annotations

from typing import Any

import pytest

from app.devices.radio_log import store
from app.devices.radio_log.actions import hear_talk
from app.signals import Talk
from tests.world import COUNTY, STREAM, World

pytestmark = pytest.mark.database
VIA = "hytera:10.1.1.1"


async def hear(world: World, stage: Any, talker: str = "370101", target: str = "101") -> None:
    talk = Talk("slot1", stage, talker, target)
    await world.do(lambda tx: hear_talk(tx, STREAM, VIA, talk, world.clock.now()))


async def log(world: World, scope: str = STREAM) -> list[tuple[str, float | None, bool]]:
    later = world.clock.now().replace(year=2030)
    rows = await world.do(lambda tx: store.latest(tx, STREAM, scope, later, 10))
    return [
        (row.talker, (row.ended_at - row.started_at).total_seconds() if row.ended_at else None, row.cut)
        for row in rows
    ]


async def test_an_over_is_kept_with_its_length_and_a_repeated_start_changes_nothing(world: World) -> None:
    await hear(world, "start")
    world.later(seconds=3)
    await hear(world, "start")
    world.later(seconds=4)
    await hear(world, "end")
    await hear(world, "end")
    assert await log(world) == [("370101", 7.0, False)]


async def test_an_over_whose_end_was_lost_is_closed_as_cut_by_the_next_one(world: World) -> None:
    await hear(world, "start")
    world.later(seconds=9)
    await hear(world, "start", talker="370102")
    assert await log(world) == [("370102", None, False), ("370101", 9.0, True)]


async def test_a_stranger_on_the_air_is_the_countys_business_and_not_a_townships(world: World) -> None:
    await hear(world, "start", talker="999999")
    assert len(await log(world)) == 1
    assert len(await log(world, COUNTY[:6] + "100")) == 0
