from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.rdss40 import Rdss40Codec, encode
from app.devices.adapters.rdss40.codec import MAX_NOISE, build_frame
from app.signals import Distress, Fix, Health, Receipt, Text
from tests.devices.evidence import Record, cases, differences, only, position, read, records

ALL = records("beidou_rdss40")
GOOD = [record for record in ALL if record["checksum_ok"]]
BAD = [record for record in ALL if not record["checksum_ok"]]
DWXX = bytes.fromhex("2444575858001f033c2400033c230203043274171d0527362d02400c400657")

SAMPLE = (
    bytes.fromhex("24494358580016022ac4001d771406003c0400000094"),
    bytes.fromhex("2454585858001a02adf74002adf700000030ced2b0aec4e30067"),
    bytes.fromhex("2454585858001F022AC362022AC300000058A4C4E3BAC3D6D0B9FAC8CB00B1"),
    bytes.fromhex("24464b58580010033c23040000002504"),
    DWXX,
    bytes.fromhex("245a4a58580015022ac401006402020402000402a8"),
)


@pytest.mark.parametrize("record", cases(GOOD))
def test_a_recorded_frame_reads_as_expected_and_is_written_the_same(record: Record) -> None:
    raw = bytes.fromhex(record["hex"])
    reading = only(Rdss40Codec(), raw)
    assert differences(record["expect"], dict(reading.fields)) == []
    assert reading.raw == raw
    assert build_frame(reading.kind, reading.fields["user"], raw[10:-1]) == raw


@pytest.mark.parametrize("record", cases(BAD))
def test_a_frame_with_a_wrong_length_is_no_reading(record: Record) -> None:
    assert [type(one) for one in read(Rdss40Codec(), bytes.fromhex(record["hex"]))] == [Garbage]


@pytest.mark.parametrize(
    ("written", "recorded"),
    [
        (encode.icjc(), "2449434a43000c000000002b"),
        (encode.xtzj(user=142020), "2458545a4a000d022ac40000d9"),
        (
            encode.txsq(212004, "紧急求援", user=212003, mixed=False),
            "2454585351001a033c2344033c24004000bdf4bcb1c7f3d4ae39",
        ),
        (encode.txxx(175607, "我爱你", user=175607, mixed=False), SAMPLE[1].hex()),
        (encode.fkxx(0, user=0x022AC4), "24464B58580010022AC40054585351DB".lower()),
        (encode.fkxx(4, user=212003, wait_s=37), SAMPLE[3].hex()),
        (encode.zjxx(142020, beams=(2, 4, 2, 0, 4, 2)), SAMPLE[5].hex()),
    ],
)
def test_what_we_write_is_what_was_recorded(written: bytes, recorded: str) -> None:
    assert written.hex() == recorded


def test_a_mixed_urgent_message_is_marked_so() -> None:
    fields = only(Rdss40Codec(), encode.txsq(212004, "急abc", urgent=True)).fields
    assert (fields["comm_class"], fields["transfer"], fields["bits"], fields["text"]) == (0, 1, 48, "急abc")


# What frames mean


def signals(frame: bytes) -> tuple[object, ...]:
    return only(Rdss40Codec(), frame).signals


def test_a_text_is_its_senders_not_the_machines() -> None:
    reading = only(Rdss40Codec(), encode.txxx(142019, "水位\x1b上涨", user=142020))
    (text,) = reading.signals
    assert isinstance(text, Text)
    assert (reading.sender, text.text) == ("142019", "水位上涨")


def test_a_text_damaged_on_the_air_is_shown_in_the_fields_only() -> None:
    reading = only(Rdss40Codec(), encode.txxx(142019, "水位上涨", damaged=True))
    assert (reading.fields["crc_error"], reading.fields["text"], reading.signals) == (True, "水位上涨", ())


def test_a_position_report_is_a_text_and_a_fix() -> None:
    report = position(h=9, m=30, lon_d=115, lon_m=30, lat_d=28, lat_m=3, height=33)
    content = bytes((0x60, 0, 0, 5, 0, 0)) + (104).to_bytes(2, "big") + report + b"\0"
    reading = only(Rdss40Codec(), build_frame("TXXX", 1, content))
    assert reading.fields["encoding"] == "position(A0)"
    assert reading.fields["position"]["height_m"] == 33
    assert [type(one) for one in reading.signals] == [Text, Fix]


def test_a_card_is_health_and_lists_of_subordinates_are_not() -> None:
    assert signals(encode.icxx(142020, level=4)) == (
        Health((("card_number", "142020"), ("freq_s", 60), ("level", 4))),
    )
    assert signals(encode.icxx(0)) == (Health((("card_number", ""), ("freq_s", 60), ("level", 3))),)
    subordinates = only(Rdss40Codec(), build_frame("ICXX", 142020, bytes.fromhex("01022ac4022ac5")))
    assert subordinates.fields["ids"] == [142020, 142021]
    assert subordinates.signals == ()
    assert signals(build_frame("ICXX", 142020, b"\0\0")) == ()


