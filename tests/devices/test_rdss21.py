from __future__ import annotations

import pytest

from app.devices.adapter import Garbage, Reading
from app.devices.adapters import rdss21, rsmc
from app.devices.adapters.sentence import BeidouAsciiCodec, sentence
from app.signals import Distress, Fix, Health, Receipt, Text
from tests.devices.evidence import Record, cases, differences, only, position, read, records

ALL = records("beidou_rdss21")
GOOD = [record for record in ALL if record["checksum_ok"]]
BAD = [record for record in ALL if not record["checksum_ok"]]

SAMPLE = (
    b"$BDICI,0242286,00242286,0000011,6,60,3,N,0*38\r\n",
    b"$BDTXR,1,0179773,2,,A468656C6C6F*43\r\n",
    b"$BDFKI,DWA,N,Y,0,0058*16\r\n",
    "$CCTXA,0212004,1,0,紧急求援*73\r\n".encode("gbk"),
    b"$BDBSI,01,03,3,2,2,0,3,0,0,3,0,0*5F\r\n",
    b"$BDDWR,1,0242286,021549.65,2240.4051,N,11402.5601,E,47,M,-3,M,1,V,V,L*1F\r\n",
)


def as_printed(expected: Record) -> Record:
    """Spell what the records made from the specification expect as the decoder prints it.

    They name and type some fields otherwise than the records of captured sentences do (`class`, `cmd`,
    numbers for card numbers, true for Y); both cannot be met, so the captured ones decide.
    """
    names = {"class": "comm_class", "type": "info_type", "cmd": "command", "time": "send_time"}
    spelled = {names.get(name, name): value for name, value in expected.items()}
    for name, value in spelled.items():
        if isinstance(value, bool):
            spelled[name] = "Y" if value else "N"
        elif name in ("dest", "sender"):
            spelled[name] = f"{value:07}"
        elif name == "send_time":
            spelled[name] = value.replace(":", "")
    return spelled


def line(record: Record) -> bytes:
    return str(record["ascii"]).encode("gbk") + b"\r\n"


def test_every_record_has_its_test() -> None:
    assert len(GOOD) + len(BAD) == len(ALL)


@pytest.mark.parametrize("record", cases(GOOD))
def test_a_recorded_sentence_reads_as_expected(record: Record) -> None:
    reading = only(BeidouAsciiCodec(), line(record))
    expected = as_printed(record["expect"]) if record["constructed"] else record["expect"]
    assert differences(expected, dict(reading.fields)) == []
    assert (reading.family, reading.raw) == ("rdss21", line(record).strip())


@pytest.mark.parametrize("record", cases(BAD))
def test_a_sentence_with_a_wrong_checksum_is_no_reading(record: Record) -> None:
    assert [type(one) for one in read(BeidouAsciiCodec(), line(record))] == [Garbage]


@pytest.mark.parametrize(
    "record",
    cases([record for record in GOOD if record["ascii"].startswith("$CCTXA") and ",2,A4" in record["ascii"]]),
)
def test_an_order_is_written_as_it_was_recorded(record: Record) -> None:
    fields = only(BeidouAsciiCodec(), line(record)).fields
    assert rdss21.cctxa(fields["dest"], fields["text"]) == line(record)


@pytest.mark.parametrize(
    ("written", "recorded"),
    [
        (rdss21.ccica(), "$CCICA,0,00*7B"),
        (rdss21.ccrmo("BSI", 2, 10), "$CCRMO,BSI,2,10*17"),
        (rdss21.ccrmo("", 4, 1.5), "$CCRMO,,4,1.5*62"),
        (rdss21.bdtxr(179773, "hello"), "$BDTXR,1,0179773,2,,A468656C6C6F*43"),
        (rdss21.bdtxr(212003, "收到", time="0930"), "$BDTXR,1,0212003,2,0930,A4CAD5B5BD*38"),
        (rdss21.bdfki("TXA", ok=False, too_soon=True, wait_s=37), "$BDFKI,TXA,N,N,0,0037*17"),
        (rdss21.bdfki("TXA", ok=True, wait_s=40), "$BDFKI,TXA,Y,Y,0,0040*17"),
    ],
)
def test_what_we_write_is_what_was_recorded(written: bytes, recorded: str) -> None:
    assert written == recorded.encode("ascii") + b"\r\n"


