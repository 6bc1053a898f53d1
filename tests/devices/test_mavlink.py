"""MAVLink as a codec: held against pymavlink's frames, and against pymavlink itself where it is installed."""

from __future__ import annotations

import json
import os
import struct
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.mavlink import MavlinkCodec, messages
from app.devices.adapters.mavlink.frames import build, kinds, x25
from app.devices.adapters.mavlink.meaning import device_time
from app.signals import Fix, Health, Signal, Trouble
from tests.devices.evidence import read

# Made with pymavlink 2.4.50 (dialect ardupilotmega), seed 7: both versions, the second signed and unsigned.
FRAMES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("mavlink_frames.json").read_text("utf-8"))
SAMPLE = tuple(raw for one in FRAMES[::4] if (raw := bytes.fromhex(one["hex"]))[-1] not in b"\r\n")


def one(raw: bytes) -> Reading:
    (found,) = read(MavlinkCodec(), raw)
    assert isinstance(found, Reading)
    return found


def meant(number: int, *values: Any) -> tuple[Signal, ...]:
    layout = messages.LAYOUTS[number][0]
    return one(build(number, layout.pack(*values))).signals


def position(lat: int = 281_123_000, lon: int = 1_154_410_000, *, hdg: int = 9_000) -> tuple[Signal, ...]:
    return meant(messages.GLOBAL_POSITION_INT, 1_000, lat, lon, 152_500, 82_400, 300, 400, 0, hdg)


@pytest.mark.parametrize("told", FRAMES, ids=lambda told: f"v{told['version']}-{told['name']}")
def test_every_frame_of_pymavlink_reads_as_pymavlink_wrote_it(told: dict[str, Any]) -> None:
    reading = one(bytes.fromhex(told["hex"]))
    fields = dict(reading.fields)
    assert (reading.kind, reading.sender) == (told["name"], str(told["system"]))
    assert (fields["version"], fields["seq"]) == (told["version"], told["seq"])
    for name, value in told["fields"].items():
        if name in fields and "\ufffd" not in str(value):  # pymavlink prints a text as ASCII
            assert fields[name] == value, name
    assert {"HEARTBEAT": "custom_mode", "STATUSTEXT": "text"}.get(told["name"], "seq") in fields


def test_what_we_write_pymavlink_reads() -> None:
    """The peer is the reference implementation; in CI it must be there."""
    try:
        theirs = import_module("pymavlink.dialects.v20.ardupilotmega")
    except ImportError:
        assert not os.environ.get("CI"), "pymavlink is a test dependency: run make setup"
        pytest.skip("pymavlink is not installed")
    known = {number: (one.crc_extra, one.msgname) for number, one in theirs.mavlink_map.items()}
    assert {number: (kind.crc_extra, kind.name) for number, kind in kinds().items()} == known
    peer = theirs.MAVLink(None)
    for version in (1, 2):
        for number, (layout, names) in messages.LAYOUTS.items():
            values = layout.unpack(bytes(range(1, layout.size + 1)))
            (heard,) = peer.parse_buffer(build(number, layout.pack(*values), version=version, system=7))
            assert (heard.get_msgId(), heard.get_srcSystem()) == (number, 7)
            for name, value in zip(names, values, strict=True):
                if not name.startswith("_") and isinstance(value, int):
                    assert getattr(heard, name) == value


def test_the_checksum_is_the_one_the_protocol_names() -> None:
    """CRC-16/MCRF4XX gives 0x6F91 for the digits (https://reveng.sourceforge.io/crc-catalogue)."""
    assert x25(b"123456789") == 0x6F91


def test_a_position_says_where_how_high_and_how_fast() -> None:
    health, fix = position()
    assert health == Health((("height_m", 82.4), ("heading_deg", 90.0)))
    assert fix == Fix(lon=115.441, lat=28.1123, altitude_m=152.5, speed_mps=5.0, course_deg=53.1)


@pytest.mark.parametrize(("lat", "lon"), [(0, 0), (910_000_000, 0), (0, 1_900_000_000)])
def test_no_satellites_or_no_place_on_earth_is_no_position(lat: int, lon: int) -> None:
    assert [type(signal) for signal in position(lat, lon)] == [Health]


