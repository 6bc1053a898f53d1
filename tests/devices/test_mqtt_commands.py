"""Orders to devices behind gateways: what leaves, under which id, what an answer moves, what never fires."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.delivery.tables import Delivery
from app.devices.driver import Probed
from app.devices.mqtt import commands
from app.org.store import DeviceFact
from tests.devices.far_gateway import (
    GATEWAY,
    RADIO,
    Centre,
    FarGateway,
    centre_on,
    enlist,
    far_gateway,
)
from tests.devices.mosquitto import mosquitto
from tests.devices.platform import Platform
from tests.world import HILL, STREAM

pytestmark = pytest.mark.database


@pytest.fixture
async def centre(platform: Platform, tmp_path: Path) -> AsyncIterator[Centre]:
    """The centre and a broker; its gateways and radios stand in the register."""
    await enlist(platform.world)
    async with mosquitto(tmp_path) as broker, centre_on(platform, broker) as centre:
        yield centre


@pytest.fixture
async def far(centre: Centre) -> AsyncIterator[FarGateway]:
    """An online gateway that has heard the radio."""
    async with far_gateway(centre.broker, centre.world.clock.now) as far:
        await far.state()
        await far.send(far.event("join", {"renew_s": 300}))
        await centre.until("SELECT 1 FROM device WHERE heard_via = 'gateway:pdt-cd-01'")
        await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
        yield far


async def queue(centre: Centre, words: str = "请报告位置", minutes: int = 30) -> int:
    now = centre.world.clock.now()
    device = await radio(centre)
    row = Delivery(
        stream=STREAM,
        team_id=HILL,
        device_id=device.id,
        channel="radio",
        address=RADIO,
        body=words,
        queued_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )

    async def add(tx: Any) -> None:
        tx.add(row)

    await centre.world.do(add)
    return row.id or 0


async def radio(centre: Centre) -> DeviceFact:
    found = await centre.platform.register.find("hdap", RADIO)
    assert found is not None
    return found


async def state_is(centre: Centre, state: str) -> dict[str, Any]:
    (row,) = await centre.until("SELECT * FROM delivery WHERE state = :state", state=state)
    return row


async def test_an_order_leaves_with_its_end_and_is_accepted_and_delivered_by_answers(
    centre: Centre, far: FarGateway
) -> None:
    await queue(centre)
    await centre.sender.look()
    command = await far.command()
    assert far.commands[0][0] == f"ecd/v1/gateway/{GATEWAY}/device/{RADIO}/command/text"
    assert command["type"] == "cmd.text"
    assert command["data"] == {"text": "请报告位置", "want_ack": True}
    assert command["expires_at"] == "2025-06-17T18:43:20Z"
    await centre.sender.look()
    assert len(far.commands) == 1
    await far.answer(command)
    await state_is(centre, "accepted")
    await far.answer(command, "ack")
    await state_is(centre, "delivered")


async def test_a_program_that_is_not_ours_hears_an_order_and_answers_it(
    centre: Centre, far: FarGateway
) -> None:
    topic = f"ecd/v1/gateway/{GATEWAY}/device/{RADIO}"
    hearing = asyncio.create_task(centre.broker.hear(f"{topic}/command/#"))
    await asyncio.sleep(0.3)
    await queue(centre)
    await centre.sender.look()
    (heard,) = await hearing
    answer = far.event("txack", {"result": "ok"}, corr=json.loads(heard)["id"])
    await centre.broker.publish(f"{topic}/event/txack", json.dumps(answer))
    await state_is(centre, "accepted")


@pytest.mark.parametrize(
    ("result", "more", "state"),
    [
        ("failed", {"code": 8, "reason": "PRIVATE_CALL_NO_ACK"}, "queued"),
        ("timeout", {}, "queued"),
        ("rejected", {}, "failed"),
        ("unsupported", {}, "failed"),
        ("expired", {}, "failed"),
        ("duplicate", {"reason": "ok"}, "accepted"),
        ("duplicate", {"reason": "rejected"}, "failed"),
    ],
)
async def test_what_the_gateway_answers_moves_the_order(
    centre: Centre, far: FarGateway, result: str, more: dict[str, Any], state: str
) -> None:
    await queue(centre)
    await centre.sender.look()
    await far.answer(await far.command(), result=result, **more)
    row = await state_is(centre, state)
    assert (
        state == "accepted"
        or row["reason"].startswith(str(more.get("reason", result)).split("_")[0][:3])
        or (row["reason"].startswith(result))
    )


async def test_after_silence_the_order_keeps_its_id_so_that_it_cannot_be_carried_out_twice(
    centre: Centre, far: FarGateway
) -> None:
    await queue(centre)
    await centre.sender.look()
    first = await far.command(1)
    centre.world.later(seconds=16)
    await centre.sender.look()
    await centre.sender.look()
    second = await far.command(2)
    assert second["id"] == first["id"]
    await far.answer(second, result="duplicate", reason="ok")
    await state_is(centre, "accepted")


async def test_after_a_failure_the_order_is_a_new_command(centre: Centre, far: FarGateway) -> None:
    await queue(centre)
    await centre.sender.look()
    first = await far.command(1)
    await far.answer(first, "ack", result="failed", code=8)
    await state_is(centre, "queued")
    centre.world.later(seconds=31)
    await centre.sender.look()
    second = await far.command(2)
    assert UUID(second["id"]) != UUID(first["id"])


async def test_a_radio_that_did_not_take_what_was_sent_is_tried_again(
    centre: Centre, far: FarGateway
) -> None:
    await queue(centre)
    await centre.sender.look()
    command = await far.command()
    await far.answer(command)
    await state_is(centre, "accepted")
    await far.answer(command, "ack", result="failed", code=8)
    row = await state_is(centre, "queued")
    assert row["reason"] == "failed 8"


async def test_a_command_of_forty_minutes_ago_never_leaves(centre: Centre, far: FarGateway) -> None:
    await far.state("OFFLINE")
    await centre.until("SELECT 1 FROM gateway WHERE state = 'offline'")
    await queue(centre)
    await centre.sender.look()
    centre.world.later(minutes=40)
    await far.state()
    await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
    await centre.sender.look()
    await centre.settled(far)
    assert far.commands == []
    await state_is(centre, "expired")


async def test_the_broker_throws_an_order_away_whose_gateway_was_not_there_in_time(
    centre: Centre, far: FarGateway
) -> None:
    """The gateway's session is kept, its connection gone: the order waits at the broker, and not for ever."""
    async with far_gateway(centre.broker, centre.world.clock.now, "pdt-cd-02") as other:
        await other.state()
        await other.send(other.event("join"))
        await centre.until("SELECT 1 FROM device WHERE heard_via = 'gateway:pdt-cd-02'")
    await queue(centre, minutes=0)
    await centre.world.run("UPDATE delivery SET expires_at = expires_at + interval '1 second'")
    await centre.sender.look()
    await state_is(centre, "submitted")
    await asyncio.sleep(2.2)
    async with far_gateway(centre.broker, centre.world.clock.now, "pdt-cd-02") as other:
        await asyncio.sleep(0.3)
        assert other.commands == []


