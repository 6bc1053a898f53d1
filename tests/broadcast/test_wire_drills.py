"""Drills and stops on the wire, voices, platforms of the drafts, and what is not a platform's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.codecs.ebm.message import message_of
from app.codecs.ebm.profile import DRAFT_2016
from tests.broadcast.links import (
    NOTICE,
    Linked,
    peer_told,
    ready,
    second,
    speaker,
)
from tests.world import COUNTY, EAST_BANK, STREAM, WEST

pytestmark = pytest.mark.database


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
