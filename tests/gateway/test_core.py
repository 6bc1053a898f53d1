"""The gateway without wires: events keep their order on disk, commands are carried out once and in time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.clock import SetClock
from app.devices.adapter import Reading
from app.devices.adapters.mqtt_gateway import read_message
from app.gateway import store as keeping
from app.gateway.core import Core, events_of
from app.gateway.store import Store
from app.signals import Distress, Fix, Health, Presence, Receipt, Ring, Signal, Talk, Text, Trouble

CAN = frozenset({"cmd.text"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A file of this test's own."""
    store = Store(tmp_path / "gateway.sqlite", most_events=5)
    yield store
    store.close()


@pytest.fixture
def core(store: Store, clock: SetClock) -> Core:
    """A gateway whose devices take texts."""
    return Core("gw", store, clock.now, CAN)


def command(clock: SetClock, verb: str = "text", device: str = "500201", **more: Any) -> tuple[str, bytes]:
    now = clock.now()
    told = {
        "v": 1,
        "id": str(uuid4()),
        "ts": now.isoformat(),
        "type": f"cmd.{verb}",
        "expires_at": (now + timedelta(minutes=5)).isoformat(),
        "data": {"text": "撤离"} if verb == "text" else {},
        **more,
    }
    return f"ecd/v1/gateway/gw/device/{device}/command/{verb}", json.dumps(told).encode()


def told(store: Store) -> list[dict[str, Any]]:
    """Return what waits for the broker; every event must be one of the contract."""
    events = store.waiting(0, 100)
    for event in events:
        assert isinstance(read_message(event.topic, event.payload), Reading), event
    return [json.loads(event.payload) for event in events]


def answers(store: Store) -> list[tuple[str, dict[str, Any]]]:
    """Return what was answered to commands, in its order."""
    return [(event["type"], event["data"]) for event in told(store) if event["type"] in ("ack", "txack")]


@pytest.mark.parametrize(
    "signal",
    [
        Fix(118.2, 28.5, altitude_m=12, speed_mps=10, course_deg=90),
        Distress("r", None, Fix(118.2, 28.5), "SOS"),
        Text("r", "桥断了", b"x"),
        Presence(online=True, renew_s=300),
        Presence(online=False),
        Health((("battery_pct", 15), ("card_number", 300001))),
        Trouble("tamper", "r", "开盖"),
        Talk("slot1", "start", "500201", "9001", emergency=True),
        Ring("satphone:/dev/ttyUSB1-2026-07-12T08:30:16+00:00", "17400000005", "answered"),
    ],
)
def test_what_a_device_says_arrives_at_the_centre_as_it_was_said(
    core: Core, store: Store, clock: SetClock, signal: Signal
) -> None:
    core.hear(Reading("rdss21", "x", "500201", {}, b"$raw", (signal,)))
    (event,) = store.waiting(0, 10)
    reading = read_message(event.topic, event.payload)
    assert isinstance(reading, Reading)
    (again,) = reading.signals
    assert type(again) is type(signal)
    same = "lon lat speed_mps course_deg altitude_m online renew_s kind text stage talker target number"
    for name in same.split():
        assert getattr(again, name, None) == getattr(signal, name, None)


def test_what_is_not_the_centres_is_not_sent(core: Core, store: Store) -> None:
    assert events_of(Receipt("TXA", "accepted")) == ()
    for sender in ("", "0", "abc"):
        core.hear(Reading("rdss21", "x", sender, {}, b"", (Text("r", "x", b""),)))
    core.hear(
        Reading(
            "x", "x", "1", {}, b"", (Health((("freq_s", 60),)), Text("r", "", b""), Trouble("silent", "r"))
        )
    )
    assert told(store) == []


