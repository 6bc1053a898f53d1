"""The DJI Cloud API as a codec: DJI's own examples where it gives one, else built of its field lists.

Source: dji-sdk/Cloud-API-Doc, docs/en/60.api-reference/20.dock-to-cloud/00.mqtt: 00.topic-definition.md,
10.aircraft/10.m3d-properties.md, 20.dock/10.dock2/{00.properties,30.live}.md, 20.dock/00.dock1/10.device.md.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.dji import DjiCodec, meaning, read_message
from app.devices.adapters.dji.messages import MAX_PAYLOAD, read
from app.devices.adapters.dji.topics import parse_topic
from app.devices.decode import decode_lines
from app.signals import Fix, Health, Signal

DOCK, DRONE = "8UUXN1L00A000X", "1581F5BKD225D00BP891"
# 00.topic-definition.md, "status Struct Example", with the fields of 10.device.md.
ONLINE: dict[str, Any] = {
    "tid": "tid001",
    "bid": "bid001",
    "method": "update_topo",
    "timestamp": 1234567890123,
    "data": {
        "domain": "3",
        "type": 119,
        "sub_type": 0,
        "device_secret": "secret",
        "nonce": "nonce",
        "thing_version": "1.1.2",
        "sub_devices": [{"sn": DRONE, "domain": "0", "type": 60, "sub_type": 0, "index": "A"}],
    },
}
# 00.topic-definition.md, "osd Struct Example", third: a dock.
DOCK_OSD: dict[str, Any] = {
    "tid": "43d2e632-1558-4c4e-83d2-eeb51b7a377a",
    "bid": "7578f2ac-1f12-4d47-9ab6-5de146ed7b8a",
    "timestamp": 1667220916697,
    "data": {
        "network_state": {"type": 2, "quality": 0, "rate": 5.0970001220703125},
        "drone_charge_state": {"state": 0, "capacity_percent": 100},
        "drone_in_dock": 1,
        "wind_speed": 0,
        "latitude": 22.907809968,
        "longitude": 113.703482143,
        "height": 34.174125671386719,
        "mode_code": 1,
        "cover_state": 0,
        "sub_device": {"device_sn": DRONE, "device_model_key": "0-67-0", "device_online_status": 0},
    },
    "gateway": DOCK,
}
# Built of the field list in 10.m3d-properties.md: an aircraft on a wayline.
DRONE_OSD: dict[str, Any] = {
    "tid": "t-1",
    "bid": "b-1",
    "timestamp": 1764345600000,
    "gateway": DOCK,
    "data": {
        "mode_code": 5,
        "gear": 1,
        "horizontal_speed": 8.2,
        "vertical_speed": -0.4,
        "longitude": 115.441,
        "latitude": 28.1123,
        "height": 152.5,
        "elevation": 82.4,
        "attitude_pitch": -3.1,
        "attitude_roll": 0.4,
        "attitude_head": -90,
        "home_distance": 412.6,
        "wind_speed": 4.2,
        "wind_direction": 3,
        "battery": {"capacity_percent": 71, "remain_flight_time": 1320, "return_home_power": 22},
        "position_state": {"is_fixed": 2, "quality": 5, "gps_number": 21, "rtk_number": 20},
        "cameras": [{"payload_index": "81-0-0", "camera_mode": 1}],
        "81-0-0": {"gimbal_pitch": -45.0, "payload_index": "81-0-0"},
    },
}
# 20.dock/10.dock2/30.live.md: the answer to live_start_push.
REPLY: dict[str, Any] = {"bid": "b-2", "tid": "t-2", "timestamp": 1654070968655, "data": {"result": 0}}
# Built of 20.dock/10.dock2/00.properties.md: live_capacity.
CAPACITY: dict[str, Any] = {
    "tid": "t-3",
    "bid": "b-3",
    "timestamp": 1764345600000,
    "gateway": DOCK,
    "data": {
        "live_capacity": {
            "available_video_number": 2,
            "coexist_video_number_max": 1,
            "device_list": [
                {
                    "sn": DRONE,
                    "camera_list": [
                        {
                            "camera_index": "81-0-0",
                            "video_list": [{"video_index": "normal-0", "video_type": "wide"}],
                        }
                    ],
                }
            ],
        }
    },
}
WRAPPED = (
    (f"sys/product/{DOCK}/status", ONLINE),
    (f"thing/product/{DOCK}/osd", DOCK_OSD),
    (f"thing/product/{DRONE}/osd", DRONE_OSD),
    (f"thing/product/{DOCK}/services_reply", REPLY),
    (f"thing/product/{DOCK}/state", CAPACITY),
)
SAMPLE = tuple((json.dumps({"topic": t, "payload": p}) + "\n").encode() for t, p in WRAPPED)
UNCHECKED = "JSON carries no checksum: TCP and TLS guard its bytes"


def osd(**data: Any) -> tuple[Signal, ...]:
    told = json.dumps({**DRONE_OSD, "data": data}).encode()
    reading = read_message(f"thing/product/{DRONE}/osd", told)
    assert isinstance(reading, Reading), reading
    return reading.signals


def facts(signals: tuple[Signal, ...]) -> dict[str, object]:
    return {name: value for s in signals if isinstance(s, Health) for name, value in s.facts}


def test_an_aircraft_says_where_it_is_and_how_it_is() -> None:
    signals = osd(**DRONE_OSD["data"])
    assert facts(signals) == {
        "battery": "known",
        "battery_pct": 71,
        "remaining_s": 1320,
        "height_m": 82.4,
        "heading_deg": 270,
        "wind_mps": 4.2,
        "home_m": 412.6,
        "satellites": 21,
        "mode": "wayline",
        "landed": "in_air",
        "gateway": DOCK,
        "camera": "81-0-0",
    }
    assert signals[-1] == Fix(
        lon=115.441,
        lat=28.1123,
        fixed_at=datetime(2025, 11, 28, 16, 0, tzinfo=UTC),
        altitude_m=152.5,
        speed_mps=8.2,
        course_deg=270,
    )


def test_a_dock_is_no_aircraft() -> None:
    reading = read_message(f"thing/product/{DOCK}/osd", json.dumps(DOCK_OSD).encode())
    assert isinstance(reading, Reading)
    assert facts(reading.signals) == {"role": "dock", "drone_in_dock": 1, "wind_mps": 0}


@pytest.mark.parametrize("pct", [255, -1, 100.5])
def test_a_battery_that_is_no_percentage_is_unknown(pct: float) -> None:
    assert facts(osd(battery={"capacity_percent": pct}))["battery"] == "unknown"
    assert "battery_pct" not in facts(osd(battery={"capacity_percent": pct}))


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (181, 1), (1, -91), (None, 28.1)])
def test_no_satellites_or_no_place_on_earth_is_no_position(lon: float | None, lat: float) -> None:
    told = {"latitude": lat} if lon is None else {"longitude": lon, "latitude": lat}
    assert not [s for s in osd(**told) if isinstance(s, Fix)]


@pytest.mark.parametrize(
    ("code", "landed"), [(0, "on_ground"), (4, "taking_off"), (9, "in_air"), (10, "landing")]
)
def test_ground_and_air_follow_from_the_mode(code: int, landed: str) -> None:
    assert facts(osd(mode_code=code))["landed"] == landed


def test_a_mode_that_is_new_says_nothing_of_ground_and_air() -> None:
    assert facts(osd(mode_code=99)) == {"mode": "other", "gateway": DOCK}
    assert facts(osd(mode_code=14)) == {"mode": "not_connected", "gateway": DOCK}


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[]", "invalid"),
        (b'{"data":{"latitude":"28"}}', "invalid"),
        (b'{"timestamp":"now"}', "invalid"),
        (b'{"data":{"x":' + b"[" * 40 + b"]" * 40 + b"}}", "too deep"),
        (b'{"data":{"x":"' + b"a" * MAX_PAYLOAD + b'"}}', "oversized"),
    ],
)
def test_what_is_no_message_is_garbage_with_its_reason(payload: bytes, reason: str) -> None:
    assert read_message(f"thing/product/{DRONE}/osd", payload) == Garbage(payload, reason)


def test_brackets_inside_a_string_are_no_depth() -> None:
    assert not isinstance(read("osd", json.dumps({"data": {"x": "[" * 99}}).encode()), str)


@pytest.mark.parametrize(
    "topic",
    [
        "thing/product//osd",
        "thing/product/a/b/osd",
        "sys/product/x/osd",
        "x",
        f"thing/product/{'a' * 65}/osd",
    ],
)
def test_other_topics_are_none_of_ours(topic: str) -> None:
    assert parse_topic(topic) is None
    assert read_message(topic, b"{}") == Garbage(b"{}", "wrong topic")


def test_a_status_must_be_a_topology() -> None:
    other = json.dumps({**ONLINE, "method": "reboot"}).encode()
    assert read_message(f"sys/product/{DOCK}/status", other) == Garbage(other, "wrong method")


def test_the_streams_of_a_dock_are_named_as_it_wants_them_named() -> None:
    found = read("state", json.dumps(CAPACITY).encode())
    assert not isinstance(found, str)
    assert meaning.streams(found[1]) == {DRONE: f"{DRONE}/81-0-0/normal-0"}


def test_a_recording_decodes_with_and_without_topics() -> None:
    lines = [json.dumps({"topic": t, "payload": p}) for t, p in WRAPPED]
    assert [told["sn"] for told in decode_lines("dji", lines)] == [DOCK, DOCK, DRONE, DOCK, DOCK]
    bare = list(decode_lines("dji", [json.dumps(p) for p in (ONLINE, DRONE_OSD)]))
    assert [(told["kind"], told["sn"]) for told in bare] == [("status", ""), ("osd", "")]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(DRONE_OSD["data"])), value=_JSON)
def test_whatever_stands_in_a_field_is_read_or_refused(name: str, value: object) -> None:
    told = json.dumps({**DRONE_OSD, "data": {**DRONE_OSD["data"], name: value}}).encode()
    found = read_message(f"thing/product/{DRONE}/osd", told)
    if isinstance(found, Reading):
        assert json.dumps(dict(found.fields), allow_nan=False)
        assert all(abs(s.lat) <= 90 and abs(s.lon) <= 180 for s in found.signals if isinstance(s, Fix))
    (again,) = (*(codec := DjiCodec()).feed(told + b"\n"), *codec.idle())
    assert isinstance(again, type(found))