def test_an_urgent_order_has_class_0() -> None:
    assert only(BeidouAsciiCodec(), rdss21.cctxa(212004, "急", urgent=True)).fields["comm_class"] == 0


# What sentences mean


def signals(line: bytes) -> tuple[object, ...]:
    return only(BeidouAsciiCodec(), line).signals


def test_the_card_in_the_machine_speaks_for_feedback_and_beams() -> None:
    codec = BeidouAsciiCodec()
    data = SAMPLE[2] + rdss21.bdici(212003, level=2) + SAMPLE[2] + SAMPLE[4]
    senders = [one.sender for one in read(codec, data) if isinstance(one, Reading)]
    assert senders == ["", "212003", "212003", "212003"]


def test_a_card_is_health_and_no_card_has_no_number() -> None:
    assert signals(rdss21.bdici(212003)) == (
        Health((("card_number", "212003"), ("freq_s", 60.0), ("level", 3))),
    )
    assert signals(sentence("BDICI", "2097151")) == (
        Health((("card_number", ""), ("freq_s", 0), ("level", 0))),
    )


@pytest.mark.parametrize(
    ("feedback", "receipt"),
    [
        (rdss21.bdfki("TXA", ok=True, wait_s=40), Receipt("TXA", "accepted", retry_after_s=40)),
        (rdss21.bdfki("TXA", ok=False, too_soon=True, wait_s=97), Receipt("TXA", "failed", "too_soon", 97)),
        (rdss21.bdfki("DWA", ok=False, wait_s=58), Receipt("DWA", "failed", "too_soon", 58)),
        (rdss21.bdfki("TXA", ok=False), Receipt("TXA", "failed", "failed")),
        (rdss21.bdfki("TXA", ok=False, suppress=1), Receipt("TXA", "failed", "suppressed")),
        (rdss21.bdfki("TXA", ok=False, suppress=2), Receipt("TXA", "failed", "low_battery")),
        (rdss21.bdfki("TXA", ok=False, suppress=3), Receipt("TXA", "failed", "silent")),
        (sentence("BDFKI", "TXA", "N", "N", 0, "0099"), Receipt("TXA", "failed", "too_soon")),
        (sentence("BDFKI", "TXA"), Receipt("TXA", "failed", "failed")),
    ],
)
def test_feedback_is_a_receipt(feedback: bytes, receipt: Receipt) -> None:
    assert signals(feedback) == (receipt,)


@pytest.mark.parametrize(
    ("mode", "content", "text"),
    [
        (0, "收到,马上*到", "收到,马上*到"),
        (0, "收到*7A", "收到*7A"),
        (1, "A4CAD5B5BD", "收到"),
        (1, "1234567890", "1234567890"),
        (1, "313233", "313233 (123)"),
        (1, "3A41", ":A"),
        (1, "12345", "12345"),
        (2, "A4CAD5B5BD", "收到"),
        (2, "A4FBECCBHELLO", "A4FBECCBHELLO"),
        ("", "A4CAD5B5BD", "收到"),
    ],
)
def test_content_is_read_whatever_the_mode_says(mode: int | str, content: str, text: str) -> None:
    (signal,) = signals(sentence("BDTXR", 1, "0212003", mode, "", content))
    assert isinstance(signal, Text)
    assert signal.text == text


def test_the_same_text_again_has_the_same_ref_and_another_text_another() -> None:
    refs = [signals(rdss21.bdtxr(5, text)) for text in ("收到", "收到", "出发")]
    assert refs[0] == refs[1] != refs[2]


def test_a_position_report_is_a_text_and_a_fix() -> None:
    report = position(h=9, m=30, lon_d=115, lon_m=30, lat_d=28, lat_m=3, height=33)
    reading = only(BeidouAsciiCodec(), sentence("BDTXR", 1, "0212003", 1, "", report.hex().upper()))
    text, fix = reading.signals
    assert isinstance(text, Text)
    assert fix == Fix(115.5, 28.05, altitude_m=33.0)
    assert reading.fields["position"]["time"] == "09:30:00.00"


def test_an_urgent_position_is_distress_of_the_user_named() -> None:
    urgent = sentence(
        "BDDWR", 2, "0212004", "021549.65", "2240.4", "N", "11402.5", "E", 47, "M", -3, "M", 1, "A"
    )
    reading = only(BeidouAsciiCodec(), urgent)
    fix, distress = reading.signals
    assert isinstance(fix, Fix)
    assert distress == Distress("212004-021549.65", fix=fix)
    assert reading.sender == "212004"


