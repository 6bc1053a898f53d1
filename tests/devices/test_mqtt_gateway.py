"""The gateway contract as a codec: the examples of the vectors, the published schema, what is no message."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.mqtt_gateway import GatewayCodec, read_message
from app.devices.adapters.mqtt_gateway.envelope import (
    COMMAND_DATA,
    EVENT_DATA,
    MAX_PAYLOAD,
    read_envelope,
    read_state,
)
from app.devices.adapters.mqtt_gateway.topics import (
    DeviceTopic,
    StateTopic,
    command_topic,
    event_topic,
    is_gateway_id,
    parse_topic,
    state_topic,
)
from app.devices.decode import decode_lines
from app.signals import Distress, Fix, Health, Presence, Receipt, Ring, Signal, Talk, Text, Trouble
from tests.devices.evidence import VECTORS

CONTRACT = json.loads((VECTORS / "radio_mqtt_contract.json").read_text("utf-8"))
VALID, INVALID = CONTRACT["valid"], CONTRACT["invalid"]
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "devices" / "mqtt-gateway.schema.json").read_text("utf-8")
)

SAMPLE = tuple((json.dumps(example, ensure_ascii=False) + "\n").encode() for example in VALID)
UNCHECKED = "JSON carries no checksum: TCP and TLS guard its bytes"

ID, EPOCH = "6f1f0f5e-1111-4c1a-9a6b-0123456789ab", "6f1f0f5e-3333-4c1a-9a6b-0123456789ab"
AT = datetime(2026, 7, 12, 8, 30, tzinfo=UTC)


def envelope(kind: str, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    told = {"v": 1, "id": ID, "ts": "2026-07-12T08:30:00Z", "type": kind, "data": data or {}}
    if kind.startswith("cmd."):
        told["expires_at"] = "2026-07-12T08:36:00Z"
    if kind in ("ack", "txack"):
        told["corr"] = EPOCH
    return {**told, **more}


def heard(
    kind: str, data: dict[str, Any] | None = None, device: str = "2301", **more: Any
) -> tuple[Signal, ...]:
    told = json.dumps(envelope(kind, data, **more)).encode()
    reading = read_message(event_topic("gw", device, kind), told)
    assert isinstance(reading, Reading), reading
    return reading.signals


@pytest.mark.parametrize("example", VALID, ids=lambda example: example["topic"].rsplit("/", 1)[1])
def test_every_good_example_reads_as_it_was_written(example: dict[str, Any]) -> None:
    reading = read_message(example["topic"], json.dumps(example["payload"]).encode())
    assert isinstance(reading, Reading)
    understood = dict(reading.fields)
    assert understood.pop("gateway") == "pdt-cd-01"
    assert understood.pop("device", "2301") == "2301"
    assert understood == example["payload"]
    (bare,) = GatewayCodec().feed(json.dumps(example["payload"]).encode() + b"\n")
    assert isinstance(bare, Reading)
    assert bare.sender == ""


@pytest.mark.parametrize("example", INVALID, ids=lambda example: example["why"])
def test_every_bad_example_is_refused(example: dict[str, Any]) -> None:
    (read,) = GatewayCodec().feed(json.dumps(example["payload"]).encode() + b"\n")
    assert isinstance(read, Garbage)


def test_the_decoder_prints_the_examples() -> None:
    lines = [json.dumps(example) for example in (*VALID, *INVALID)]
    printed = list(decode_lines("mqtt-gateway", lines))
    assert [("garbage" in one) for one in printed] == [False] * len(VALID) + [True] * len(INVALID)
    assert printed[3]["data"]["text"] == "请报告位置"


@pytest.mark.parametrize(
    ("kind", "data", "signals"),
    [
        ("join", {"renew_s": 300}, (Presence(True, 300),)),
        ("leave", {}, (Presence(False),)),
        ("log", {"text": "x"}, ()),
        (
            "location",
            {"lat": 30.9, "lon": 104.1, "tst": 1783845015, "vel": 36, "cog": 90, "alt": 512, "t": "p"},
            (Fix(104.1, 30.9, datetime(2026, 7, 12, 8, 30, 15, tzinfo=UTC), 512, 10, 90),),
        ),
        ("location", {"lat": 30.9, "lon": 104.1, "tst": 0, "vel": -1}, (Fix(104.1, 30.9),)),
        ("location", {"lat": 30.9, "lon": 104.1, "tst": 1, "valid": False}, ()),
        ("location", {"lat": 0, "lon": 0, "tst": 1, "valid": False, "t": "e"}, (Distress(ID, AT),)),
        ("text", {"text": "桥\x07断了"}, (Text(ID, "桥断了", "桥\x07断了".encode(), AT),)),
        (
            "status",
            {"battery_pct": 15, "signal_pct": 40.5},
            (Health((("battery_pct", 15.0), ("signal_pct", 40.5))),),
        ),
        ("status", {"trouble": "tamper", "text": "开盖"}, (Trouble("tamper", ID, "开盖", AT),)),
        ("status", {}, ()),
        ("emergency", {"active": False}, ()),
        ("emergency", {"active": True, "lat": 1, "lon": 2, "tst": 0}, (Distress(ID, AT, Fix(2, 1)),)),
        ("call", {"state": "start", "call_id": "7", "to": "g101"}, (Talk("7", "start", "2301", "101"),)),
        (
            "call",
            {"state": "end", "from": "2302", "to": "2301", "kind": "private", "emergency": True},
            (Talk("2301:2301", "end", "2302", "2301", "private", True),),
        ),
        ("call", {"state": "ringing", "from": "13800000001"}, (Ring(ID, "13800000001", "ringing"),)),
        ("txack", {"result": "ok"}, (Receipt(EPOCH, "accepted"),)),
        ("ack", {"result": "ok"}, (Receipt(EPOCH, "delivered"),)),
        ("ack", {"result": "failed", "code": 8}, (Receipt(EPOCH, "failed", "failed 8"),)),
        ("txack", {"result": "duplicate", "reason": "ok"}, (Receipt(EPOCH, "accepted"),)),
        (
            "txack",
            {"result": "duplicate", "reason": "timeout"},
            (Receipt(EPOCH, "failed", "timeout timeout"),),
        ),
    ],
)
def test_what_an_event_means(kind: str, data: dict[str, Any], signals: tuple[Signal, ...]) -> None:
    assert heard(kind, data) == signals


def test_every_kind_of_event_and_command_has_its_place() -> None:
    types = SCHEMA["properties"]["type"]["enum"]
    assert sorted(types) == sorted((*EVENT_DATA, *COMMAND_DATA))
    assert sorted(types) == sorted(CONTRACT["schema"]["properties"]["type"]["enum"])


def test_one_frame_heard_by_two_gateways_has_one_reference() -> None:
    first = heard("emergency", {"active": True}, raw="b003aa")
    second = heard("emergency", {"active": True}, raw="b003aa", id=EPOCH)
    other = heard("emergency", {"active": True}, raw="b003ab")
    assert first == second != other


def test_an_event_may_say_more_than_we_know_and_a_command_may_not() -> None:
    assert heard("text", {"text": "x", "new": 1}, also={"a": []})
    for stranger in (
        envelope("cmd.text", {"text": "x"}, also=1),
        envelope("cmd.text", {"text": "x", "new": 1}),
    ):
        assert isinstance(read_envelope(json.dumps(stranger).encode(), command=True), str)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "no JSON"),
        (b"[]", "invalid"),
        (b"\xff", "no JSON"),
        (b'{"v":1', "no JSON"),
        (b"[" * 20_000, "too deep"),
        (b'{"data":' * 17 + b"1" + b"}" * 17, "too deep"),
        (b" " * (MAX_PAYLOAD + 1), "oversized"),
        (json.dumps(envelope("text", {"text": ""})).encode(), "invalid text"),
        (json.dumps(envelope("text", {"text": "x"}, ts="2026-07-12T08:30:00")).encode(), "invalid ts"),
        (json.dumps(envelope("text", {"text": "x"}, seq=-1)).encode(), "invalid seq"),
        (json.dumps(envelope("text", {"text": "x"}, raw="XY")).encode(), "invalid raw"),
        (json.dumps(envelope("location", {"lat": 1, "lon": 2, "tst": 10**400})).encode(), "invalid tst"),
        (json.dumps(envelope("ack", {"result": "ok"}, corr=None)).encode(), "no corr"),
    ],
)
def test_what_is_no_event_says_why_in_words_of_ours(payload: bytes, reason: str) -> None:
    assert read_envelope(payload) == reason


def test_brackets_in_words_are_not_depth() -> None:
    assert heard("text", {"text": "[{" * 500 + '"\\'})


@pytest.mark.parametrize(
    ("topic", "place"),
    [
        (state_topic("pdt-cd-01"), StateTopic("pdt-cd-01")),
        (event_topic("a.b_c", "2301", "text"), DeviceTopic("a.b_c", "2301", "text")),
        (command_topic("a", "g101", "call_start"), DeviceTopic("a", "g101", "cmd.call_start")),
        ("ecd/v1/gateway/a/device/+/event/text", None),
        ("ecd/v1/gateway//device/1/event/text", None),
        ("ecd/v1/gateway/a/device/1/event/text\n", None),
        ("ecd/v1/gateway/a/b/device/1/event/text", None),
        ("ecd/v1/gateway/-a/state/conn", None),
        (f"ecd/v1/gateway/{'a' * 65}/state/conn", None),
        ("ecd/v2/gateway/a/state/conn", None),
        ("", None),
    ],
)
def test_a_topic_names_its_place_or_none(topic: str, place: object) -> None:
    assert parse_topic(topic) == place


def test_the_topic_and_the_envelope_must_agree() -> None:
    payload = json.dumps(envelope("text", {"text": "x"})).encode()
    assert read_message(event_topic("a", "1", "status"), payload) == Garbage(payload, "topic and type differ")
    assert read_message("a/b", payload) == Garbage(payload, "wrong topic")
    assert read_message(state_topic("a"), b'{"state":"AWAY"}') == Garbage(
        b'{"state":"AWAY"}', "invalid state"
    )
    (wrapped,) = GatewayCodec().feed(json.dumps({"topic": "a/b", "payload": {}}).encode() + b"\n")
    assert isinstance(wrapped, Garbage)
    assert wrapped.reason == "wrong topic"


def test_a_last_will_is_a_state() -> None:
    told = read_state(b'{"state":"OFFLINE"}')
    assert not isinstance(told, str)
    assert (told.state, told.epoch) == ("OFFLINE", None)
    assert read_state(b"[" * 70_000) == "oversized"
    assert read_state(b"nonsense") == "no JSON"


def test_names_of_gateways() -> None:
    assert is_gateway_id("pdt-cd-01")
    assert not any(map(is_gateway_id, ("", "a/b", "a b", "+", "#", "-a", "a" * 65)))


_WORDS = st.text(max_size=8)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def _twisted(draw: st.DrawFn) -> dict[str, Any]:
    """Return a good example with one thing changed, added or left out."""
    told = json.loads(json.dumps(draw(st.sampled_from([*VALID[1:], *INVALID]))["payload"]))
    place = told["data"] if told["data"] and draw(st.booleans()) else told
    name = draw(st.sampled_from(sorted(place)) | st.sampled_from(["extra", "seq", "corr", "text", "code"]))
    if draw(st.booleans()):
        place.pop(name, None)
    else:
        place[name] = draw(
            _VALUES | st.sampled_from([-1, 90.5, "", ID, "x" * 2001, "0a", "2026-07-12T08:30:00Z"])
        )
    return dict(told)


@given(_twisted())
def test_the_published_schema_and_the_codec_say_the_same(told: dict[str, Any]) -> None:
    """The schema may not promise what the codec refuses; a null for what may be left out is taken as that."""
    command = str(told.get("type", "")).startswith("cmd.")
    read = read_envelope(json.dumps(told).encode(), command=command)
    good = _VALIDATOR.is_valid(told)
    if good:
        assert not isinstance(read, str), (told, read)
    elif not isinstance(read, str):
        assert _VALIDATOR.is_valid(_without_nulls(told)), told


@given(st.binary(max_size=200) | st.builds(lambda value: json.dumps(value).encode(), _VALUES))
def test_no_bytes_raise(payload: bytes) -> None:
    for kind in EVENT_DATA:
        read_message(event_topic("a", "1", kind), payload)
    read_message(state_topic("a"), payload)


def _without_nulls(told: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in told.items() if value is not None}
    if isinstance(kept.get("data"), dict):
        kept["data"] = {name: value for name, value in kept["data"].items() if value is not None}
    return kept


def _is_uuid(value: object) -> bool:
    try:
        return not isinstance(value, str) or UUID(value) is not None
    except ValueError:
        return False


def _is_instant(value: object) -> bool:
    try:
        return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _formats() -> Any:
    checker = FormatChecker(formats=())
    checker.checks("uuid")(_is_uuid)
    checker.checks("date-time")(_is_instant)
    return checker


_VALIDATOR = Draft202012Validator(SCHEMA, format_checker=_formats())