async def test_without_a_broker_an_order_waits(centre: Centre, far: FarGateway) -> None:
    await queue(centre)
    await centre.broker.stop()
    async with asyncio.timeout(30):
        while centre.driver.link.connected:  # noqa: ASYNC110 - it is a flag
            await asyncio.sleep(0.01)
    assert centre.driver.health()["ok"] is False
    await centre.sender.look()
    await state_is(centre, "queued")


async def test_a_radio_check_is_passed_by_the_radios_own_answer_only(centre: Centre, far: FarGateway) -> None:
    asking = asyncio.create_task(centre.driver.probe(await radio(centre)))
    command = await far.command()
    assert command["type"] == "cmd.check"
    await far.answer(command)
    await asyncio.sleep(0.1)
    assert not asking.done()
    await far.answer(command, "ack")
    assert await asking == Probed(passed=True, method="radio_check")


async def test_a_radio_that_does_not_answer_fails_its_check(
    centre: Centre, far: FarGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "PROBE_WITHIN", timedelta(seconds=0.3))
    assert await centre.driver.probe(await radio(centre)) == Probed(False, "radio_check", "no answer")
    asking = asyncio.create_task(centre.driver.probe(await radio(centre)))
    await far.answer(await far.command(2), result="timeout")
    assert await asking == Probed(False, "radio_check", "timeout")


async def test_who_cannot_be_asked_is_not_judged(centre: Centre, far: FarGateway) -> None:
    asking = asyncio.create_task(centre.driver.probe(await radio(centre)))
    await far.answer(await far.command(), result="unsupported")
    assert await asking is None
    stranger = await centre.world.device("500201")
    assert await centre.driver.probe(stranger) is None
