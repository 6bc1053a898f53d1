from __future__ import annotations

import pytest

from app.devices.adapters.jt808 import Jt808Codec, Terminal, encode
from app.devices.adapters.jt808.bodies import decode_body
from app.devices.adapters.jt808.frame import (
    Header,
    build_frame,
)
from app.devices.adapters.jt808.meaning import bcd_time
from app.signals import Distress, Fix, Health, Receipt, Text
from tests.devices.evidence import only
from tests.devices.test_jt808 import ALL, AT, HERE, NEW, OLD, SOS


def signals(body: bytes, msg_id: int = encode.LOCATION, to: Terminal = OLD) -> tuple[object, ...]:
    return only(Jt808Codec(), encode.encode(msg_id, body, to=to, serial=5)).signals


def test_a_location_is_a_fix_in_metres_per_second_and_utc() -> None:
    fix, health = signals(HERE)
    assert fix == Fix(115.544321, 28.05, AT, altitude_m=33.0, speed_mps=10.0, course_deg=271.0)
    assert health == Health((("gnss_fault", 0), ("antenna_fault", 0), ("low_power", 0), ("power_lost", 0)))


def test_an_sos_is_distress_with_place_and_time() -> None:
    fix, distress, health = signals(SOS)
    assert distress == Distress("13800138000-250618021320", AT, fix if isinstance(fix, Fix) else None)
    assert isinstance(health, Health)
    assert dict(health.facts)["satellites"] == 12
    assert dict(health.facts)["signal_level"] == 21


def test_faults_of_the_device_are_health() -> None:
    *_, health = signals(encode.location(115, 28, AT, alarm=1 << 6 | 1 << 7))
    assert isinstance(health, Health)
    assert dict(health.facts) == {"gnss_fault": 0, "antenna_fault": 1, "low_power": 1, "power_lost": 0}


@pytest.mark.parametrize("status", [0, 1 << 1 | 1 << 5], ids=["not fixed", "encrypted"])
def test_an_sos_without_usable_coordinates_is_distress_without_a_place(status: int) -> None:
    distress, _ = signals(encode.location(115, 28, AT, alarm=1, status=status))
    assert distress == Distress("13800138000-250618021320", AT, None)


def test_south_and_west_are_signs() -> None:
    fix, _ = signals(encode.location(-70.5, -33.25, AT))
    assert isinstance(fix, Fix)
    assert (fix.lon, fix.lat) == (-70.5, -33.25)


def test_impossible_coordinates_are_no_fix() -> None:
    assert [type(one) for one in signals(encode.location(181, 28, AT))] == [Health]
    assert [type(one) for one in signals(encode.location(115, 91, AT))] == [Health]


def test_a_course_of_720_degrees_is_left_out() -> None:
    body = bytearray(HERE)
    body[20:22] = (720).to_bytes(2, "big")
    fix, _ = signals(bytes(body))
    assert isinstance(fix, Fix)
    assert fix.course_deg is None


@pytest.mark.parametrize("digits", ["000000000000", "250230000000", "25061a000000"])
def test_a_time_that_is_none_is_none(digits: str) -> None:
    assert bcd_time(digits) is None


def test_a_query_is_answered_with_a_location_and_a_receipt() -> None:
    fix, _, receipt = signals(encode.location_answer(77, HERE), encode.LOCATION_ANSWER)
    assert isinstance(fix, Fix)
    assert receipt == Receipt("77", "delivered")


def test_a_batch_is_fixes_and_old_distress_without_health() -> None:
    items = b"".join(len(item).to_bytes(2, "big") + item for item in (HERE, SOS))
    got = signals((2).to_bytes(2, "big") + b"\x01" + items, 0x0704)
    assert [type(one) for one in got] == [Fix, Fix, Distress]