@pytest.mark.parametrize("lat", ["", "9999.0", "2260.0", "9100.0", "x"])
def test_a_position_without_sense_is_no_fix(lat: str) -> None:
    assert signals(sentence("BDWAA", 0, "", "0212004", "010203", lat, "N", "11402.5", "E", 61, "M")) == ()


@pytest.mark.parametrize(
    "head", ["BDTXR", "CCTXA", "BDDWR", "BDWAA", "BDBSI", "BDICI", "CCRMO", "CCDWA", "BDFKI"]
)
@pytest.mark.parametrize("content", ["", ",,,,,,,,,,,,,,,,", "x,y,z", "1,\x1b,\u202e"])
def test_a_sentence_with_fields_missing_is_read_without_harm(head: str, content: str) -> None:
    reading = only(BeidouAsciiCodec(), sentence(head, *content.split(",")))
    assert reading.kind == head
    assert reading.sender in ("", "0", "1")


# Lines


def test_a_checksum_is_the_last_star_of_a_line() -> None:
    reading = only(BeidouAsciiCodec(), sentence("CCTXA", "0212004", 1, 0, "5*7 $BDXXX,1*00"))
    assert reading.fields["text"] == "5*7 $BDXXX,1*00"


def test_content_that_looks_like_two_sentences_is_one_by_its_checksum() -> None:
    reading = only(BeidouAsciiCodec(), sentence("CCTXA", "0212004", 1, 0, "5*70$BDXXX,1"))
    assert reading.fields["text"] == "5*70$BDXXX,1"


def test_sentences_glued_by_lost_line_ends_are_both_read() -> None:
    data = SAMPLE[0].strip() + SAMPLE[1].strip() + SAMPLE[2]
    assert [one.kind for one in read(BeidouAsciiCodec(), data) if isinstance(one, Reading)] == [
        "BDICI",
        "BDTXR",
        "BDFKI",
    ]


def test_a_bad_sentence_does_not_take_the_one_glued_to_it() -> None:
    bad, good = SAMPLE[0].strip().replace(b"242286", b"242287", 1), SAMPLE[1]
    garbage, reading = read(BeidouAsciiCodec(), bad + good)
    assert garbage == Garbage(bad, "checksum")
    assert isinstance(reading, Reading)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"abc\r\n", [("noise", b"abc")]),
        (b"$BDTXR,1\r\n", [("no checksum", b"$BDTXR,1")]),
        (b"$BDTXR,1*00\r\n", [("checksum", b"$BDTXR,1*00")]),
        (b"$x*78\r\n", [("checksum", b"$x*78")]),
        (b"abc*00\n", [("noise", b"abc*00")]),
        (b"\xff$$" + SAMPLE[1], [("noise", b"\xff$$"), ("BDTXR", SAMPLE[1].strip())]),
        (SAMPLE[1].replace(b"468", b"469"), [("checksum", SAMPLE[1].replace(b"468", b"469").strip())]),
        (SAMPLE[0].replace(b"*38", b"*3b"), [("checksum", SAMPLE[0].replace(b"*38", b"*3b").strip())]),
        (SAMPLE[1].strip(), [("BDTXR", SAMPLE[1].strip())]),
        (SAMPLE[1][:20], [("incomplete", SAMPLE[1][:20])]),
        (b"x" * 9000, [("oversized", b"x" * 8192), ("oversized", b"x" * 808)]),
        (b"x" * 9000 + b"\n", [("oversized", b"x" * 8192), ("oversized", b"x" * 808)]),
        (b"\r\n\r\n", []),
    ],
)
def test_what_is_no_sentence_is_garbage(data: bytes, found: list[tuple[str, bytes]]) -> None:
    got = [
        (one.reason if isinstance(one, Garbage) else one.kind, one.raw)
        for one in read(BeidouAsciiCodec(), data)
    ]
    assert got == found


def test_three_families_on_one_line_each_say_their_own_name() -> None:
    data = (
        SAMPLE[1]
        + rsmc.bdtci(15950044, 15240507, "收到")
        + sentence("GNGGA", "063846.00")
        + sentence("PCAS10", 1)
    )
    families = [one.family for one in read(BeidouAsciiCodec(), data) if isinstance(one, Reading)]
    assert families == ["rdss21", "rsmc", "nmea", "nmea"]
