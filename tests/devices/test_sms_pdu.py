from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage, Reading
from app.devices.adapters import sms_pdu_write as write
from app.devices.adapters.sms_pdu import SmsPduCodec, receipt
from app.devices.adapters.sms_pdu_alphabet import alphabet_of, septets_of, text_of
from app.devices.adapters.sms_pdu_message import BadPdu, Concat, Content, Message, read_pdu
from app.devices.adapters.sms_pdu_parts import KEPT, MAX_HELD, Assembler
from app.devices.decode import decode_lines
from app.signals import Receipt, Text
from tests.devices.evidence import VECTORS, Record, differences, only, read

RECORDS: list[Record] = json.loads((VECTORS / "sat_sms_pdu.json").read_text("utf-8"))["vectors"]
BY_ID = {record["id"]: record for record in RECORDS}
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

UNCHECKED = "a PDU carries no checksum: the layers of the air interface below it do"
HEAD = "0004039121F3" + "0000" + "62114221000000"  # a message from +123 up to its user data
HEADED = HEAD.replace("0004", "0044", 1)

SAMPLE = tuple(
    str(BY_ID[name]["pdu"]).encode() + b"\r\n"
    for name in ("zh-deliver-zte", "concat-mm-1of2", "status-report-gm", "submit-ucs2-ja", "deliver-8bit")
)


def cases(found: list[Record]) -> list[ParameterSet]:
    return [pytest.param(record, id=record["id"]) for record in found]


def line(record: Record) -> bytes:
    return str(record["pdu"]).encode() + b"\r\n"


@pytest.mark.parametrize("record", cases(RECORDS))
def test_a_recorded_pdu_reads_as_expected(record: Record) -> None:
    reading = only(SmsPduCodec(), line(record))
    assert differences(record["expected"], dict(reading.fields)) == []
    assert set(reading.fields) - set(record["expected"]) <= {"vp"}
    (printed,) = decode_lines("sms-pdu", [record["pdu"]])
    assert printed == reading.fields


@pytest.mark.parametrize("record", cases([r for r in RECORDS if "cmgs_length" in r]))
def test_the_length_for_cmgs_leaves_the_service_centre_out(record: Record) -> None:
    assert write.cmgs_length(bytes.fromhex(record["pdu"])) == record["cmgs_length"]


@pytest.mark.parametrize(
    "record", cases([r for r in RECORDS if r["direction"] == "host->device" and "absvp" not in r["id"]])
)
def test_what_we_send_is_what_was_recorded(record: Record) -> None:
    message = read_pdu(bytes.fromhex(record["pdu"]))
    assert message.content is not None
    assert not isinstance(message.validity, datetime)
    written = write.submit(
        message.number,
        message.content,
        concat=message.concat,
        report=bool(message.wants_report),
        validity=message.validity,
        smsc=message.smsc or "",
    )
    assert written.hex().upper() == record["pdu"]


@pytest.mark.parametrize("record", cases([r for r in RECORDS if r["expected"]["type"] == "SMS-DELIVER"]))
def test_what_a_simulated_phone_receives_is_what_was_recorded(record: Record) -> None:
    message = read_pdu(bytes.fromhex(record["pdu"]))
    assert message.content is not None and message.sent_at is not None
    written = write.deliver(
        message.number, message.content, message.sent_at, concat=message.concat, smsc=message.smsc or ""
    )
    again = read_pdu(written)
    assert (again.number, again.content, again.concat) == (message.number, message.content, message.concat)
    assert (again.sent_at, again.smsc) == (message.sent_at, message.smsc)
    assert again.sent_at is not None and again.sent_at.utcoffset() == message.sent_at.utcoffset()


def test_a_text_from_a_chinese_phone_is_a_signal_with_its_time() -> None:
    (signal,) = only(SmsPduCodec(), line(BY_ID["zh-deliver-nihao"])).signals
    assert isinstance(signal, Text)
    assert (signal.text, signal.sent_at) == ("你好", datetime(2014, 10, 21, 7, 10, 18, tzinfo=UTC))
    assert signal.ref.startswith("+8613800138000-2014-10-21T15:10:18+08:00-")


def test_control_characters_never_reach_a_screen() -> None:
    pdu = write.deliver("+8617401234567", Content("ucs2", "\x1b[31m红\u202e\r\n".encode("utf-16-be")), NOON)
    (signal,) = only(SmsPduCodec(), pdu.hex().encode()).signals
    assert isinstance(signal, Text)
    assert signal.text == "[31m红\n"


