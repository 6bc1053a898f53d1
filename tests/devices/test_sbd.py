from __future__ import annotations

import json
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage, Reading
from app.devices.adapters import sbd
from app.devices.adapters.sbd import SbdCodec
from app.devices.decode import decode_lines
from tests.devices.evidence import VECTORS, Record, differences, only, read

FILE: dict[str, Any] = json.loads((VECTORS / "sat_iridium_sbd.json").read_text("utf-8"))
FRAMES: list[Record] = FILE["frames"]
LINES: list[Record] = FILE["lines"]
BY_ID: dict[str, Record] = {record["id"]: record for record in [*FRAMES, *LINES]}

SAMPLE = (
    bytes.fromhex(BY_ID["doc-hello-read"]["wire_hex"]),
    bytes.fromhex(BY_ID["payload-with-crlf-ok"]["wire_hex"]),
    sbd.read_frame(bytes(range(1, 256)) + b"MT of a 9602"),
)


def cases(found: list[Record]) -> list[ParameterSet]:
    return [pytest.param(record, id=record["id"]) for record in found]


@pytest.mark.parametrize("record", cases(FRAMES))
def test_a_recorded_frame_reads_as_expected(record: Record) -> None:
    wire = bytes.fromhex(record["wire_hex"])
    command = (record.get("command", "") + "\r").encode()
    reading = only(SbdCodec(), command + wire)
    expected = {key: record[key] for key in ("op", "payload_hex", "checksum_hex")}
    assert differences(expected, dict(reading.fields)) == []
    assert reading.raw == wire
    printed = list(decode_lines("sbd", [record["wire_hex"]]))
    assert printed == [reading.fields]


@pytest.mark.parametrize("record", cases(FRAMES))
def test_what_we_write_is_what_was_recorded(record: Record) -> None:
    content = bytes.fromhex(record["payload_hex"])
    write = sbd.write_frame if record["op"] == "SBDWB" else sbd.read_frame
    assert write(content).hex() == record["wire_hex"]
    assert sbd.content_of(sbd.read_frame(content)) == content


@pytest.mark.parametrize("record", cases(LINES))
def test_a_line_reads_as_expected(record: Record) -> None:
    (printed,) = decode_lines("sbd", [record["line"]])
    assert differences(record["expected"], printed) == []


@pytest.mark.parametrize(
    "line",
    [
        "+SBDIX: 0, 7, 0",
        "+SBDIX:",
        "+SBDIX: a, 7, 0, 0, 0, 0",
        "+CSQ:4,5",
        "+AREG: 1",
        "4",
        "OK",
        "SBDRINGX",
        "",
        "+SBDIX: 99999999999, 0, 0, 0, 0, 0",
    ],
)
def test_other_lines_say_nothing_of_sbd(line: str) -> None:
    assert sbd.line_fields(line) is None


def test_an_unknown_mt_status_is_a_failed_check() -> None:
    fields = sbd.line_fields("+SBDIX: 0, 1, 9, 0, 0, 0")
    assert fields is not None and fields["mt"] == "check_failed"


def test_a_whole_conversation_is_read_and_what_a_modem_says_besides_is_passed_over() -> None:
    write, back = SAMPLE[0][2:], SAMPLE[1]
    log = (
        b"AT+SBDWB=5\r" + write + b"\r\n0\r\n\r\nOK\r\nAT+SBDIX\r\r\n+SBDIX: 0, 8, 1, 23, 8, 0\r\n"
        b"\r\nOK\r\nAT+SBDRB\r" + back + b"\r\nOK\r\n\r\nSBDRING\r\n"
    )
    kinds = [one.kind if isinstance(one, Reading) else one for one in read(SbdCodec(), log)]
    assert kinds == ["SBDWB", "0", "+SBDIX", "SBDRB", "sbd_ring"]


def test_a_frame_with_a_wrong_checksum_is_garbage_and_the_next_line_is_read() -> None:
    bad = SAMPLE[0][:-1] + b"\xff"
    assert read(SbdCodec(), bad) == [Garbage(bad, "out of step")]
    first, second = read(SbdCodec(), b"AT+SBDWB=5\r" + bad[2:] + b"\r\nSBDRING\r\n")
    assert first == Garbage(bad[2:], "out of step")
    assert isinstance(second, Reading)


def test_a_frame_cut_short_is_garbage() -> None:
    assert read(SbdCodec(), SAMPLE[0][:6]) == [Garbage(SAMPLE[0][:6], "out of step")]
    assert read(SbdCodec(), b"AT+SBDWB=5\r") == []
    assert read(SbdCodec(), b"AT+SBDWB=5\rhe") == [Garbage(b"he", "out of step")]
    assert read(SbdCodec(), b"\x01") == [Garbage(b"\x01", "out of step")]


def test_out_of_step_a_frame_of_zeros_is_not_believed() -> None:
    assert [type(one) for one in read(SbdCodec(), b"\xff\xff\0\0\0\0" + b"\0" * 20)] == [Garbage]


def test_an_endless_line_is_given_up() -> None:
    found = read(SbdCodec(), b"x" * 5000)
    assert found and all(isinstance(one, Garbage) for one in found)
    assert sum(len(one.raw) for one in found) == 5000


@given(content=st.binary(max_size=340))
def test_any_content_is_read_back(content: bytes) -> None:
    assert only(SbdCodec(), sbd.read_frame(content)).fields["payload_hex"] == content.hex()
    written = b"AT+SBDWB=%d\r" % len(content) + sbd.write_frame(content)
    assert only(SbdCodec(), written).fields["payload_hex"] == content.hex()