def test_events_keep_their_order_and_number_through_a_restart(
    core: Core, store: Store, clock: SetClock, tmp_path: Path
) -> None:
    core.tell("1", "text", {"text": "一"})
    core.tell("1", "text", {"text": "二"})
    again = Core("gw", Store(tmp_path / "gateway.sqlite"), clock.now, CAN)
    again.tell("1", "text", {"text": "三"})
    events = told(store)
    assert [event["data"]["text"] for event in events] == ["一", "二", "三"]
    assert [event["seq"] for event in events] == [1, 2, 1]
    assert events[0]["epoch"] != events[2]["epoch"]
    again._store.close()


def test_a_full_disk_gives_up_the_oldest_position_first(core: Core, store: Store) -> None:
    core.tell("1", "location", {"lat": 1, "lon": 2, "tst": 1})
    for number in range(4):
        core.tell("1", "text", {"text": str(number)})
    core.tell("1", "text", {"text": "4"})
    core.tell("1", "text", {"text": "5"})
    assert [event["data"]["text"] for event in told(store)] == ["1", "2", "3", "4", "5"]
    assert store.given_up == 2
    assert store.waiting_events == 5


def test_a_command_waits_on_disk_and_is_answered(core: Core, store: Store, clock: SetClock) -> None:
    assert core.take(*command(clock)) == "ok"
    assert answers(store) == [("txack", {"result": "ok", "code": "queued"})]
    task = core.next_task()
    assert task is not None
    assert (task.device, json.loads(task.body)) == ("500201", {"text": "撤离"})
    core.finish(task, "ok")
    assert core.next_task() is None
    assert len(answers(store)) == 1


def test_a_command_that_comes_twice_is_carried_out_once(core: Core, store: Store, clock: SetClock) -> None:
    order = command(clock)
    core.take(*order)
    assert core.take(*order) == "duplicate"
    assert len(answers(store)) == 1  # its turn has not come
    task = core.next_task()
    assert task is not None
    core.finish(task, "ok")
    assert core.take(*order) == "duplicate"
    assert core.next_task() is None
    assert answers(store)[-1] == ("txack", {"result": "duplicate", "reason": "ok"})


def test_answers_are_remembered_for_a_day_and_through_a_restart(
    core: Core, store: Store, clock: SetClock
) -> None:
    order = command(clock)
    core.take(*order)
    task = core.next_task()
    assert task is not None
    core.finish(task, "failed", "no_feedback")
    assert answers(store)[-1] == ("ack", {"result": "failed", "reason": "no_feedback"})
    clock.advance(timedelta(hours=23))
    store.forget(clock.now())
    assert Core("gw", store, clock.now, CAN).take(*order) == "duplicate"
    clock.advance(timedelta(hours=2))
    store.forget(clock.now())
    assert Core("gw", store, clock.now, CAN).take(*order) == "expired"


def test_a_command_too_old_is_never_carried_out(core: Core, store: Store, clock: SetClock) -> None:
    """Neither when it comes late, nor when its turn comes late: a stun of yesterday must not fire."""
    order = command(clock)
    stale = command(clock)
    core.take(*order)
    clock.advance(timedelta(minutes=40))
    assert core.take(*stale) == "expired"
    assert core.next_task() is None
    assert answers(store)[1:] == [("txack", {"result": "expired"}), ("ack", {"result": "expired"})]
    assert core.take(*stale) == "duplicate"


def test_what_no_device_here_can_do_is_said_so(
    core: Core, store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert core.take(*command(clock, "stun")) == "unsupported"
    monkeypatch.setattr(keeping, "MOST_COMMANDS", 0)
    assert core.take(*command(clock)) == "rejected"
    assert [data["result"] for _, data in answers(store)] == ["unsupported", "rejected"]


def test_what_is_no_command_is_not_answered(core: Core, store: Store, clock: SetClock) -> None:
    topic, payload = command(clock)
    for strange in (
        (topic, b"{}"),
        ("a/b", payload),
        (topic.replace("text", "stun"), payload),
        command(clock, also=1),
        command(clock, expires_at=None),
    ):
        assert core.take(*strange) == ""
    assert told(store) == []
