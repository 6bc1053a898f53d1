from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.jt808 import Jt808Codec, Terminal, encode
from app.devices.adapters.jt808.assemble import Assembler
from app.devices.adapters.jt808.codec import MAX_FRAME
from app.devices.adapters.jt808.frame import (
    FLAG,
    Frame,
    Header,
    build_frame,
    escape,
    read_frame,
    read_header,
    unescape,
)
from app.signals import Distress, Fix
from tests.devices.evidence import Record, cases, differences, only, read, records

ALL = records("beidou_jt808")
ESCAPES = [record for record in ALL if record["protocol"] == "jt808-escape"]
NEGATIVES = [record for record in ALL if record.get("negative")]
OTHER_LAYOUT = [record for record in ALL if "alt_layout" in record]
GOOD = [record for record in ALL if record.get("expect", {}).get("body_len_ok") and not record.get("problem")]

OLD = Terminal.v2013("13800138000")
NEW = Terminal.v2019("13800138000")
AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
HERE = encode.location(115.544321, 28.05, AT, speed_mps=10, course_deg=271, altitude_m=33)
SOS = encode.location(115.544321, 28.05, AT, alarm=1, items=((0x30, b"\x15"), (0x31, b"\x0c")))

SAMPLE = (
    encode.encode(encode.LOCATION, SOS, to=OLD, serial=0x7E7D),
    encode.encode(encode.LOCATION, HERE, to=NEW, serial=9),
    bytes.fromhex("7e000200000400216792 87002b7d027e"),  # the check byte of this heartbeat is 7E
    encode.encode(encode.AUTHENTICATE, encode.authenticate("code", to=NEW), to=NEW, serial=10),
    encode.encode(encode.REGISTER, encode.register(to=OLD, plate="测A12345", maker="zs"), to=OLD, serial=11),
)


def test_every_record_has_its_test() -> None:
    assert len(ALL) == len(ESCAPES) + len(NEGATIVES) + len(OTHER_LAYOUT) + len(GOOD)


@pytest.mark.parametrize("record", cases(GOOD))
def test_a_recorded_frame_reads_as_expected_and_is_written_the_same(record: Record) -> None:
    raw = bytes.fromhex(record["hex"])
    reading = only(Jt808Codec(), raw)
    assert differences(record["expect"], dict(reading.fields)) == []
    assert reading.raw == raw
    assert reading.sender == (record["expect"]["phone"].lstrip("0") or "0")
    frame = read_frame(raw[1:-1])
    assert isinstance(frame, Frame)
    assert build_frame(frame.header, frame.body) == raw


@pytest.mark.parametrize("record", cases(ESCAPES))
def test_the_escape_layer_follows_the_example_of_the_standard(record: Record) -> None:
    skipped = bytes.fromhex(record["expect"].get("skipped_leading_hex", ""))
    escaped = bytes.fromhex(record["hex"]).removeprefix(skipped).strip(FLAG)
    plain = bytes.fromhex(record["expect"]["unescaped"])[1:-1]
    assert unescape(escaped) == plain
    assert escape(plain) == escaped


@pytest.mark.parametrize("record", cases(NEGATIVES))
def test_a_negative_record_is_no_reading(record: Record) -> None:
    got = read(Jt808Codec(), bytes.fromhex(record["hex"]))
    assert [type(one) for one in got] == [Garbage]


@pytest.mark.parametrize("record", cases(OTHER_LAYOUT))
def test_a_header_in_the_other_layout_is_read_when_only_that_fits(record: Record) -> None:
    """Their `expect` follows the declared layout into nonsense (latitude -1283°); `alt_layout` is right."""
    raw = bytes.fromhex(record["hex"])
    reading, other = only(Jt808Codec(), raw), record["alt_layout"]
    wanted = {"phone": other["phone"], "serial": other["serial"], "body_len_ok": True}
    assert differences(wanted, dict(reading.fields)) == []
    frame = read_frame(raw[1:-1])
    assert isinstance(frame, Frame)
    assert frame.body.hex() == other["body_hex"]
    assert build_frame(frame.header, frame.body) == raw
    to = Terminal.of(reading.fields)
    assert to == frame.header.terminal


def test_a_vehicle_with_a_2019_bit_over_a_2013_header_is_in_yingkou_not_beyond_the_pole() -> None:
    (record,) = (one for one in OTHER_LAYOUT if one["expect"]["msg_id"] == "0x0200")
    reading = only(Jt808Codec(), bytes.fromhex(record["hex"]))
    fix = reading.signals[0]
    assert isinstance(fix, Fix)
    assert (fix.lon, fix.lat) == (122.4523, 40.670063)


@pytest.mark.parametrize("group", ["subpkg-1205-go", "subpkg-8300-constructed"])
def test_subpackages_come_together_in_any_order(group: str) -> None:
    parts = [bytes.fromhex(record["hex"]) for record in ALL if record.get("group") == group]
    codec = Jt808Codec()
    readings = [only(codec, part) for part in (parts[1], parts[1], parts[0], *parts[2:])]
    whole = [reading.fields["assembled"] for reading in readings if "assembled" in reading.fields]
    assert [one["body_len"] for one in whole] == [5046 if "1205" in group else 801]
    assert codec.missing() == ()


def test_an_assembled_text_reads_as_one() -> None:
    codec = Jt808Codec()
    body = encode.text("汛" * 1500, to=OLD)
    assert encode.packages(body) == 3
    readings = read(codec, encode.encode(encode.TEXT, body, to=OLD, serial=0xFFFF))
    assert [one.fields["serial"] for one in readings if isinstance(one, Reading)] == [0xFFFF, 0, 1]
    last = readings[-1]
    assert isinstance(last, Reading)
    assert last.fields["assembled"]["body"] == {"flag": 12, "text": "汛" * 1500}