@pytest.mark.parametrize(
    ("result", "receipt"),
    [
        (0, Receipt("300", "delivered")),
        (1, Receipt("300", "failed", "failed")),
        (2, Receipt("300", "failed", "bad_message")),
        (3, Receipt("300", "failed", "unsupported")),
        (9, Receipt("300", "failed", "result_9")),
    ],
)
def test_a_terminal_ack_is_a_receipt(result: int, receipt: Receipt) -> None:
    assert signals(encode.terminal_ack(300, encode.TEXT, result), encode.TERMINAL_ACK) == (receipt,)


def test_an_answer_to_a_question_is_a_text_and_a_receipt() -> None:
    text, receipt = signals(b"\x01\x2c\x02", 0x0302)
    assert text == Text("13800138000-5", "2", b"\x02")
    assert receipt == Receipt("300", "delivered")


def test_an_encrypted_body_is_kept_and_means_nothing() -> None:
    frame = build_frame(Header(0x0200, len(SOS), 1, OLD, 5), SOS)
    reading = only(Jt808Codec(), frame)
    assert reading.fields["body"] == {"body_hex": SOS.hex()}
    assert reading.signals == ()


# Bodies that are not as they should be


@pytest.mark.parametrize(
    "msg_id", [0x0001, 0x0100, 0x8100, 0x0107, 0x0200, 0x0201, 0x0302, 0x0704, 0x8003, 0x8300]
)
def test_a_body_that_is_too_short_is_kept_as_hex(msg_id: int) -> None:
    reading = only(Jt808Codec(), encode.encode(msg_id, b"\x01", to=NEW, serial=1))
    assert reading.fields["body"] == {"body_hex": "01"}
    assert reading.signals == ()


def test_a_transparent_message_without_a_body_is_empty() -> None:
    assert decode_body(0x0900, b"", layout_2019=False) == {}


def test_a_truncated_item_ends_the_list_and_is_kept() -> None:
    body = decode_body(0x0200, HERE + bytes.fromhex("300115" + "31ff00"), layout_2019=False)
    assert body["extras"] == [{"id": "0x30", "len": 1, "hex": "15"}, {"id": "0x31", "truncated": "31ff00"}]
    body = decode_body(0x0200, HERE + b"\x31", layout_2019=False)
    assert body["extras"] == [{"id": "0x31", "truncated": "31"}]


@pytest.mark.parametrize("item", [b"\x00\x03abc", b"\xff\xffabc"])
def test_a_bad_item_ends_a_batch(item: bytes) -> None:
    good = len(HERE).to_bytes(2, "big") + HERE
    body = decode_body(0x0704, b"\x00\x03\x00" + good + item + good, layout_2019=False)
    assert len(body["items"]) == 1


def test_a_2011_register_body_is_told_by_what_stands_at_the_plate_colour() -> None:
    body = bytes(4) + b"maker" + b"model\0\0\0" + b"1234567" + b"\x01" + "赣A1234567890".encode("gbk")
    fields = decode_body(0x0100, body, layout_2019=False)
    assert (fields["terminal_id"], fields["plate_color"], fields["plate"]) == ("1234567", 1, "赣A1234567890")


def test_a_2019_auth_body_in_the_old_shape_is_all_code() -> None:
    assert decode_body(0x0102, b"zcode", layout_2019=True) == {"auth_code": "zcode"}
    assert decode_body(0x0102, b"", layout_2019=True) == {"auth_code": ""}


def test_control_characters_do_not_reach_a_screen() -> None:
    body = encode.register(to=OLD, plate="测A\x1b[2J\u202e12", maker="zs")
    assert decode_body(0x0100, body, layout_2019=False)["plate"] == "测A[2J12"


def test_attributes_name_the_sim_card() -> None:
    asserted = [(record, str(record.get("assertions_in_source"))) for record in ALL]
    (record,) = (one for one, says in asserted if "KEY_ICCID" in says)
    body = only(Jt808Codec(), bytes.fromhex(record["hex"])).fields["body"]
    assert (body["model"], body["iccid"]) == ("C5L", "89883030000131882455")
