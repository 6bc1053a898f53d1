"""Teams, terminals and gateways: who is out for what, and whether every call was heard once."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from chaos.check.finding import Finding, Findings
from chaos.check.stored import Stored, instant
from chaos.check.told import Call, Told

ACTIVE = frozenset({"dispatched", "acknowledged", "en_route", "on_scene"})
UNSETTLED = frozenset({"open", "acknowledged"})
SLACK = timedelta(seconds=2)  # a terminal writes whole seconds


def winners(told: Told, stored: Stored) -> Findings:
    """Expect a team out for one incident at a time, in every moment of the journal, and one winner a race."""
    out: dict[int, set[int]] = defaultdict(set)
    for entry in stored.journal:
        one = json.loads(entry.body).get("assignment") if entry.type.startswith("assignment.") else None
        if one is None:
            continue
        held = out[one["team_id"]]
        held.discard(one["id"])
        if one["state"] in ACTIVE:
            held.add(one["id"])
        if len(held) > 1:
            yield Finding("two winners", f"team {one['team_id']} is out for {sorted(held)} at {entry.seq}")
    yield from _winners_now(told, stored)


def _winners_now(told: Told, stored: Stored) -> Findings:
    rows = Counter(one["team_id"] for one in stored.assignments if one["state"] in ACTIVE)
    for team, count in rows.items():
        if count > 1:
            yield Finding("two winners", f"team {team} has {count} active assignments")
    for race in told.races:
        if len(race) > 1:
            yield Finding("two winners", f"two officers were told that the same team is theirs: {race}")


def alarms(told: Told, stored: Stored) -> Findings:
    """Expect each confirmed SOS in an alarm, copies of a call in one, one unsettled alarm a device."""
    heard: dict[str, list[dict[str, Any]]] = defaultdict(list)
    of_call: dict[tuple[int, str], set[int]] = defaultdict(set)
    for signal in stored.signals:
        heard[signal["number"]].append(signal)
        if signal["kind"] == "distress" and signal["alarm_id"]:
            of_call[signal["device_id"], signal["dedup_key"]].add(signal["alarm_id"])
    for call in told.calls:
        if not any(_is_of(signal, call) for signal in heard[call.number]):
            yield Finding("alarm lost", f"terminal {call.number}: SOS of {call.pressed} is not stored")
    for (device, key), ids in of_call.items():
        if len(ids) > 1:
            yield Finding("alarm doubled", f"device {device}: one call ({key}) led to {sorted(ids)}")
    yield from _unsettled(stored)


def _is_of(signal: dict[str, Any], call: Call) -> bool:
    at = instant(signal["sent_at"])
    led = signal["kind"] == "distress" and signal["alarm_id"] is not None
    return led and at is not None and call.pressed - SLACK <= at <= call.confirmed + SLACK


def _unsettled(stored: Stored) -> Findings:
    waiting = Counter(
        (one["device_id"], one["kind"], one["subject"]) for one in stored.alarms if one["state"] in UNSETTLED
    )
    for what, count in waiting.items():
        if count > 1:
            yield Finding("alarm doubled", f"{count} unsettled alarms of {what}")


def gateway(told: Told, stored: Stored) -> Findings:
    """Expect what the broker had confirmed to a gateway to be taken in, once."""
    texts = Counter(
        json.loads(entry.body)["text"]["text"] for entry in stored.journal if entry.type == "text.received"
    )
    for event in told.gateway:
        if event["type"] != "location" and event["id"] not in stored.gateway_events:
            yield Finding("gateway event lost", f"{event['type']} {event['id']}")
        if event["type"] == "text" and texts[event["text"]] != 1:
            yield Finding("gateway event doubled or lost", f"{event['text']}: {texts[event['text']]} entries")