def test_an_sos_split_into_subpackages_is_still_an_sos() -> None:
    items = tuple((0xE0, bytes(250)) for _ in range(5))
    body = encode.location(115, 28, AT, alarm=1, items=items)
    *_, last = read(Jt808Codec(), encode.encode(encode.LOCATION, body, to=NEW, serial=3))
    assert isinstance(last, Reading)
    assert any(isinstance(signal, Distress) for signal in last.signals)


def test_missing_parts_are_named_for_the_resend_request() -> None:
    codec = Jt808Codec()
    first, second, third = encode.frames(encode.TEXT, encode.text("汛" * 1500, to=OLD), to=OLD, serial=7)
    only(codec, third)
    (missing,) = codec.missing()
    assert (missing.terminal, missing.msg_id, missing.first_serial, missing.indexes) == (
        OLD,
        0x8300,
        7,
        (1, 2),
    )
    assert encode.resend(7, missing.indexes, to=OLD).hex() == "0007" + "02" + "00010002"
    assert encode.resend(7, missing.indexes, to=NEW).hex() == "0007" + "0002" + "00010002"
    assert "assembled" not in only(codec, first).fields
    assert "assembled" in only(codec, second).fields


def part(index: int, total: int, body: bytes = b"x", serial: int = 100) -> Frame:
    header = Header(0x0801, len(body), 0, OLD, serial + index - 1, subpackage=True, total=total, index=index)
    return Frame(header, body)


def test_an_impossible_index_belongs_to_no_message() -> None:
    assembler = Assembler()
    assert assembler.add(part(0, 2)) is None
    assert assembler.add(part(3, 2)) is None
    assert assembler.missing() == ()


def test_a_new_message_with_the_serials_of_an_old_one_starts_afresh() -> None:
    assembler = Assembler()
    assembler.add(part(1, 3, b"old"))
    assembler.add(part(1, 2, b"new"))
    assert assembler.add(part(2, 2, b"er")) == b"newer"


def test_unfinished_messages_are_given_up_oldest_first() -> None:
    assembler = Assembler(max_bytes=2000)
    for serial in range(0, 300, 100):
        assembler.add(part(1, 9, bytes(900), serial))
    assert [missing.first_serial for missing in assembler.missing()] == [100, 200]


# Framing


def test_frames_may_share_a_flag_and_noise_may_come_between() -> None:
    one, two = SAMPLE[0], SAMPLE[1]
    got = read(Jt808Codec(), b"noise" + one + two[1:] + b"more" + two)
    assert [one.reason if isinstance(one, Garbage) else one.kind for one in got] == [
        "noise",
        "0x0200",
        "0x0200",
        "short",
        "0x0200",
    ]


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("7e017d0302030405060708090a0b0c0d0e7e", "escape"),
        ("7e0102037e", "short"),
        ("7e00020000040021679287002b007e", "checksum"),
        ("7e0002000104002167928700 2b7f7e", "length"),
    ],
)
def test_bad_bytes_have_a_reason(frame: str, reason: str) -> None:
    (garbage,) = read(Jt808Codec(), bytes.fromhex(frame))
    assert isinstance(garbage, Garbage)
    assert (garbage.reason, garbage.raw) == (reason, bytes.fromhex(frame))


def test_a_half_frame_is_given_up_when_the_line_falls_silent() -> None:
    codec = Jt808Codec()
    (garbage,) = read(codec, SAMPLE[0][:-1])
    assert garbage == Garbage(SAMPLE[0][:-1], "incomplete")
    assert read(codec, b"tail") == [Garbage(b"tail", "incomplete")]
    assert only(codec, SAMPLE[0]).kind == "0x0200"


def test_a_run_without_flags_is_cut_at_64_kib() -> None:
    codec = Jt808Codec()
    got = [garbage for _ in range(50) for garbage in codec.feed(bytes(5000))]
    assert {(len(one.raw), getattr(one, "reason", "")) for one in got} == {(MAX_FRAME, "oversized")}
    assert len(got) == 3
    assert [type(one) for one in codec.feed(SAMPLE[0])] == [Garbage, Reading]


def test_a_frame_whose_length_does_not_fit_is_refused_with_result_2() -> None:
    (record,) = (one for one in NEGATIVES if one["expect_error"] == "protocol.ErrBodyLengthInconsistency")
    (garbage,) = read(Jt808Codec(), bytes.fromhex(record["hex"]))
    assert isinstance(garbage, Garbage)
    assert garbage.reason == "length"
    answer = encode.refuse(garbage.raw, serial=1)
    assert answer is not None
    fields = only(Jt808Codec(), answer).fields
    header = record["expect_header"]
    assert fields["phone"] == header["phone"]
    assert fields["body"] == {"ack_serial": header["serial"], "ack_id": header["msg_id"], "result": 2}


@pytest.mark.parametrize("raw", ["7e017d037e", "7e7e", "7e0102037e", "7e" + "00" * 12 + "017e"])
def test_other_garbage_gets_no_answer(raw: str) -> None:
    assert encode.refuse(bytes.fromhex(raw), serial=1) is None


def test_a_header_that_ends_early_is_none() -> None:
    assert read_header(bytes.fromhex("000240") + bytes(12)) is None
    assert read_header(b"") is None