# Long texts


def test_parts_from_two_service_centres_are_one_text() -> None:
    codec = SmsPduCodec()
    first, second = (BY_ID[f"concat-mm-{n}of2"] for n in (1, 2))
    assert only(codec, line(second)).signals == ()
    whole = only(codec, line(first))
    text = first["expected"]["text"] + second["expected"]["text"]
    assert whole.fields["assembled"] == {"text": text, "parts": 2}
    (signal,) = whole.signals
    assert isinstance(signal, Text)
    assert signal.text == text


def test_a_reference_used_again_a_day_later_begins_a_new_text() -> None:
    assembler: Assembler[int] = Assembler()
    one, two = (part(seq, str(seq)) for seq in (1, 2))
    assert assembler.take(one, 1, NOON) is None
    assert assembler.take(two, 2, NOON + KEPT + timedelta(seconds=1)) is None
    group = assembler.take(one, 3, NOON + KEPT + timedelta(seconds=2))
    assert group is not None
    assert (group.text(), group.tokens) == ("12", [2, 3])


def test_another_part_in_the_same_place_begins_a_new_text_and_a_copy_counts_once() -> None:
    assembler: Assembler[int] = Assembler()
    assembler.take(part(1, "old"), 1, NOON)
    assembler.take(part(1, "new"), 2, NOON)
    assembler.take(part(1, "new"), 3, NOON)
    assembler.take(part(1, "new"), 3, NOON)
    group = assembler.take(part(2, "!"), 4, NOON)
    assert group is not None
    assert (group.text(), group.tokens, group.number) == ("new!", [2, 3, 4], "+1")
    assert assembler.open() == []


def test_what_is_missing_of_a_text_shows_as_dots() -> None:
    assembler: Assembler[int] = Assembler()
    for seq, words in ((2, "桥"), (3, "断"), (6, "!")):
        assembler.take(part(seq, words, total=7), seq, NOON)
    (group,) = assembler.open()
    assert group.text() == "…桥断…!…"
    assert group.first.concat == Concat(9, 7, 2, 8)
    assembler.forget(group)
    assert assembler.open() == []


def test_a_pair_cut_between_parts_by_another_sender_is_read_whole() -> None:
    body = "水𠮷".encode("utf-16-be")
    assembler: Assembler[int] = Assembler()
    assembler.take(part(1, body[:4]), 1, NOON)
    group = assembler.take(part(2, body[4:]), 2, NOON)
    assert group is not None
    assert group.text() == "水𠮷"


def test_unfinished_texts_take_bounded_room_and_the_oldest_goes() -> None:
    assembler: Assembler[int] = Assembler()
    for number in range(MAX_HELD + 5):
        assembler.take(part(1, "x", number=f"+{number}"), number, NOON)
    assert [len(assembler.open()), assembler.open()[0].number] == [MAX_HELD, "+5"]


def test_a_message_in_one_piece_waits_for_nothing() -> None:
    with pytest.raises(ValueError, match="one piece"):
        Assembler[int]().take(Message("SMS-DELIVER", None, 0, "+1"), 1, NOON)


def part(seq: int, words: str | bytes, *, total: int = 2, number: str = "+1") -> Message:
    body = words if isinstance(words, bytes) else words.encode("utf-16-be")
    concat = Concat(9, total, seq, 8)
    return Message("SMS-DELIVER", None, 0, number, concat=concat, content=Content("ucs2", body))


# Round trips


@given(text=st.text(max_size=700))
def test_any_text_arrives_as_it_was_sent(text: str) -> None:
    said = text.encode("utf-16-be", "replace").decode("utf-16-be")
    contents = write.split(text)
    total = len(contents)
    assembler: Assembler[int] = Assembler()
    heard: str | None = None
    for seq, content in reversed(list(enumerate(contents, 1))):
        concat = Concat(7, total, seq, 8) if total > 1 else None
        pdu = write.submit("+8617401234567", content, concat=concat, validity=5)
        message = read_pdu(pdu)
        assert message.content is not None
        assert len(pdu) <= 1 + 15 + 140
        message.content.text.encode()  # each part stands for itself
        if concat is None:
            heard = message.content.text
        elif group := assembler.take(message, seq, NOON):
            heard = group.text()
    assert heard == said


