"""The watch on a real database: one alarm a trouble, told once by however many nodes; silence ends itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.devices.watch.watcher import Watcher
from app.dispatch.actions import alarms, intake
from app.org import store as org
from app.signals import Distress, Trouble
from tests.world import RIVER, STREAM, TRUCK, World

pytestmark = pytest.mark.database


def watcher(world: World) -> Watcher:
    return Watcher(world.database, world.clock, STREAM)


async def as_gateway(world: World, device_id: int = 1) -> None:
    """Let the truck's device be a gateway that was heard just now."""
    await world.run("UPDATE device SET kind = 'gateway' WHERE id = :id", id=device_id)
    await hear(world, device_id)


async def hear(world: World, device_id: int = 1) -> None:
    await world.do(lambda tx: org.touch_devices(tx, {device_id: "x"}, world.clock.now()))


async def health(world: World, pct: float, device_id: int = 2) -> None:
    await hear(world, device_id)
    told = {device_id: {"battery_pct": pct}}
    await world.do(lambda tx: org.note_health(tx, told, world.clock.now()))


async def standing(world: World) -> list[dict[str, Any]]:
    return await world.rows(
        "SELECT kind, state, count, settled_by, dismiss_reason AS why FROM alarm ORDER BY id"
    )


async def test_a_lost_gateway_is_one_alarm_that_settles_itself_when_it_is_heard_again(world: World) -> None:
    await as_gateway(world)
    one = watcher(world)
    assert await one.look() == 0
    world.later(minutes=4)
    assert [await one.look() for _ in range(3)] == [1, 0, 0]
    assert [(a["kind"], a["state"], a["count"]) for a in await standing(world)] == [("silent", "open", 1)]
    await hear(world)
    assert await one.look() == 1
    (alarm,) = await standing(world)
    assert (alarm["state"], alarm["settled_by"]) == ("dismissed", "系统")
    assert alarm["why"] == "已恢复联系 / heard again"
    events = await world.events()
    assert [e["type"] for e in events] == ["alarm.raised", "alarm.dismissed"]
    assert events[-1]["actor"] is None
    world.later(minutes=4)
    assert await one.look() == 1  # lost again: a new alarm
    assert [a["state"] for a in await standing(world)] == ["dismissed", "open"]


async def test_what_a_person_judged_stays_as_it_was_judged(world: World) -> None:
    await as_gateway(world)
    world.later(minutes=4)
    one = watcher(world)
    await one.look()
    by = world.people["officer"]
    await world.do(lambda tx: alarms.dismiss(tx, by, 1, "检修", world.clock.now()))
    assert await one.look() == 0  # known and dealt with: not told again while it lasts
    await hear(world)
    await one.look()
    (alarm,) = await standing(world)
    assert (alarm["settled_by"], alarm["why"]) == ("值班员甲", "检修")


async def test_a_call_for_help_is_never_settled_by_itself(world: World) -> None:
    await as_gateway(world)
    device = await world.device(TRUCK)
    await world.do(lambda tx: intake.hear_distress(tx, device, Distress("s"), b"", world.clock.now()))
    world.later(minutes=4)
    one = watcher(world)
    await one.look()
    await hear(world)
    await one.look()
    assert [(a["kind"], a["state"]) for a in await standing(world)] == [
        ("sos", "open"),
        ("silent", "dismissed"),
    ]


async def test_a_battery_is_told_once_and_again_only_after_it_was_charged(world: World) -> None:
    await world.run("UPDATE device SET kind = 'beidou_terminal' WHERE id = 2")
    one = watcher(world)
    for pct, told in ((55, 0), (20, 1), (18, 0), (22, 0), (15, 0), (90, 1), (19, 1)):
        await health(world, pct)
        assert await one.look() == told, pct
        world.later(minutes=5)
    rows = await standing(world)
    assert [(a["kind"], a["state"], a["count"]) for a in rows] == [("low_battery", "open", 2)]


async def test_what_the_device_tells_itself_and_what_the_watch_sees_is_one_alarm(world: World) -> None:
    await world.run("UPDATE device SET kind = 'beidou_terminal' WHERE id = 2")
    await health(world, 10)
    device = await world.do(lambda tx: org.device_by_id(tx, STREAM, 2))
    assert device is not None
    told = Trouble("low_battery", "its own")
    await world.do(lambda tx: intake.hear_trouble(tx, device, told, b"", world.clock.now()))
    await watcher(world).look()
    assert [(a["kind"], a["count"]) for a in await standing(world)] == [("low_battery", 2)]


async def test_a_vehicle_falls_silent_only_while_its_team_is_out(world: World) -> None:
    await world.run("UPDATE device SET kind = 'vehicle_terminal' WHERE id = 1")
    await hear(world)
    one = watcher(world)
    world.later(minutes=11)
    assert await one.look() == 0
    await hear(world)
    await world.send(RIVER)
    world.later(minutes=11)
    assert await one.look() == 1
    assert [a["kind"] for a in await standing(world)] == ["silent"]


async def test_a_device_that_leaves_its_fence_is_told(world: World) -> None:
    await world.run("UPDATE device SET facts = '{\"fence\": true}' WHERE id = 1")
    await hear(world)
    await world.run(
        "INSERT INTO position (device_id, stream, region_code, lon, lat, true_at, heard_at) "
        "VALUES (1, '990181', '990181100000', 118.5, 28.51, :now, :now)",
        now=world.clock.now(),
    )
    one = watcher(world)
    assert await one.look() == 1
    await world.run("UPDATE position SET lon = 118.22 WHERE device_id = 1")
    assert await one.look() == 1
    (alarm,) = await standing(world)
    assert (alarm["kind"], alarm["state"]) == ("left_area", "open")  # where it was is for a person to ask


async def test_two_nodes_tell_one_trouble_once(world: World) -> None:
    await as_gateway(world)
    world.later(minutes=4)
    told = await asyncio.gather(*(watcher(world).look() for _ in range(3)))
    assert sum(told) == 1
    assert [(a["kind"], a["count"]) for a in await standing(world)] == [("silent", 1)]


async def test_a_device_that_is_switched_off_is_in_no_trouble(world: World) -> None:
    await as_gateway(world)
    world.later(minutes=4)
    one = watcher(world)
    await one.look()
    await world.run("UPDATE device SET active = false WHERE id = 1")
    assert [await one.look(), await one.look()] == [1, 0]
    (alarm,) = await standing(world)
    assert (alarm["state"], alarm["why"]) == ("dismissed", "设备已停用 / device switched off")


async def test_one_trouble_that_cannot_be_told_spoils_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await as_gateway(world, 1)
    await as_gateway(world, 3)
    world.later(minutes=4)
    hear_trouble = intake.hear_trouble

    async def broken(tx: Any, device: Any, *rest: Any) -> int:
        if device.id == 1:
            raise RuntimeError("broken")
        return await hear_trouble(tx, device, *rest)

    monkeypatch.setattr(intake, "hear_trouble", broken)
    one = watcher(world)
    assert await one.look() == 1
    monkeypatch.undo()
    assert await one.look() == 1  # nothing of the failed one was kept
    assert len(await standing(world)) == 2
