"""Besides calls for help: a device in trouble, a telephone that rings. Each kind has its own card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.dispatch.actions import alarms, intake
from app.dispatch.commands import AlarmConfirmIn
from app.signals import Distress, Ring, Trouble
from tests.world import LONE_CARD, TRUCK, ZONE, World

pytestmark = pytest.mark.database


async def trouble(world: World, ref: str = "low_battery", number: str = TRUCK) -> int:
    device = await world.device(number)
    told = Trouble("low_battery", ref, "电量 12%")
    return await world.do(lambda tx: intake.hear_trouble(tx, device, told, b"", world.clock.now()))


async def ring(world: World, ref: str, number: str, stage: Any = "ringing") -> int | None:
    phone = await world.device(TRUCK)
    told = Ring(ref, number, stage)
    return await world.do(lambda tx: intake.hear_ring(tx, phone, told, b"", world.clock.now()))


async def alarm_rows(world: World) -> list[dict[str, Any]]:
    return await world.rows("SELECT kind, subject, state, count, text FROM alarm ORDER BY id")


async def test_a_trouble_that_stands_is_counted_and_keeps_apart_from_a_call_for_help(world: World) -> None:
    first = await trouble(world)
    assert await trouble(world) == first
    device = await world.device(TRUCK)
    call = Distress(ref="sos-1", sent_at=world.clock.now())
    await world.do(lambda tx: intake.hear_distress(tx, device, call, b"", world.clock.now()))
    assert [(row["kind"], row["count"]) for row in await alarm_rows(world)] == [
        ("low_battery", 2),
        ("sos", 1),
    ]


async def test_a_trouble_that_was_judged_is_not_told_again_the_same_shift(world: World) -> None:
    known = await trouble(world)
    by = world.people["officer"]
    await world.do(lambda tx: alarms.dismiss(tx, by, known, "已换电池", world.clock.now()))
    world.later(hours=11)
    assert await trouble(world) == known
    world.later(hours=24)
    assert await trouble(world) != known


async def test_a_dismissed_trouble_never_hides_a_call_for_help(world: World) -> None:
    known = await trouble(world, number=LONE_CARD)
    by = world.people["officer"]
    await world.do(lambda tx: alarms.dismiss(tx, by, known, "已换电池", world.clock.now()))
    device = await world.device(LONE_CARD)
    call = Distress(ref="500301-9", sent_at=world.clock.now() - timedelta(minutes=5))
    await world.do(lambda tx: intake.hear_distress(tx, device, call, b"", world.clock.now()))
    assert [row["state"] for row in await alarm_rows(world)] == ["dismissed", "open"]


async def test_two_callers_on_one_telephone_are_two_cards_and_a_known_one_is_named(world: World) -> None:
    await ring(world, "c1", "13800000002")
    await ring(world, "c2", "13912345678")
    await ring(world, "c3", "13912345678")
    assert await ring(world, "c3", "13912345678", "ended") is None
    assert await alarm_rows(world) == [
        {"kind": "call", "subject": "13800000002", "state": "open", "count": 1, "text": "山队长"},
        {"kind": "call", "subject": "13912345678", "state": "open", "count": 2, "text": ""},
    ]


async def test_a_satellite_phone_of_the_register_that_calls_is_named_with_its_holder(world: World) -> None:
    await world.run(
        "INSERT INTO device (stream, family, number, label, region_code, holder_id, active, facts) "
        "VALUES ('990181', 'satphone', '17400000005', '东镇卫星电话', '990181100000', 1, true, '{}')"
    )
    await ring(world, "c1", "17400000005")
    assert (await alarm_rows(world))[0]["text"] == "东镇卫星电话 江队长"


async def test_a_call_becomes_an_incident_with_its_caller(world: World) -> None:
    known = await ring(world, "c1", "13800000002") or 0
    by = world.people["officer"]
    fact = await world.do(lambda tx: alarms.confirm(tx, by, known, AlarmConfirmIn(), world.clock.now(), ZONE))
    assert (fact.source, fact.title) == ("telephone", "樟川市东镇 来电 13800000002")
    assert [(caller.name, caller.phone) for caller in fact.callers] == [("山队长", "13800000002")]


async def test_who_calls_again_while_the_first_matter_is_open_gets_a_card_of_his_own(world: World) -> None:
    first = await ring(world, "c1", "13800000002") or 0
    by = world.people["officer"]
    await world.do(lambda tx: alarms.confirm(tx, by, first, AlarmConfirmIn(), world.clock.now(), ZONE))
    world.later(minutes=30)
    assert await ring(world, "c2", "13800000002") not in (None, first)
    assert [row["state"] for row in await alarm_rows(world)] == ["confirmed", "open"]
