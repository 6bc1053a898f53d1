"""What leaves the centre: messages to platforms that are there, away, silent, refusing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.broadcast.watcher import BroadcastWatch
from app.broadcast.wire.carrier import Carrier
from app.simulators.broadcast_bytes import CANCELLED, PLAYING, WAITING
from tests.broadcast.keys_of_tests import signer
from tests.broadcast.links import (
    NOTICE,
    THEIR_SERIAL,
    Linked,
    ready,
    speaker,
)
from tests.broadcast.loudspeakers import TERMS
from tests.world import EAST_BANK, STREAM, WEST_LAKE

pytestmark = pytest.mark.database


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


async def test_what_is_replaced_falls_silent_on_the_platform_once_the_newer_one_is_there(
    linked: Linked,
) -> None:
    await ready(linked)
    old = await linked.issued()
    await linked.rounds()
    old_id = await linked.ebm_id(old)
    await linked.platform.play(old_id)
    new = await linked.issued(related=old_id)
    await linked.world.run(
        "UPDATE broadcast_message SET replaces_id ="
        " (SELECT message_id FROM broadcast_handover WHERE id = :old)"
        " WHERE id = (SELECT message_id FROM broadcast_handover WHERE id = :new)",
        old=old,
        new=new,
    )
    watch = BroadcastWatch(linked.world.database, linked.clock, STREAM, TERMS)
    await watch.look()
    await linked.rounds()
    assert linked.platform.played[old_id].state == PLAYING, "the newer one is there, the stop is not yet"
    await watch.look()
    await linked.rounds()
    assert linked.platform.played[old_id].state == CANCELLED
    assert linked.platform.played[await linked.ebm_id(new)].state == WAITING, (
        "and the newer one is to be played"
    )
