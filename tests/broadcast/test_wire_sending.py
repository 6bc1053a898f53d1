"""What leaves the centre: messages to platforms that are there, away, silent, refusing; stops; drills."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.broadcast.wire.carrier import Carrier
from app.codecs.ebm import signature
from app.codecs.ebm.archive import pack, unpack
from app.codecs.ebm.message import message_of
from app.codecs.ebm.profile import DRAFT_2016
from app.simulators.broadcast_platform import BroadcastPlatform
from tests.broadcast.keys_of_tests import signer
from tests.broadcast.links import (
    CENTRE,
    NOTICE,
    PLATFORM,
    THEIR_SERIAL,
    Linked,
    peer_told,
    speaker,
)
from tests.world import COUNTY, EAST_BANK, STREAM, WEST, WEST_LAKE

pytestmark = pytest.mark.database
EAST_PLATFORM = "59901811000000314010101"


async def ready(linked: Linked) -> None:
    """Let the register be exchanged: terminals and their states."""
    await linked.rounds(3)
    linked.platform.heard.clear()


async def test_a_message_is_handed_over_receipted_and_played(linked: Linked) -> None:
    await ready(linked)
    handover = await linked.issued()
    await linked.rounds()
    row = await linked.handover(handover)
    assert (row["state"], row["attempts"]) == ("receipted", 1)
    ebm_id = await linked.ebm_id(handover)
    message = linked.platform.played[ebm_id].message
    assert message.basics is not None
    assert (message.basics.msg_type, message.basics.severity) == (1, 1)
    assert message.contents[0].text == NOTICE
    assert message.contents[0].areas == (EAST_BANK, WEST_LAKE)
    assert not message.contents[0].auxiliaries
    out = await linked.packets(direction="out", kind="EBM")
    assert [(one["result"], one["ebm_id"]) for one in out] == [(1, ebm_id)]


async def test_what_each_terminal_played_comes_back_by_itself(linked: Linked) -> None:
    await ready(linked)
    linked.platform.bad.failing = {speaker(WEST_LAKE, 1).code}
    handover = await linked.issued()
    await linked.rounds()
    ebm_id = await linked.ebm_id(handover)
    await linked.platform.report(ebm_id)
    await linked.rounds()
    assert set((await linked.results(ebm_id)).values()) == {1}
    linked.later(seconds=5)
    await linked.platform.play(ebm_id)
    await linked.rounds()
    assert (await linked.handover(handover))["play_state"] == 2
    linked.later(seconds=60)
    await linked.platform.finish(ebm_id)
    await linked.rounds()
    assert await linked.results(ebm_id) == {
        speaker(EAST_BANK, 1).code: 3,
        speaker(EAST_BANK, 2).code: 3,
        speaker(WEST_LAKE, 1).code: 4,
    }
    assert (await linked.handover(handover))["play_state"] == 4
    reached = await linked.world.rows("SELECT region_code FROM broadcast_target WHERE reached_at IS NOT NULL")
    assert [one["region_code"] for one in reached] == [EAST_BANK]


async def test_a_platform_that_lies_is_found_out_by_its_terminals(linked: Linked) -> None:
    await ready(linked)
    linked.platform.bad.lies = True
    linked.platform.bad.failing = {speaker(EAST_BANK, 1).code}
    handover = await linked.issued()
    await linked.rounds()
    ebm_id = await linked.ebm_id(handover)
    await linked.platform.play(ebm_id)
    linked.later(seconds=60)
    await linked.platform.finish(ebm_id)
    await linked.rounds()
    row = await linked.handover(handover)
    assert row["play_state"] == 3  # what it says
    states = await linked.results(ebm_id)
    assert states[speaker(EAST_BANK, 1).code] == 4


async def test_a_platform_says_nothing_of_messages_and_terminals_that_are_not_its_own(linked: Linked) -> None:
    await ready(linked)
    other, other_id = await second(linked, region_code=WEST)
    handover = await linked.issued()
    await linked.rounds()
    ebm_id = await linked.ebm_id(handover)
    linked.platform.played[ebm_id].state = 3
    other.played[ebm_id] = linked.platform.played[ebm_id]
    other.centre_url = linked.platform.centre_url
    async with other.serving():
        await other.report(ebm_id)
        await linked.carrier.take_up()
        assert not await linked.results(ebm_id)
        assert (await linked.handover(handover))["play_state"] is None
        assert "没有交给该平台" in (await linked.packets(peer_id=other_id))[0]["words"]
        await other.tell("EBRDTInfo")
        await linked.carrier.take_up()
    assert speaker(EAST_BANK, 8).code not in [one["resource_code"] for one in await linked.terminals()]


async def test_a_platform_that_reports_nothing_is_asked(linked: Linked) -> None:
    await ready(linked)
    linked.platform.bad.mute = True
    handover = await linked.issued()
    await linked.rounds()
    ebm_id = await linked.ebm_id(handover)
    await linked.platform.play(ebm_id)
    linked.later(seconds=30)
    await linked.platform.finish(ebm_id)
    await linked.rounds()
    assert not await linked.results(ebm_id)
    linked.later(seconds=61)
    await linked.rounds(2)
    assert set((await linked.results(ebm_id)).values()) == {3}
    answers = await linked.packets(kind="EBMStateResponse")
    asked = [one for one in linked.platform.heard if one.kind == "EBMStateRequest"]
    assert [one["related"] for one in answers] == [asked[-1].ebd_id]
    linked.later(seconds=61)
    await linked.rounds(2)
    assert len([one for one in linked.platform.heard if one.kind == "EBMStateRequest"]) == len(asked)


async def test_a_platform_that_was_away_gets_every_message_once(linked: Linked) -> None:
    await ready(linked)
    linked.platform.bad.tears = True
    handovers = [await linked.issued() for _ in range(3)]
    for _ in range(4):
        await linked.rounds()
        linked.later(seconds=45)
    assert {(await linked.handover(one))["state"] for one in handovers} == {"waiting"}
    peer = await linked.peer()
    assert (peer["link"], peer["waiting"]) == ("down", 3)
    assert "断开" in peer["trouble_zh"]
    linked.platform.bad.tears = False
    linked.later(seconds=61)
    await linked.rounds(2)
    assert {(await linked.handover(one))["state"] for one in handovers} == {"receipted"}
    assert len(linked.platform.played) == 3
    sent = [one for one in linked.platform.heard if one.kind == "EBM"]
    assert len(sent) == 3


async def test_an_answer_that_was_lost_is_asked_for_with_the_same_bytes(linked: Linked) -> None:
    await ready(linked)
    handover = await linked.issued()
    lost: list[bytes] = []

    async def loses(request: Any) -> Any:
        came = await answer(request)
        lost.append(request.body)
        return None if len(lost) == 1 else came

    answer = linked.platform._desk._answer
    linked.platform._desk._answer = loses
    await linked.rounds()
    assert (await linked.handover(handover))["state"] == "waiting"
    linked.later(seconds=10)
    await linked.rounds()
    assert (await linked.handover(handover))["state"] == "receipted"
    assert lost[0] == lost[1]
    assert len(linked.platform.played) == 1


async def test_after_minutes_it_is_packed_anew_under_the_same_message_number(linked: Linked) -> None:
    await ready(linked)
    handover = await linked.issued()
    linked.platform.bad.tears = True
    await linked.rounds()
    linked.platform.bad.tears = False
    linked.later(minutes=12)  # beyond every window of freshness
    await linked.rounds()
    assert (await linked.handover(handover))["state"] == "receipted"
    assert list(linked.platform.played) == [await linked.ebm_id(handover)]
    assert not linked.platform.refused


async def test_no_receipt_within_twenty_seconds_is_a_failed_peer(linked: Linked) -> None:
    assert linked.terms.within_s == 20.0
    await ready(linked)
    await linked.beats()
    await linked.platform.beat()
    assert (await linked.peer())["link"] == "up"
    linked.platform.bad.silent = True
    hasty = Carrier(linked.world.database, linked.clock, STREAM, replace(linked.terms, within_s=0.2))
    handover = await linked.issued()
    linked.later(seconds=1)
    await hasty.look()
    await hasty.settled()
    peer = await linked.peer()
    assert peer["link"] == "half"
    assert "20 秒" in peer["trouble_zh"]
    row = await linked.handover(handover)
    assert row["state"] == "waiting"
    linked.platform.bad.silent = False
    linked.later(seconds=30)
    await linked.rounds()
    assert (await linked.handover(handover))["state"] == "receipted"


async def test_a_refusal_is_told_and_not_tried_again(linked: Linked) -> None:
    await ready(linked)
    linked.platform.bad.refuses = 3
    handover = await linked.issued()
    await linked.rounds()
    row = await linked.handover(handover)
    assert (row["state"], row["words"]) == ("refused", "ResultCode 3: 平台忙")
    linked.platform.bad.refuses = 0
    linked.later(minutes=2)
    await linked.rounds()
    assert not linked.platform.played


async def test_a_receipt_of_a_stranger_counts_for_nothing(linked: Linked) -> None:
    await ready(linked)
    linked.platform._bytes._signer = signer("stranger", THEIR_SERIAL)
    handover = await linked.issued()
    await linked.rounds()
    row = await linked.handover(handover)
    assert row["state"] == "waiting"
    assert "签名" in row["words"]


async def test_without_the_key_nothing_is_sent_unsigned(linked: Linked) -> None:
    await ready(linked)
    await linked.world.run("UPDATE broadcast_wire SET key_id = 'lost'")
    handover = await linked.issued()
    await linked.rounds()
    row = await linked.handover(handover)
    assert row["state"] == "waiting"
    assert "ZHISHOU_BROADCAST_KEYS_FILE" in row["words"]
    assert not [one for one in linked.platform.heard if one.kind == "EBM"]


# Drills and stops.


async def second(linked: Linked, **changes: Any) -> tuple[BroadcastPlatform, int]:
    """Another platform, of the eastern township, that takes drills unless told otherwise."""
    other = BroadcastPlatform(
        EAST_PLATFORM,
        CENTRE,
        signer=signer("platform", THEIR_SERIAL),
        trust=linked.platform.trust,
        speakers=[speaker(EAST_BANK, 8)],
        now=linked.clock.now,
    )
    told = {"resource_code": EAST_PLATFORM, "name": "东镇广播站", "for_drills": True, **changes}
    answer = await linked.desk.post(
        "lead", "/api/broadcast/peers", peer_told("http://127.0.0.1:9/EB/x", **told)
    )
    assert answer.status_code == 201, answer.text
    return other, answer.json()["id"]


async def test_a_drill_goes_only_where_drills_are_taken_and_sounds_as_one(linked: Linked) -> None:
    other, other_id = await second(linked)
    async with other.serving():
        url = peer_told(other.url)["url"]
        await linked.world.run(
            "UPDATE broadcast_wire SET url = :url WHERE peer_id = :id", url=url, id=other_id
        )
        rows = await linked.issued_to(
            [linked.peer_id, other_id], (EAST_BANK,), msg_type=5, drill=True, text=f"【演练】{NOTICE}"
        )
        await linked.rounds(3)
        refused, taken = [await linked.handover(one) for one in rows]
        assert refused["state"] == "refused"
        assert "演练" in refused["words"]
        assert taken["state"] == "receipted"
        assert not linked.platform.played
        for ebm_id in other.played:
            await other.play(ebm_id)
        assert (other.sounded, other.drilled) == (0, 1)


async def test_a_drill_that_says_it_is_real_does_not_leave(linked: Linked) -> None:
    await linked.world.run("UPDATE broadcast_peer SET drills = true")
    handover = await linked.issued(msg_type=5, drill=True, text=f"【演练】{NOTICE}")
    await linked.world.run(
        """UPDATE broadcast_handover SET payload = jsonb_set(payload, '{msg_type}', '1') WHERE id = :id""",
        id=handover,
    )
    await linked.rounds(2)
    row = await linked.handover(handover)
    assert row["state"] == "refused"
    assert not linked.platform.played


async def test_a_stop_goes_out_before_what_waits_and_stops_what_plays(linked: Linked) -> None:
    await ready(linked)
    first = await linked.issued()
    await linked.rounds()
    ebm_id = await linked.ebm_id(first)
    await linked.platform.play(ebm_id)
    await linked.rounds()
    message_id = (await linked.handover(first))["message_id"]
    stop = await linked.issued(msg_type=2, related=ebm_id, cancels_id=message_id)
    await linked.rounds()
    assert (await linked.handover(stop))["state"] == "receipted"
    assert linked.platform.played[ebm_id].state == 5
    sent = [message_of(one.payload) for one in linked.platform.heard if one.kind == "EBM"]
    assert sent[-1].related == ebm_id
    assert sent[-1].ebm_id != ebm_id
    assert sent[-1].contents


async def test_a_voice_goes_along_with_its_digest(linked: Linked) -> None:
    await ready(linked)
    data = b"\xff\xfb" + b"mp3" * 100
    found = await linked.world.rows(
        "INSERT INTO broadcast_file (stream, region_code, use, name, form, sha256, size, data, brought_by,"
        " brought_at) VALUES (:stream, :county, 'voice', 'a.mp3', 'mp3', 'x', :size, :data, '值班员', now())"
        " RETURNING id",
        stream=STREAM,
        county=COUNTY,
        size=len(data),
        data=data,
    )
    voice = {"file_id": found[0]["id"], "name": "a.mp3", "form": "mp3", "sha256": "x", "size": len(data)}
    handover = await linked.issued(voice=voice)
    await linked.rounds()
    assert (await linked.handover(handover))["state"] == "receipted"
    auxiliary = linked.platform.played[await linked.ebm_id(handover)].message.contents[0].auxiliaries[0]
    assert (auxiliary.kind, auxiliary.size) == (2, str(len(data)))
    assert linked.platform.files[auxiliary.name] == data


async def test_a_platform_of_the_drafts_gets_numbers_of_its_kind_and_no_drill(linked: Linked) -> None:
    theirs, ours = "03" + "01" + "990181000000" + "01", "01" + "01" + "990181000000" + "02"
    linked.platform.code, linked.platform.centre_code = theirs, ours
    profile = replace(DRAFT_2016, signature=True)
    linked.platform.profile = profile
    linked.platform._bytes._code, linked.platform._bytes._centre = theirs, ours
    linked.platform._bytes._profile = profile
    told = peer_told(linked.platform.url, dialect="draft-2016", extensions=True, for_drills=True)
    told |= {"legacy_code": theirs, "our_legacy_code": ours}
    answer = await linked.desk.ask("lead", "PUT", f"/api/broadcast/peers/{linked.peer_id}", told)
    assert answer.status_code == 200, answer.text
    handover = await linked.issued()
    await linked.rounds()
    assert (await linked.handover(handover))["state"] == "receipted"
    ebm_id = await linked.ebm_id(handover)
    assert list(linked.platform.played) == [ours + ebm_id[-12:]]
    await linked.platform.report(ours + ebm_id[-12:])
    await linked.rounds()
    assert (await linked.handover(handover))["play_state"] == 1
    drill = await linked.issued(msg_type=5, drill=True, text=f"【演练】{NOTICE}")
    await linked.rounds()
    assert (await linked.handover(drill))["state"] == "refused"


# Heart-beats and registers.


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
