"""GD/J 089 frames, as we made them from the standard's tables: none was recorded from a device."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.gdj089 import Gdj089Codec, crc32
from app.devices.decode import decode_lines
from app.signals import Presence, Trouble
from tests.devices.evidence import VECTORS, read

_SET: dict[str, Any] = json.loads((VECTORS / "ebm_gdj089_ip_frames.json").read_text("utf-8"))
RECORDS: list[dict[str, Any]] = [*_SET["down_and_heartbeat"], *_SET["return_channel"]]
FRAMES = {f"{one['name']}-{one.get('variant', 'E')}": bytes.fromhex(one["hex"]) for one in RECORDS}
SAMPLE = tuple(frame for frame in FRAMES.values() if not frame.endswith(b"\n"))  # as a checksum may
ALERT = "43415230000000101010101202606180001"
PLATFORM, TERMINAL, OTHER = "43415230000000314010201", "63415231002000314010401", "63415231002000314010402"
EXPECTED: dict[str, dict[str, Any]] = {
    "start_multicast": {
        "name": "start", "ebmid": ALERT, "class": "emergency", "severity": 2, "event": "11B03", "volume": 80,
        "targets": [TERMINAL, OTHER],
        "auxiliaries": [{"type": 61, "url": "rtp://239.1.1.1:5004"}],
    },
    "start_unicast_daily": {
        "class": "daily", "severity": 4, "event": "11111", "volume": 255,
        "auxiliaries": [{"type": 61, "url": "udp://@5006"}],
    },
    "stop": {"name": "stop", "ebmid": ALERT},
    "query": {"name": "query", "items": [1, 6, 7]},
    "set_volume_clock": {"items": [{"item": 1, "value": "3c"}, {"item": 6, "value": "6a334b44"}]},
    "ack_ok": {"type": "ack", "business": 1, "code": 0, "text": ""},
    "ack_busy73": {"type": "ack", "code": 73, "text": "高优先级占用"},
    "terminal_heartbeat": {
        "name": "heart_beat", "state": "idle", "registration": "first", "physical_address": "001122334455",
    },
    "report_fault": {"name": "fault", "fault": "amplifier_voltage", "text": "功放电压过低"},
    "report_task_switch": {"name": "task", "switch": "start", "source_kind": "emergency", "ebmid": ALERT},
    "report_result_ok": {"name": "result", "result": "ok", "plays": 6, "text": "", "ebmid": ALERT},
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_says_what_the_tables_say_whichever_head_and_end_it_has(name: str) -> None:
    (reading,) = read(Gdj089Codec(), FRAMES[name])
    assert isinstance(reading, Reading)
    expected = {"signed": False, **EXPECTED[name.rsplit("-", 1)[0]]}
    assert {key: reading.fields[key] for key in expected} == expected


def test_the_checksum_is_that_of_mpeg_2() -> None:
    assert crc32(b"123456789") == 0x0376E6E7


def test_a_terminal_that_registers_is_there_and_a_fault_is_trouble_in_its_words() -> None:
    (beat,) = read(Gdj089Codec(), FRAMES["terminal_heartbeat-A"])
    (fault,) = read(Gdj089Codec(), FRAMES["report_fault-E"])
    assert isinstance(beat, Reading) and isinstance(fault, Reading)
    assert (beat.sender, beat.signals) == (TERMINAL, (Presence(online=True),))
    assert fault.signals == (Trouble("fault", "fault-20", "功放电压过低"),)


def sealed(body: bytes) -> bytes:
    return body + crc32(body).to_bytes(4, "big")


@pytest.mark.parametrize("spoil", ["state", "digit", "rest", "unknown"])
def test_a_good_checksum_over_what_is_no_message_is_garbage(spoil: str) -> None:
    body = bytearray(FRAMES["terminal_heartbeat-A"][:-4])
    if spoil == "state":
        body[41] = 9
    elif spoil == "digit":
        body[13] = 0xAB
    elif spoil == "unknown":
        body[38] = 0x55
    else:
        body[43] = 5  # an address shorter than what stands there
    found = read(Gdj089Codec(), sealed(bytes(body)))
    assert found and all(isinstance(one, Garbage) for one in found)


def test_a_stop_that_is_named_a_heart_beat_is_none() -> None:
    body = bytearray(FRAMES["stop-A"][:-4])
    body[50] = 0x10
    assert not [one for one in read(Gdj089Codec(), sealed(bytes(body))) if isinstance(one, Reading)]


def test_the_command_line_reads_a_recording() -> None:
    (told,) = decode_lines("gdj089", [FRAMES["stop-B"].hex()])
    assert (told["name"], told["ebmid"], told["source"]) == ("stop", ALERT, PLATFORM)
