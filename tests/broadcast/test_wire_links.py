"""Heart-beats both ways, registers of terminals, what platforms ask of us."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.codecs.ebm import signature
from app.codecs.ebm.archive import pack, unpack
from tests.broadcast.keys_of_tests import signer
from tests.broadcast.links import (
    PLATFORM,
    THEIR_SERIAL,
    Linked,
    ready,
    speaker,
)
from tests.world import EAST_BANK

pytestmark = pytest.mark.database


async def test_the_link_is_seen_from_both_sides(linked: Linked) -> None:
    assert (await linked.peer())["link"] == "unknown"
    await linked.beats()
    assert linked.platform.beats == 1
    assert (await linked.peer())["link"] == "half"
    assert await linked.platform.beat() == 1
    assert (await linked.peer())["link"] == "up"
    await linked.beats()
    assert linked.platform.beats == 1  # not before thirty seconds
    linked.later(seconds=30)
    await linked.beats()
    assert linked.platform.beats == 2
    linked.later(seconds=91)
    await linked.platform.beat()
    linked.platform.bad.tears = True
    await linked.beats()
    assert (await linked.peer())["link"] == "half"
    await linked.heart.look()
    health = linked.heart.health()
    assert (health["ok"], health["lost"]) == (False, ["樟川县应急广播平台"])
    linked.later(seconds=91)
    await linked.beats()
    assert (await linked.peer())["link"] == "down"


async def test_heart_beats_leave_no_packets_behind(linked: Linked) -> None:
    await linked.platform.beat()
    await linked.beats()
    assert not await linked.packets()


async def test_terminals_and_their_states_are_asked_for_and_taken(linked: Linked) -> None:
    linked.platform.speakers[speaker(EAST_BANK, 2).code].state = 3
    await linked.rounds(3)
    rows = await linked.terminals()
    assert [one["resource_code"] for one in rows] == sorted(linked.platform.speakers)
    assert {one["resource_code"]: one["state"] for one in rows}[speaker(EAST_BANK, 2).code] == "fault"
    assert {one["peer_id"] for one in rows} == {linked.peer_id}
    asked = [one for one in linked.platform.heard if one.kind == "OMDRequest"]
    assert [one.payload["Params"]["RptType"] for one in asked] == ["Full", "Full"]  # type: ignore[index,call-overload]
    linked.later(hours=24, seconds=1)
    await linked.rounds(3)
    asked = [one for one in linked.platform.heard if one.kind == "OMDRequest"]
    assert [one.payload["Params"]["RptType"] for one in asked[2:]] == ["Incremental", "Incremental"]  # type: ignore[index,call-overload]


async def test_a_bad_row_is_set_apart_and_the_good_ones_are_taken(linked: Linked) -> None:
    rows = tuple(
        {
            "RptTime": "2025-06-18 02:13:20",
            "RptType": "Sync",
            "EBRID": code,
            "EBRName": "",
            "Longitude": "",
            "Latitude": "",
        }
        for code in (speaker(EAST_BANK, 1).code, f"6{EAST_BANK}03140104{'77'}")
    )
    packet = linked.packet("EBRDTInfo", {"EBRDT": rows})
    files = linked.platform.pack(packet)
    name, data = next(iter(unpack(files).items()))
    spoilt = data.replace(rows[1]["EBRID"].encode(), b"12345")
    proof = signer("platform", THEIR_SERIAL).sign(spoilt, int(linked.clock.now().timestamp()))
    tar = pack({name: spoilt, f"EBDS_{name}": signature.write(replace(proof, related=packet.ebd_id))})
    got = await linked.bring(tar)
    assert got.packet is not None
    assert got.packet.payload["ResultCode"] == "1"
    await linked.carrier.take_up()
    assert [one["resource_code"] for one in await linked.terminals()] == [rows[0]["EBRID"]]
    assert (await linked.packets(kind="EBRDTInfo"))[0]["codes"] == ["ROW_SET_APART"]


async def test_what_platforms_ask_of_us_is_answered_in_a_connection_of_its_own(linked: Linked) -> None:
    await ready(linked)
    for kind in ("EBRPSInfo", "EBRPSState", "EBRDTInfo", "EBMBrdLog"):
        packet = linked.packet("OMDRequest", {"OMDType": kind})
        await linked.bring(linked.platform.pack(packet))
        await linked.rounds(2)
        answer = linked.platform.heard[-1]
        assert (answer.kind, answer.related) == (kind, packet.ebd_id)
    names = [one.payload["EBRPS"][0]["EBRName"] for one in linked.platform.heard if one.kind == "EBRPSInfo"]  # type: ignore[index,call-overload]
    assert str(names[0]).endswith("应急指挥中心")


async def test_the_state_of_a_message_they_sent_is_told_and_of_another_refused(linked: Linked) -> None:
    await ready(linked)
    await linked.bring(linked.platform.pack(linked.alert()))
    await linked.rounds()
    ask = linked.packet("EBMStateRequest", {"EBM": {"EBMID": f"{PLATFORM}202506180001"}})
    await linked.bring(linked.platform.pack(ask))
    await linked.rounds(2)
    answer = linked.platform.heard[-1]
    assert (answer.kind, answer.payload["BrdStateCode"], answer.related) == (
        "EBMStateResponse",
        "0",
        ask.ebd_id,
    )
    other = linked.packet("EBMStateRequest", {"EBM": {"EBMID": f"{PLATFORM}202506189999"}})
    await linked.bring(linked.platform.pack(other))
    await linked.rounds(2)
    assert linked.platform.heard[-1].kind == "EBDNotify"


async def test_what_cannot_be_answered_in_an_hour_is_let_go(linked: Linked) -> None:
    await ready(linked)
    linked.platform.bad.tears = True
    await linked.bring(linked.platform.pack(linked.packet("OMDRequest", {"OMDType": "EBRPSInfo"})))
    for _ in range(16):
        await linked.rounds()
        linked.later(minutes=5)
    rows = await linked.world.rows("SELECT state FROM broadcast_errand WHERE kind = 'EBRPSInfo'")
    assert [one["state"] for one in rows] == ["failed"]


async def test_old_packets_go_and_those_of_superiors_stay(linked: Linked) -> None:
    await ready(linked)
    await linked.bring(linked.platform.pack(linked.alert()))
    await linked.rounds()
    linked.clock.advance(timedelta(days=201))
    await linked.carrier._clean(linked.clock.now())
    kept = await linked.world.rows("SELECT kind FROM broadcast_packet")
    assert {one["kind"] for one in kept} == {"EBM"}