def test_a_self_check_is_health() -> None:
    assert signals(encode.zjxx(142020, battery_pct=55, beams=(0, 3, 0, 0, 1, 0), inbound=1)) == (
        Health((("battery_pct", 55), ("suppressed", 1), ("hardware_fault", 0), ("signal_level", 3))),
    )


@pytest.mark.parametrize(
    ("feedback", "found"),
    [
        (encode.fkxx(0), (Receipt("TXSQ", "accepted"),)),
        (encode.fkxx(1), (Receipt("TXSQ", "failed", "failed"),)),
        (encode.fkxx(2), (Receipt("TXSQ", "failed", "not_locked"),)),
        (encode.fkxx(3), (Receipt("TXSQ", "failed", "low_battery"),)),
        (encode.fkxx(4, wait_s=37), (Receipt("", "failed", "too_soon", 37),)),
        (build_frame("FKXX", 1, bytes((4, 0, 1, 0, 5))), (Receipt("", "failed", "too_soon"),)),
        (encode.fkxx(5), (Receipt("TXSQ", "failed", "crypto"),)),
        (encode.fkxx(6), (Receipt("TXSQ", "failed", "checksum"),)),
        (encode.fkxx(7), (Receipt("TXSQ", "failed", "suppressed"),)),
        (encode.fkxx(8), ()),
        (encode.fkxx(0xA1), (Receipt("TXSQ", "failed", "flag_161"),)),
    ],
)
def test_feedback_is_a_receipt(feedback: bytes, found: tuple[Receipt, ...]) -> None:
    assert signals(feedback) == found


def test_a_position_is_a_fix_of_the_user_queried() -> None:
    reading = only(Rdss40Codec(), DWXX)
    assert reading.sender == "212003"
    assert reading.signals == (Fix(116.3915278, 39.9125556, altitude_m=-12.0),)


def test_an_emergency_position_is_distress_even_without_a_place() -> None:
    content = bytearray(DWXX[10:-1])
    content[0] |= 1 << 2
    fix, distress = signals(build_frame("DWXX", 1, bytes(content)))
    assert isinstance(fix, Fix)
    assert distress == Distress("212003-02:03:04.50", fix=fix)
    content[8] = 200
    assert signals(build_frame("DWXX", 1, bytes(content))) == (Distress("212003-02:03:04.50"),)


# The stream


def test_a_damaged_length_swallows_no_good_frame() -> None:
    damaged = bytearray(SAMPLE[0])
    damaged[6] = 200
    codec = Rdss40Codec()
    assert [*codec.feed(bytes(damaged) + SAMPLE[1])] == []
    garbage, reading = codec.idle()
    assert garbage == Garbage(bytes(damaged), "incomplete")
    assert isinstance(reading, Reading)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"noise", "noise"),
        (b"$GPGGA,0123", "noise"),
        (b"$TXXX,0123", "length"),
        (b"$ABCD1234567", "noise"),
        (b"$TX", "incomplete"),
        (b"$", "incomplete"),
        (SAMPLE[0][:-1] + b"\0", "checksum"),
    ],
)
def test_bad_bytes_have_a_reason(data: bytes, reason: str) -> None:
    assert read(Rdss40Codec(), data) == [Garbage(data, reason)]


def test_long_noise_is_cut_the_same_whatever_the_split() -> None:
    noise = bytes(10000)
    pieces = read(Rdss40Codec(), noise)
    codec = Rdss40Codec()
    assert [*(one for byte in noise for one in codec.feed(bytes((byte,)))), *codec.idle()] == pieces
    assert [len(one.raw) for one in pieces] == [MAX_NOISE, MAX_NOISE, 10000 - 2 * MAX_NOISE]


def test_a_content_that_is_too_short_is_kept_as_hex() -> None:
    reading = only(Rdss40Codec(), build_frame("TXXX", 1, b"\x60\0"))
    assert reading.fields["raw"] == "6000"
    assert (reading.sender, reading.signals) == ("1", ())


@given(
    text=st.text(max_size=80),
    dest=st.integers(0, 0xFFFFFF),
    user=st.integers(0, 0xFFFFFF),
    mixed=st.booleans(),
)
def test_what_is_written_is_read(*, text: str, dest: int, user: int, mixed: bool) -> None:
    raw = encode.txsq(dest, text, user=user, mixed=mixed)
    reading = only(Rdss40Codec(), raw)
    assert (reading.raw, reading.fields["dest"], reading.fields["payload_len_ok"]) == (raw, dest, True)