@given(
    text=st.text(alphabet=[c for c in map(chr, range(0x2500)) if septets_of(c)], max_size=152),
    bits=st.sampled_from([8, 16]),
)
def test_seven_bit_text_stands_behind_either_header(text: str, bits: int) -> None:
    septets = septets_of(text) or b""
    concat = Concat(300 if bits == 16 else 7, 3, 2, bits)
    message = read_pdu(write.deliver("INFO", Content("gsm7", septets[:152]), NOON, concat=concat))
    assert message.content == Content("gsm7", septets[:152])
    assert (message.concat, message.number) == (concat, "INFO")


@given(second=st.integers(0, 99 * 365 * 86_400), quarters=st.integers(-79, 79))
def test_any_time_in_any_zone_is_read_back(second: int, quarters: int) -> None:
    zone = timezone(timedelta(minutes=15 * quarters))
    sent = datetime(2000, 1, 1, tzinfo=zone) + timedelta(seconds=second)
    message = read_pdu(write.status_report(300, "12345", sent, sent, 48))
    assert message.sent_at == message.discharged_at == sent
    assert message.reference == 300 & 0xFF


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("a" * 160, [160]),
        ("a" * 161, [153, 8]),
        ("a" * 152 + "€" + "b" * 20, [152, 22]),
        ("€" * 80, [160]),
        ("水" * 70, [140]),
        ("水" * 71, [134, 8]),
        ("水" * 66 + "𠮷" + "水" * 10, [132, 24]),
        ("", [0]),
    ],
)
def test_texts_are_cut_where_the_standard_says_but_never_inside_a_character(
    text: str, sizes: list[int]
) -> None:
    assert [len(content.body) for content in write.split(text)] == sizes


def test_a_text_of_more_than_255_parts_is_refused() -> None:
    assert len(write.split("a" * 153 * 255)) == 255
    with pytest.raises(ValueError, match="256 parts"):
        write.split("a" * (153 * 255 + 1))


@pytest.mark.parametrize(
    ("minutes", "octet"),
    [(0, 0), (5, 0), (30, 5), (720, 143), (750, 144), (1440, 167), (2880, 168), (100_000, 196)],
)
def test_a_validity_period_is_written_as_one_octet(minutes: int, octet: int) -> None:
    assert write.validity_of(timedelta(minutes=minutes)) == octet


@pytest.mark.parametrize("number", ["", "+", "+12a", "1" * 21, "a very long name", "中国"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        write.submit(number, Content("gsm7", b""))


# Alphabets


@pytest.mark.parametrize(
    ("dcs", "alphabet"),
    [
        (0x00, "gsm7"),
        (0x04, "8bit"),
        (0x08, "ucs2"),
        (0x0C, "gsm7"),
        (0x18, "ucs2"),
        (0x20, "8bit"),
        (0x48, "ucs2"),
        (0x90, "gsm7"),
        (0xC0, "gsm7"),
        (0xD8, "gsm7"),
        (0xE0, "ucs2"),
        (0xF0, "gsm7"),
        (0xF1, "gsm7"),
        (0xF5, "8bit"),
    ],
)
def test_each_coding_group_names_its_alphabet(dcs: int, alphabet: str) -> None:
    assert alphabet_of(dcs) == alphabet


def test_every_character_of_seven_bits_is_read_back() -> None:
    codes = [bytes((code,)) for code in range(128) if code != 0x1B]
    codes += [bytes((0x1B, code)) for code in (0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65)]
    assert [septets_of(text_of(code)) for code in codes] == codes


def test_an_unknown_extension_is_read_from_the_default_table_and_a_lone_escape_is_a_space() -> None:
    assert text_of(b"\x1bA\x1b\x1b") == "A "


# Receipts


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0, Receipt("5", "delivered")),
        (1, Receipt("5", "accepted", "not_confirmed")),
        (2, Receipt("5", "delivered")),
        (0x30, Receipt("5", "accepted", "still_trying")),
        (0x46, Receipt("5", "failed", "validity_expired")),
        (0x60, Receipt("5", "failed", "status_96")),
    ],
)
def test_only_the_far_phone_itself_makes_a_message_delivered(status: int, expected: Receipt) -> None:
    message = read_pdu(write.status_report(5, "+8617401234567", NOON, NOON, status))
    assert receipt(message) == expected


