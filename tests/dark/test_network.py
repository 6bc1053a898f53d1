"""The centre without the public network: what waits, leaves exactly once, or is never fired."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.messages import Message, queue
from app.delivery.network import actions as network
from app.delivery.network.rules import marked, probe_turn
from app.devices.network.probe import NetworkProbe, parse_probes
from app.org.rules.access import Concern
from tests.api.desk import problem
from tests.dark.county import TAIL, Dark
from tests.world import STREAM

pytestmark = pytest.mark.database
ZONE = ZoneInfo("Asia/Shanghai")


async def waits(dark: Dark, words: str, minutes: float = 600) -> int:
    async def work(tx: Any) -> int:
        until = dark.now + timedelta(minutes=minutes)
        told = Message(STREAM, "jt808", "13900000001", words, Concern((TAIL,)), until, device_id=1)
        return await queue(tx, told, dark.now)

    return await dark.world.do(work)


async def leaves(dark: Dark) -> str | None:
    """Let the driver commit one message and hand it to the terminal, which answers at once."""

    async def work(tx: Any) -> str | None:
        for row in await deliveries.next_for_devices(tx, "jt808", [1], dark.now):
            await delivery.submit(tx, row, "jt808:1", 1, dark.now)
            await delivery.report(tx, row, delivery.Outcome("deliver"), dark.now)
            return row.body
        return None

    return await dark.world.do(work)


async def bodies(dark: Dark) -> list[tuple[str, str]]:
    rows = await dark.world.rows("SELECT body, state FROM delivery ORDER BY id")
    return [(row["body"], row["state"]) for row in rows]


async def away(dark: Dark) -> None:
    await dark.post("/api/network", {"state": "offline"}, status=200)


async def test_what_waited_leaves_once_though_the_house_dies_in_the_middle_of_the_flush(dark: Dark) -> None:
    await away(dark)
    for words in ("一", "二", "三"):
        await waits(dark, words)
    dark.world.later(minutes=40)
    assert await leaves(dark) is None, "nothing leaves while the network is away"

    class PowerCut(Exception):
        """The process ends before it commits."""

    async def cut(tx: Any) -> None:
        await network.come_back(tx, STREAM, dark.now, ZONE)
        raise PowerCut

    with pytest.raises(PowerCut):
        await dark.world.do(cut)
    assert await bodies(dark) == [("一", "queued"), ("二", "queued"), ("三", "queued")]
    assert await dark.world.do(lambda tx: network.come_back(tx, STREAM, dark.now, ZONE))
    sent = [await leaves(dark)]
    # Another process takes over in the middle: it finds the network back, and two that wait.
    assert not await dark.world.do(lambda tx: network.come_back(tx, STREAM, dark.now, ZONE))
    while (more := await leaves(dark)) is not None:
        sent.append(more)
    assert sent == [f"【迟发 原07-02 20:30】{one}" for one in ("一", "二", "三")]
    assert (await dark.world.types()).count("network.back") == 1


async def test_two_nodes_that_see_the_network_back_at_once_flush_it_once(dark: Dark) -> None:
    await away(dark)
    await waits(dark, "速报")
    dark.world.later(minutes=5)
    turns = await asyncio.gather(
        *(dark.world.do(lambda tx: network.come_back(tx, STREAM, dark.now, ZONE)) for _ in range(3))
    )
    assert sorted(turns) == [False, False, True]
    assert await bodies(dark) == [("【迟发 原07-02 20:30】速报", "queued")]


async def test_what_is_too_old_is_not_fired_and_waits_for_a_decision_that_is_made_once(dark: Dark) -> None:
    await away(dark)
    old = await waits(dark, "转移东岸", minutes=30)
    dark.world.later(minutes=45)
    await dark.post("/api/network", {"state": "online"}, status=200)
    assert await leaves(dark) is None
    view = await dark.desk.read("officer", "/api/network")
    assert [(one["delivery_id"], one["body"]) for one in view["late"]] == [(old, "转移东岸")]
    told = {"decision": "again", "reason": "仍需转移"}
    decided = await dark.post(f"/api/network/late/{old}", told, status=200)
    assert decided["again_id"] is not None
    again = await dark.desk.post("second", f"/api/network/late/{old}", told)
    assert "值班员甲" in problem(again, 409, "late_message_decided")["zh"]
    assert await leaves(dark) == "【迟发 原07-02 20:30】转移东岸"
    assert await leaves(dark) is None
    assert (await dark.desk.read("officer", "/api/network"))["late"] == []


async def test_only_the_centre_speaks_for_its_network(dark: Dark) -> None:
    problem(await dark.desk.post("east", "/api/network", {"state": "offline"}), 403, "not_permitted")


async def test_the_probe_takes_three_silences_for_an_outage_and_two_answers_for_its_end(dark: Dark) -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    probe = NetworkProbe(
        dark.world.database, dark.world.clock, STREAM, ZONE, parse_probes(f"127.0.0.1:{port}")
    )
    assert [await probe.look(), await probe.look()] == [None, True]
    server.close()
    await server.wait_closed()
    assert [await probe.look(), await probe.look(), await probe.look()] == [None, None, False]
    assert (await dark.desk.read("officer", "/api/network"))["network"]["found_by"] == "probe"
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)
    assert [await probe.look(), await probe.look()] == [None, True]
    assert (await dark.desk.read("officer", "/api/network"))["network"]["state"] == "online"
    server.close()
    await server.wait_closed()


async def test_what_a_person_said_by_hand_the_probe_does_not_take_back(dark: Dark) -> None:
    await away(dark)
    await dark.world.do(lambda tx: network.probed(tx, STREAM, dark.now, ZONE, there=True))
    assert (await dark.desk.read("officer", "/api/network"))["network"]["state"] == "offline"


def test_one_lost_packet_is_neither_an_outage_nor_its_end() -> None:
    assert probe_turn([True, False]) is None
    assert probe_turn([False, False, False]) is False
    assert probe_turn([False, True]) is None
    assert probe_turn([False, True, True]) is True


def test_a_late_message_is_marked_with_its_first_time_once(dark: Dark) -> None:
    once = marked("速报", dark.now, ZONE)
    assert once == "【迟发 原07-02 20:30】速报"
    assert marked(once, dark.now + timedelta(hours=1), ZONE) == once


@pytest.mark.parametrize("setting", ["gateway", "host:", ":80", "host:70000"])
def test_a_probe_that_cannot_be_meant_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="ZHISHOU_NETWORK_PROBES"):
        parse_probes(setting)
