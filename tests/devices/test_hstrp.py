from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage, Reading
from app.devices.adapters import hstrp
from app.devices.adapters.hstrp import Datagram, HstrpCodec
from app.devices.adapters.hytera import location
from app.signals import Distress, Presence, Talk
from tests.devices.evidence import differences, only, read
from tests.devices.hytera_frames import cases, cycle, frame

SAMPLE = (
    frame("cap-hstrp-heartbeat"),
    frame("cap-rcp-call-reply"),
    frame("cap-rcp-repeater-status-remote-ptt-tx"),
    frame("ok-hstrp-rrs-register"),
    frame("kt-hstrp-connect"),
    frame("kt-hstrp-group-text2"),
)

SYN = frame("kt-hstrp-connect")


@pytest.mark.parametrize(("raw", "expected"), cases("HSTRP"))
def test_a_recorded_datagram_reads_as_expected(raw: bytes, expected: dict[str, Any]) -> None:
    reading = only(HstrpCodec(), raw)
    assert differences(expected, dict(reading.fields)) == []
    assert (reading.family, reading.raw) == ("hdap", raw)


@pytest.mark.parametrize(("raw", "expected"), cases("HSTRP"))
def test_a_wrong_checksum_is_refused_where_that_is_wished(raw: bytes, expected: dict[str, Any]) -> None:
    (got,) = read(HstrpCodec(strict=True), raw)
    good = expected.get("hdap", {}).get("checksum_ok", True)
    assert isinstance(got, Reading if good else Garbage)


@pytest.mark.parametrize(("raw", "expected"), cases("HSTRP"))
def test_a_datagram_is_written_as_it_was_recorded(raw: bytes, expected: dict[str, Any]) -> None:
    parsed = hstrp.parse(raw)
    assert isinstance(parsed, Datagram)
    assert parsed.number == expected["sn"]
    assert hstrp.build(parsed.type, parsed.number, parsed.data, parsed.options) == raw


@pytest.mark.parametrize("number", [0, 1])
def test_every_datagram_of_a_captured_talk_reads_as_expected(number: int) -> None:
    for event in cycle(number):
        reading = only(HstrpCodec(), event.raw)
        assert differences(event.decoded, dict(reading.fields)) == []


@pytest.mark.parametrize("number", [0, 1])
def test_a_captured_talk_starts_and_ends(number: int) -> None:
    """The repeater says it twice: what it does, and what its transmitter does, which names no talker."""
    heard = [only(HstrpCodec(), event.raw) for event in cycle(number) if not event.to_repeater]
    talks = [signal for reading in heard for signal in reading.signals if isinstance(signal, Talk)]
    named = [(talk.stage, talk.talker, talk.target) for talk in talks if talk.talker]
    assert named == [("start", "200", "1"), ("end", "200", "1"), ("end", "200", "1"), ("end", "200", "1")]
    assert {talk.stage for talk in talks if not talk.talker} == {"start", "end"}
    assert {talk.ref for talk in talks} == {"channel"}


def test_a_registration_names_the_radio_and_the_repeater() -> None:
    reading = only(HstrpCodec(), frame("ok-hstrp-rrs-register"))
    assert (reading.sender, reading.kind, reading.signals) == ("100", "register", (Presence(online=True),))
    parsed = hstrp.parse(frame("ok-hstrp-rrs-register"))
    assert isinstance(parsed, Datagram)
    assert (parsed.option(hstrp.DEVICE_ID), parsed.option(hstrp.CHANNEL)) == (99_999, 2)
    assert parsed.option(1) is None


def test_signs_of_the_session_are_named_by_their_bits() -> None:
    assert only(HstrpCodec(), bytes.fromhex("324200050000")).kind == "connect+ack"
    assert only(HstrpCodec(), SYN).kind == "connect"


def test_an_emergency_without_a_time_is_told_from_its_copies_by_the_number_of_its_datagram() -> None:
    report = location.emergency_report(2301, b"\0" * 40)
    refs = [
        signal.ref
        for number in (7, 7, 8)
        for signal in only(HstrpCodec(), hstrp.build(0, number, report)).signals
        if isinstance(signal, Distress)
    ]
    assert refs == ["2301-B003-7", "2301-B003-7", "2301-B003-8"]


def test_options_that_nobody_knows_are_printed_and_an_empty_one_is_a_flag() -> None:
    written = hstrp.build(hstrp.CONNECT, 3, options=((1, b""), (9, b"\xab")))
    assert only(HstrpCodec(), written).fields["options"] == [["rtp_available", True], ["option_9", "ab"]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"2", "noise"),
        (b"GET / HTTP/1.1", "noise"),
        (b"2B\x00\x02\x00", "header"),
        (b"2B\x01\x02\x00\x00", "header"),
        (b"2B\x00\x42\x00\x00", "type"),
        (b"2B\x00\x20\x00\x01\x83", "options"),
        (b"2B\x00\x20\x00\x01\x03\x04\x00", "options"),
        (b"2B\x00\x20\x00\x01" + b"\x83\x00" * 40, "options"),
        (b"2B\x00\x00\x00\x01", "truncated"),
        (frame("ok-hstrp-rrs-register")[:-1], "truncated"),
        (hstrp.build(0, 1, bytes.fromhex("1100030001 0a a1 03")), "payload"),
        (b"2B\x00\x00\x00\x01" + b"\0" * 1500, "oversized"),
    ],
)
def test_bytes_that_are_no_datagram_are_garbage(data: bytes, reason: str) -> None:
    assert read(HstrpCodec(), data) == [Garbage(data, reason)]


def test_padding_in_the_datagram_is_no_part_of_the_message() -> None:
    padded = only(HstrpCodec(), frame("ok-hstrp-rrs-register") + b"\0" * 11)
    assert padded.sender == "100"


@given(
    type_bits=st.sampled_from([0, 1, 2, 4, 5, 8, 16]),
    number=st.integers(0, 0xFFFF),
    options=st.lists(st.tuples(st.integers(1, 127), st.binary(max_size=8)), max_size=8).map(tuple),
    data=st.binary(max_size=60),
)
def test_what_is_written_is_read_again(
    type_bits: int, number: int, options: tuple[tuple[int, bytes], ...], data: bytes
) -> None:
    got = hstrp.parse(hstrp.build(type_bits, number, data, options))
    assert got == Datagram(type_bits | (hstrp.OPTION if options else 0), number, options, data)