def test_a_status_report_is_a_receipt_of_the_phone_it_names() -> None:
    reading = only(SmsPduCodec(), line(BY_ID["status-report-gm"]))
    assert (reading.sender, reading.signals) == ("31628870634", (Receipt("214", "delivered"),))


# Lines


def test_a_modems_own_lines_are_passed_over_and_its_length_must_agree() -> None:
    pdu = line(BY_ID["zh-deliver-zte"])
    for header in (b'+CMT: "x",27', b"+CMT: ,27", b"+CMGR: 0,,27", b"+CMGL: 1,1,,27", b"+CDS: 27"):
        found = read(SmsPduCodec(), b"\r\n" + header + b"\r\n" + pdu + b'\r\nOK\r\n+CMTI: "SM",3\r\n> ')
        assert [type(one) for one in found] == [Reading]
    assert read(SmsPduCodec(), b"+CMT: ,26\r\n" + pdu) == [Garbage(pdu.strip(), "announced length")]


@pytest.mark.parametrize(
    ("pdu", "reason"),
    [
        ("", None),
        ("00", "truncated"),
        ("0104", "service centre"),
        ("0003", "message type"),
        ("00040D", "truncated"),
        ("00040D11683108108300F0", "address"),
        ("0004FF91", "address"),
        ("0004039121430000000000000000000000", "address"),
        ("000403911FF30000000000000000000000", "address"),
        (HEAD + "01", "truncated"),
        (HEAD + "0000", "length"),
        (HEADED + "00", "header"),
        (HEADED + "080500", "truncated"),
        (HEADED + "02FF00", "header"),
        (HEADED + "010300", "length"),
        (HEADED + "0100", "header"),
        ("zz", "not hex"),
        ("123", "not hex"),
    ],
)
def test_what_is_no_pdu_is_garbage_with_a_reason(pdu: str, reason: str | None) -> None:
    found = read(SmsPduCodec(), pdu.encode())
    assert found == ([Garbage(pdu.encode(), reason)] if reason else [])


def test_an_endless_line_is_cut_and_the_next_one_read() -> None:
    found = read(SmsPduCodec(), b"0" * 5000 + b"\r\n" + SAMPLE[0])
    assert {one.reason for one in found if isinstance(one, Garbage)} == {"oversized"}
    assert isinstance(found[-1], Reading)
    assert [type(one) for one in read(SmsPduCodec(), b"0" * 1025)] == [Garbage, Garbage]


@pytest.mark.parametrize("scts", ["00000000000000", "FFFFFFFFFFFFFF", "62119921000000", "62112421000099"])
def test_an_impossible_time_is_none_and_the_text_is_still_read(scts: str) -> None:
    fields = only(SmsPduCodec(), f"0004039121F30000{scts}00".encode()).fields
    assert (fields["scts"], fields["text"]) == (None, "")


def test_a_header_that_names_no_possible_part_is_no_long_text() -> None:
    for element in ("000300", "00030002", "0003000200", "0003000203", "0102AABB", "00"):
        octets = bytes.fromhex(element)
        body = bytes((len(octets),)) + octets
        pdu = f"{HEADED[:14]}08{HEADED[16:]}{len(body):02X}{body.hex()}"
        assert "concat" not in only(SmsPduCodec(), pdu.encode()).fields


def test_an_enhanced_validity_is_passed_over() -> None:
    fields = only(SmsPduCodec(), b"0009000391214300080102030405060700".replace(b"2143", b"21F3")).fields
    assert (fields["number"], "vp" in fields) == ("+123", False)


@given(data=st.binary(max_size=200))
def test_no_octets_ever_raise_but_bad_pdu(data: bytes) -> None:
    with suppress(BadPdu):
        read_pdu(data)


@given(
    record=st.sampled_from(RECORDS),
    flips=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 255)), max_size=5),
)
def test_damaged_pdus_never_raise(record: Record, flips: list[tuple[int, int]]) -> None:
    pdu = bytearray.fromhex(record["pdu"])
    for at, value in flips:
        pdu[at % len(pdu)] ^= value
    found: list[Any] = read(SmsPduCodec(), pdu.hex().encode())
    assert len(found) == 1
    if isinstance(found[0], Reading):
        json.dumps(dict(found[0].fields)).encode()
