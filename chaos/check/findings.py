"""The comparisons. Each is a pure function of what was told and what is stored, and yields what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from chaos.check.sight import sees
from chaos.check.stored import Entry, Stored, instant
from chaos.check.told import Call, Command, ScreenTold, Told

ACTIVE = frozenset({"dispatched", "acknowledged", "en_route", "on_scene"})
UNSETTLED = frozenset({"open", "acknowledged"})
SLACK = timedelta(seconds=2)  # a terminal writes whole seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be."""

    what: str
    said: str

    def told(self) -> dict[str, str]:
        """Return it as plain data."""
        return asdict(self)


Findings = Iterator[Finding]

_VEILED = frozenset({"auditor", "wall"})


def chain(_: Told, stored: Stored) -> Findings:
    """Numbers without gaps, and a hash over everything before."""
    digest, expected = b"", 1
    for entry in stored.journal:
        digest = hashlib.sha256(digest + entry.body.encode()).digest()
        if entry.seq != expected or entry.hash != digest:
            yield Finding("journal broken", f"entry {entry.seq} does not follow from the one before")
            return
        expected += 1
    if stored.head != (expected - 1, digest):
        yield Finding("journal broken", f"its head says {stored.head[0]}, its last entry is {expected - 1}")


# How often each key of a kind is stored: in rows …
_ROWS: dict[str, Callable[[Stored], Iterator[tuple[str | None, int]]]] = {
    "incident.open": lambda at: ((one["description"], one["id"]) for one in at.incidents),
    "alarm.confirm": lambda at: ((one["description"], one["id"]) for one in at.incidents),
    "incident.amend": lambda at: ((one["title"], one["id"]) for one in at.incidents),
    "incident.close": lambda at: ((one["close_reason"], one["id"]) for one in at.incidents),
    "assign": lambda at: ((one["text"], one["id"]) for one in at.assignments),
    "step": lambda at: ((one["reason"], one["assignment_id"]) for one in at.steps),
    "words": lambda at: ((one["text"], 0) for one in at.signals),
    "sos": lambda at: ((one["text"], one["alarm_id"] or 0) for one in at.signals),
    "alarm.dismiss": lambda at: ((one["dismiss_reason"], one["id"]) for one in at.alarms),
}
# … and in the journal: the type of the entry and where in it the key stands.
_EVENT: dict[str, tuple[str, tuple[str, str]]] = {
    "incident.open": ("incident.opened", ("incident", "description")),
    "alarm.confirm": ("alarm.confirmed", ("incident", "description")),
    "incident.amend": ("incident.amended", ("incident", "title")),
    "incident.close": ("incident.closed", ("incident", "close_reason")),
    "assign": ("assignment.dispatched", ("assignment", "text")),
    "words": ("text.received", ("text", "text")),
    "alarm.dismiss": ("alarm.dismissed", ("alarm", "dismiss_reason")),
}
_MOST = {"acknowledged": (1, 1), "refused": (0, 0), "unknown": (0, 1)}


def commands(told: Told, stored: Stored) -> Findings:
    """Expect what was acknowledged once, what was refused never, what nobody knows once at most."""
    for kind, rows in _ROWS.items():
        found: dict[str, list[int]] = defaultdict(list)
        for key, id_ in rows(stored):
            if key:
                found[key].append(id_)
        written = Counter(key for key, _ in _keys(stored.journal, kind))
        for command in told.commands:
            if command.kind == kind:
                yield from _counted(command, len(found[command.key]), "rows")
                if kind in _EVENT:
                    yield from _counted(command, written[command.key], "entries of the journal")
                yield from _answered(command, found[command.key])


def _counted(command: Command, count: int, where: str) -> Findings:
    least, most = _MOST[command.outcome]
    if count < least:
        yield Finding(
            "command lost", f"{command.key} ({command.kind}) was acknowledged and stands in no {where}"
        )
    if count > most:
        what = "command doubled" if most else "refused command carried out"
        yield Finding(what, f"{command.key} ({command.kind}, {command.outcome}) stands in {count} {where}")


def _answered(command: Command, ids: list[int]) -> Findings:
    named = command.kind in ("incident.open", "assign", "alarm.confirm")
    if named and command.outcome == "acknowledged" and ids and command.id not in ids:
        yield Finding("wrong answer", f"{command.key} was answered {command.id}, stored is {ids}")


def _keys(journal: list[Entry], kind: str) -> Iterator[tuple[str, int]]:
    if kind not in _EVENT:
        return
    type_, (noun, name) = _EVENT[kind]
    for entry in journal:
        if entry.type == type_ and (key := json.loads(entry.body).get(noun, {}).get(name)):
            yield key, entry.seq


def order(told: Told, stored: Stored) -> Findings:
    """Expect what a client was told to be done before it asked for the next to stand before it."""
    at = {(kind, key): seq for kind in _EVENT for key, seq in _keys(stored.journal, kind)}
    last: dict[str, tuple[int, str]] = {}
    for command in told.commands:
        seq = at.get((command.kind, command.key))
        if seq is None or command.outcome != "acknowledged":
            continue
        before = last.get(command.who)
        if before and before[0] > seq:
            yield Finding("order broken", f"{command.key} stands before {before[1]}, which was done first")
        last[command.who] = (seq, command.key)