def test_a_heading_nobody_knows_is_not_told() -> None:
    assert position(hdg=65_535)[0] == Health((("height_m", 82.4),))


@pytest.mark.parametrize(
    ("told", "facts"),
    [
        (0, (("battery", "known"), ("battery_pct", 0))),
        (100, (("battery", "known"), ("battery_pct", 100))),
        (-1, (("battery", "unknown"),)),  # 255 without a sign
        (101, (("battery", "unknown"),)),
    ],
)
def test_a_battery_is_told_or_unknown(told: int, facts: tuple[object, ...]) -> None:
    assert meant(messages.SYS_STATUS, *[0] * 12, told) == (Health(facts),)  # type: ignore[arg-type]
    assert meant(messages.BATTERY_STATUS, 0, 0, 0, b"", 0, 0, 0, 0, told) == (Health(facts),)  # type: ignore[arg-type]
    assert meant(messages.BATTERY_STATUS, 0, 0, 0, b"", 0, 1, 0, 0, told) == ()


@pytest.mark.parametrize(
    ("told", "word"), [(1, "on_ground"), (2, "in_air"), (3, "taking_off"), (4, "landing")]
)
def test_ground_and_air_are_told(told: int, word: str) -> None:
    assert meant(messages.EXTENDED_SYS_STATE, 0, told) == (Health((("landed", word),)),)
    assert meant(messages.EXTENDED_SYS_STATE, 0, 0) == ()


def test_a_heart_beat_of_a_ground_station_is_no_drone() -> None:
    assert meant(messages.HEARTBEAT, 0, 2, 3, 0x81, 4, 3) == (
        Health((("motors", "armed"), ("mode", "active"))),
    )
    assert meant(messages.HEARTBEAT, 0, 6, 8, 0, 0, 3) == ()


@pytest.mark.parametrize(
    ("severity", "text", "faults"),
    [(2, "Crash: Disarming", 1), (4, "Low Battery", 0), (2, "PreArm: Check mag field", 0), (0, "", 0)],
)
def test_what_is_critical_is_a_fault(severity: int, text: str, faults: int) -> None:
    signals = meant(messages.STATUSTEXT, severity, text.encode())
    assert len([s for s in signals if isinstance(s, Trouble)]) == faults
    assert signals[:1] == ((Health((("says", text),)),) if text else ())


def test_a_clock_that_says_1980_is_read_as_it_is_said() -> None:
    raw = build(messages.SYSTEM_TIME, struct.pack("<QI", 315_532_800_000_000, 5))
    told = device_time(one(raw).fields)
    assert told is not None
    assert told.year == 1980
    assert device_time(one(build(messages.SYSTEM_TIME, struct.pack("<QI", 0, 5))).fields) is None
    assert device_time(one(build(messages.SYSTEM_TIME, struct.pack("<QI", 2**63, 5))).fields) is None


def test_a_message_whose_checksum_nobody_can_prove_is_garbage() -> None:
    raw = bytearray(SAMPLE[0])
    raw[5 if raw[0] == 0xFE else 7] = 200  # a number that no dialect gives
    assert all(isinstance(found, Garbage) for found in read(MavlinkCodec(), bytes(raw)))


@given(payload=st.binary(min_size=28, max_size=28), version=st.sampled_from([1, 2]), seq=st.integers(0, 255))
def test_whatever_a_position_holds_it_reads_the_same_in_both_versions(
    payload: bytes, version: int, seq: int
) -> None:
    """Zeros that version 2 leaves out are put back."""
    reading = one(build(messages.GLOBAL_POSITION_INT, payload, version=version, seq=seq))
    names = messages.LAYOUTS[messages.GLOBAL_POSITION_INT][1]
    values = messages.LAYOUTS[messages.GLOBAL_POSITION_INT][0].unpack(payload)
    assert {name: reading.fields[name] for name in names} == dict(zip(names, values, strict=True))
    for fix in (s for s in reading.signals if isinstance(s, Fix)):
        assert abs(fix.lat) <= 90
        assert abs(fix.lon) <= 180
