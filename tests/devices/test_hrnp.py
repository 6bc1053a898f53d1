from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage, Reading
from app.devices.adapters import hrnp
from app.devices.adapters.hrnp import HrnpCodec, Packet
from app.devices.adapters.hytera import registration
from app.signals import Text
from tests.devices.evidence import differences, only, read
from tests.devices.hytera_frames import cases, frame

SAMPLE = (
    frame("ok-hrnp-connect-v3"),
    frame("ok-hrnp-accept"),
    frame("ok-hrnp-ident-request"),
    frame("ok-hrnp-group-text"),
    frame("ok-hrnp-radio-id-reply"),
    frame("ok-hrnp-status-change-subscribe"),
)


@pytest.mark.parametrize(("raw", "expected"), cases("HRNP"))
def test_a_recorded_packet_reads_as_expected(raw: bytes, expected: dict[str, Any]) -> None:
    reading = only(HrnpCodec(), raw)
    assert differences(expected, dict(reading.fields)) == []
    assert (reading.family, reading.raw) == ("hdap", raw)


@pytest.mark.parametrize(("raw", "expected"), cases("HRNP"))
def test_a_packet_is_written_as_it_was_recorded(raw: bytes, expected: dict[str, Any]) -> None:
    found = hrnp.look(raw, 0)
    assert isinstance(found, Packet)
    written = hrnp.build(
        found.opcode, found.number, found.data, source=found.source, destination=found.destination
    )
    assert (written == raw) is (expected["version"] == 4)


def test_a_connection_is_asked_for_as_the_specification_shows() -> None:
    assert hrnp.build(hrnp.CONNECT, 0).hex() == "7e0400fe20100000000c60e1"
    assert only(HrnpCodec(), hrnp.build(hrnp.CONNECT, 0)).kind == "connect"


def test_a_group_text_arrives_by_cable() -> None:
    reading = only(HrnpCodec(), frame("ok-hrnp-group-text"))
    (text,) = reading.signals
    assert isinstance(text, Text)
    assert (reading.sender, text.text) == ("2101", "ahoj")


def test_a_wrong_checksum_inside_a_good_packet_is_refused_where_that_is_wished() -> None:
    inner = bytearray(registration.register(100))
    inner[-2] ^= 0xFF
    packet = hrnp.build(hrnp.DATA, 1, bytes(inner))
    assert only(HrnpCodec(), packet).fields["hdap"]["checksum_ok"] is False
    assert read(HrnpCodec(strict=True), packet) == [Garbage(packet, "checksum")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x01\x02\x03", "noise"),
        (b"\x7e", "incomplete"),
        (b"\x7e\x09", "noise"),
        (b"\x7e\x04\x00\x77", "noise"),
        (frame("ok-hrnp-accept")[:-1], "incomplete"),
        (bytes.fromhex("7e0400fd10200000000570d2"), "length"),
        (bytes.fromhex("7e0400fd10200000000c70d3"), "checksum"),
        (hrnp.build(hrnp.DATA, 1, b"\x02"), "truncated"),
    ],
)
def test_bytes_that_are_no_packet_are_garbage(data: bytes, reason: str) -> None:
    assert read(HrnpCodec(), data) == [Garbage(data, reason)]


def test_a_false_length_swallows_no_good_packet_behind_it() -> None:
    liar = bytes.fromhex("7e040000201000010200 0000")
    good = frame("ok-hrnp-accept")
    got = read(HrnpCodec(), liar + good)
    assert [type(one) for one in got] == [Garbage, Reading]


def test_data_too_long_is_not_written() -> None:
    with pytest.raises(ValueError, match="too many"):
        hrnp.build(hrnp.DATA, 1, b"\0" * hrnp.MAX_PACKET)


@given(number=st.integers(0, 0xFFFF), data=st.binary(max_size=200), noise=st.binary(max_size=20))
def test_a_packet_is_found_behind_any_noise(number: int, data: bytes, noise: bytes) -> None:
    packets = hrnp.Packets()
    packet = hrnp.build(hrnp.DATA, number, data)
    got = packets.feed(noise) + packets.feed(packet, last=True)
    assert [one.data for one in got if isinstance(one, Packet)][-1:] == [data]