def marks(told: Told, stored: Stored) -> Findings:
    """Receipts and acknowledgements of alarms, which carry no word of their own, have left their mark."""
    alarms = {one["id"]: one for one in stored.alarms}
    for command in told.commands:
        if command.outcome != "acknowledged":
            continue
        if command.kind == "receipt" and stored.deliveries.get(command.told["delivery"]) != "delivered":
            yield Finding(
                "receipt lost", f"{command.key}: message {command.told['delivery']} is not delivered"
            )
        if command.kind == "alarm.acknowledge":
            alarm = alarms.get(command.told["alarm"])
            if alarm is None or alarm["acknowledged_at"] is None:
                yield Finding(
                    "command lost", f"{command.key}: alarm {command.told['alarm']} is not taken note of"
                )


def screens(told: Told, stored: Stored) -> Findings:
    """Each screen was told what it may see: nothing lost, nothing doubled, in order, the very bytes."""
    last_command = max((seq for kind in _EVENT for _, seq in _keys(stored.journal, kind)), default=0)
    bytes_of = {entry.seq: _wire_hash(entry) for entry in stored.journal}
    for screen in told.screens:
        if screen.reached < last_command:
            yield Finding(
                "screen behind", f"{screen.who} came to {screen.reached}, the last command is {last_command}"
            )
        if screen.resyncs:
            yield Finding("screen sent away", f"{screen.who} had to begin anew {screen.resyncs} times")
        yield from _screen(screen, stored, bytes_of)


def _screen(screen: ScreenTold, stored: Stored, bytes_of: dict[int, str]) -> Findings:
    seqs = [seq for seq, _ in screen.events]
    for seq, count in Counter(seqs).items():
        if count > 1:
            yield Finding("event doubled", f"{screen.who} was told {seq} {count} times")
    for before, after in pairwise(seqs):
        if after < before:
            yield Finding("order broken", f"{screen.who} was told {after} after {before}")
    yield from _seen(screen, stored, set(seqs))
    # Who may not see personal data is told the same with it taken out: whether rightly, other tests say.
    whole = stored.accounts[screen.account].role not in _VEILED
    for seq, digest in screen.events:
        if whole and bytes_of.get(seq) != digest:
            yield Finding("event changed", f"{screen.who} was told other words of {seq} than are stored")


def _seen(screen: ScreenTold, stored: Stored, told: set[int]) -> Findings:
    account, begin = stored.accounts[screen.account], screen.begin or 0
    for entry in stored.journal:
        if begin < entry.seq <= screen.reached:
            may = sees(account, entry)
            if may and entry.seq not in told:
                yield Finding("event lost", f"{screen.who} was never told {entry.seq} ({entry.type})")
            if may is False and entry.seq in told:
                yield Finding("event for other eyes", f"{screen.who} was told {entry.seq} ({entry.type})")


def _wire_hash(entry: Entry) -> str:
    return hashlib.sha256(f'{{"seq":{entry.seq},{entry.body[1:]}'.encode()).hexdigest()


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


def single_answers(told: Told, _: Stored) -> Findings:
    """Of several who take the same step of an order, or judge the same alarm, one is told that he did."""
    won: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for command in told.commands:
        if command.outcome != "acknowledged":
            continue
        if command.kind == "step":
            won["assignment", command.told["assignment"], command.told["step"]].append(command.key)
        elif command.kind in ("alarm.confirm", "alarm.dismiss"):
            won["alarm", command.told["alarm"], "judged"].append(command.key)
    for (noun, id_, what), keys in won.items():
        if len(keys) > 1:
            yield Finding("two winners", f"{noun} {id_} was {what} by {keys}")


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


RULES = (chain, commands, order, marks, screens, winners, single_answers, alarms, gateway)


def judged(told: Told, stored: Stored) -> list[Finding]:
    """Return everything that is wrong."""
    return [finding for rule in RULES for finding in rule(told, stored)]


def counts(told: Told, stored: Stored) -> dict[str, int]:
    """Return how much was compared."""
    outcomes = Counter(command.outcome for command in told.commands)
    return {
        "journal entries": len(stored.journal),
        "commands acknowledged": outcomes["acknowledged"],
        "commands refused": outcomes["refused"],
        "commands of unknown outcome": outcomes["unknown"],
        "commands that needed several tries": sum(one.told["tries"] > 1 for one in told.commands),
        "screens": len(told.screens),
        "events told to screens": sum(len(screen.events) for screen in told.screens),
        "assignments": len(stored.assignments),
        "races for one team": len(told.races),
        "… with a winner": sum(len(race) == 1 for race in told.races),
        "SOS of terminals confirmed": len(told.calls),
        "events of the gateway confirmed": len(told.gateway),
        "alarms": len(stored.alarms),
    }
