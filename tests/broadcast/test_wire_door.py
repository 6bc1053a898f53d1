"""What is posted to the centre: every dialect of a body, and the receipt each packet gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.codecs.ebm import signature
from app.codecs.ebm.archive import pack, unpack
from app.codecs.ebm.fields import text
from app.codecs.ebm.message import payload_of
from app.codecs.ebm.multipart import body_of
from app.codecs.ebm.receive import Received
from tests.broadcast.keys_of_tests import signer
from tests.broadcast.links import DOOR, PLATFORM, THEIR_SERIAL, Linked
from tests.codecs.test_ebm_multipart import SEEN, TAR

pytestmark = pytest.mark.database


def code(got: Received) -> int:
    assert got.packet is not None
    assert got.packet.kind == "EBDResponse"
    return int(text(got.packet.payload, "ResultCode"))


def words(got: Received) -> str:
    assert got.packet is not None
    return text(got.packet.payload, "ResultDesc")


@pytest.mark.parametrize("name", SEEN)
async def test_whatever_form_a_body_has_its_packet_is_receipted(linked: Linked, name: str) -> None:
    tar = linked.platform.pack(linked.alert())
    body = SEEN[name][0].replace(TAR, tar)
    got = linked.receipt(await linked.post(body, "multipart/form-data; boundary=edge"))
    assert code(got) == 1
    assert got.packet is not None
    assert got.packet.related == f"10{PLATFORM}{1:016d}"


async def test_a_bare_archive_and_a_name_in_gbk_are_receipted_too(linked: Linked) -> None:
    tar = linked.platform.pack(linked.alert())
    assert code(linked.receipt(await linked.post(tar, "application/x-tar"))) == 1
    body, kind = body_of("EBDT_1.tar", linked.platform.pack(linked.alert(running=2)))
    body = body.replace(b"EBDT_1", "预警".encode("gbk"))
    assert code(linked.receipt(await linked.post(body, kind))) == 1


async def test_the_receipt_is_a_signed_archive_that_names_the_packet(linked: Linked) -> None:
    body, kind = body_of("EBDT_1.tar", linked.platform.pack(linked.alert()))
    answer = await linked.post(body, kind)
    assert answer.headers["content-type"] == "application/x-tar"
    got = linked.receipt(answer)
    assert got.packet is not None
    assert f'filename="EBDT_{got.packet.ebd_id}.tar"' in answer.headers["content-disposition"]
    assert list(got.files) == [f"EBDB_{got.packet.ebd_id}.xml", f"EBDS_EBDB_{got.packet.ebd_id}.xml"]
    assert got.packet.destination == PLATFORM


async def test_an_address_nobody_registered_is_turned_away_unread(linked: Linked) -> None:
    await linked.world.run("UPDATE broadcast_wire SET allowed = ARRAY['10.9.9.9', '10.8.0.0/16']")
    answer = await linked.post(b"x" * 1000, "application/x-tar")
    assert answer.status_code == 403
    assert "未登记" in answer.text
    assert (await linked.post(b"", "application/x-tar", "/EB/other.html")).status_code == 403
    assert not await linked.packets()


async def test_a_body_that_is_none_gets_a_receipt_that_says_unreadable(linked: Linked) -> None:
    for body, kind in ((b"x", "text/plain"), (b"garbage", "application/x-tar"), (b"", "multipart/form-data")):
        assert code(linked.receipt(await linked.post(body, kind))) == 2
    rows = await linked.packets(direction="in")
    assert [(one["state"], one["result"]) for one in rows] == [("refused", 2)] * 3
    assert {one["sha256"] for one in rows} and rows[0]["codes"]


async def test_a_body_too_large_is_not_read_into_memory(linked: Linked) -> None:
    answer = await linked.post(b"0" * (34 * 1024 * 1024), "application/x-tar")
    assert answer.status_code == 413


async def test_another_senders_number_and_another_destination_are_refused(linked: Linked) -> None:
    stranger = f"4{PLATFORM[1:-1]}9"
    packet = replace(linked.alert(), source=stranger)
    packet = replace(packet, ebd_id=f"10{stranger}{1:016d}")
    got = await linked.bring(linked.platform.pack(packet))
    assert (code(got), "未登记" in words(got)) == (5, True)
    elsewhere = replace(linked.alert(), destination=f"4{PLATFORM[1:-1]}8")
    assert code(await linked.bring(linked.platform.pack(elsewhere))) == 5
    assert not [one for one in await linked.packets() if one["state"] != "refused"]


async def test_signatures_are_demanded_and_proved(linked: Linked) -> None:
    good = unpack(linked.platform.pack(linked.alert()))
    name, data = next(iter(good.items()))
    ebd_id = name.removeprefix("EBDB_").removesuffix(".xml")

    def signed(by: str, serial: str, *, of: bytes = data) -> bytes:
        proof = signer(by, serial).sign(of, int(linked.clock.now().timestamp()))
        return pack({name: data, f"EBDS_{name}": signature.write(replace(proof, related=ebd_id))})

    assert code(await linked.bring(pack({name: data}))) == 4
    assert code(await linked.bring(signed("stranger", THEIR_SERIAL))) == 4
    assert code(await linked.bring(signed("platform", "00000000dead"))) == 4
    assert code(await linked.bring(signed("platform", THEIR_SERIAL, of=data + b" "))) == 4
    assert code(await linked.bring(signed("platform", THEIR_SERIAL))) == 1


async def test_what_is_missing_is_said_with_three(linked: Linked) -> None:
    payload = payload_of(linked.message())
    del payload["MsgContent"]
    good = linked.platform.pack(linked.alert(running=7))
    name, data = next(iter(unpack(good).items()))
    cut = data[: data.index(b"<MsgContent>")] + data[data.index(b"</MsgContent>") + len(b"</MsgContent>") :]
    assert code(await linked.bring(pack({name: cut}))) == 3


async def test_the_same_bytes_again_get_the_first_receipt_and_are_done_once(linked: Linked) -> None:
    body, kind = body_of("EBDT_1.tar", linked.platform.pack(linked.alert()))
    first = await linked.post(body, kind)
    linked.later(seconds=30)
    again = await linked.post(body, kind)
    assert again.content == first.content
    assert again.headers["content-disposition"] == first.headers["content-disposition"]
    await linked.rounds(2)
    assert len(await linked.desk.read("lead", "/api/broadcast/incoming")) == 1


async def test_a_packet_signed_anew_or_changed_under_its_old_number_is_refused(linked: Linked) -> None:
    packet = linked.alert()
    assert code(await linked.bring(linked.platform.pack(packet))) == 1
    linked.later(seconds=5)
    got = await linked.bring(linked.platform.pack(packet))  # another time and nonce: other bytes
    assert (code(got), "重放" in words(got)) == (5, True)
    other = replace(packet, payload=payload_of(linked.message(text="请忽略此前的预警。")))
    assert code(await linked.bring(linked.platform.pack(other))) == 5
    await linked.rounds(2)
    assert len(await linked.desk.read("lead", "/api/broadcast/incoming")) == 1


async def test_a_packet_of_yesterday_is_refused_and_so_is_one_from_tomorrow(linked: Linked) -> None:
    old = linked.platform.pack(linked.alert())
    linked.later(hours=24)
    got = await linked.bring(old)
    assert (code(got), "时钟" in words(got)) == (5, True)
    late = replace(linked.alert(), time=linked.clock.now() + timedelta(hours=1))
    assert code(await linked.bring(linked.platform.pack(late))) == 5


async def test_an_old_signature_around_a_new_time_is_a_failed_signature(linked: Linked) -> None:
    packet = linked.alert()
    name, data = next(iter(unpack(linked.platform.pack(packet)).items()))
    proof = signer("platform", THEIR_SERIAL).sign(data, int(linked.clock.now().timestamp()) - 3600)
    tar = pack({name: data, f"EBDS_{name}": signature.write(replace(proof, related=packet.ebd_id))})
    assert code(await linked.bring(tar)) == 4
    await linked.world.run("UPDATE broadcast_wire SET time_is_counter = true")
    assert code(await linked.bring(tar)) == 1


async def test_a_message_by_another_packet_is_known_and_one_with_other_words_is_refused(
    linked: Linked,
) -> None:
    assert code(await linked.bring(linked.platform.pack(linked.alert()))) == 1
    got = await linked.bring(linked.platform.pack(linked.alert()))  # another EBDID, the same EBMID
    assert (code(got), "此前已收到" in words(got)) == (1, True)
    assert code(await linked.bring(linked.platform.pack(linked.alert(text="别的内容")))) == 5
    await linked.rounds(2)
    assert code(await linked.bring(linked.platform.pack(linked.alert(text="又一内容")))) == 5
    assert len(await linked.desk.read("lead", "/api/broadcast/incoming")) == 1


async def test_a_message_of_a_superior_comes_before_a_person_and_goes_nowhere(linked: Linked) -> None:
    await linked.world.run("UPDATE broadcast_wire SET superior = true")
    await linked.bring(linked.platform.pack(linked.alert()))
    await linked.rounds(3)
    notices = await linked.world.rows("SELECT * FROM intake_notice")
    assert [one["source"] for one in notices] == ["superior"]
    assert "不自动转发" in notices[0]["text"]
    assert notices[0]["state"] == "waiting"
    assert not linked.platform.played
    assert not await linked.world.rows("SELECT * FROM broadcast_handover")


async def test_a_drill_of_a_superior_is_marked_as_one(linked: Linked) -> None:
    await linked.bring(linked.platform.pack(linked.alert(msg_type=5)))
    await linked.rounds()
    notice = (await linked.world.rows("SELECT * FROM intake_notice"))[0]
    assert notice["title"].startswith("【演练】")


async def test_a_cancel_that_overtakes_its_message_is_remembered(linked: Linked) -> None:
    target = f"{PLATFORM}202506180009"
    cancel = linked.alert(running=8, msg_type=2, related=target)
    assert code(await linked.bring(linked.platform.pack(cancel))) == 1
    await linked.rounds()
    assert code(await linked.bring(linked.platform.pack(linked.alert(running=9)))) == 1
    await linked.rounds()
    states = {
        one["ebm_id"]: one["state"] for one in await linked.desk.read("lead", "/api/broadcast/incoming")
    }
    assert states[target] == "cancelled"


async def test_hostile_archives_are_refused_with_a_receipt(linked: Linked) -> None:
    name, data = next(iter(unpack(linked.platform.pack(linked.alert())).items()))
    evil = pack({name: data}).replace(name.encode(), ("../" + name[3:]).encode(), 1)
    for tar in (evil, b"\x1f\x8b" + b"\0" * 2000, pack({name: data, "EBDB_2.xml": data})):
        assert code(await linked.bring(tar)) == 2


async def test_the_door_of_the_county_is_not_a_page_of_the_console(linked: Linked) -> None:
    assert (await linked.desk.get(None, DOOR)).status_code in (404, 405)
