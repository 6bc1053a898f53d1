"""What people were told of their commands, against what is stored and what the journal says."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from chaos.check.finding import Finding, Findings
from chaos.check.stored import Entry, Stored
from chaos.check.told import Command, Told

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
EVENT: dict[str, tuple[str, tuple[str, ...]]] = {
    "incident.open": ("incident.opened", ("incident", "description")),
    "alarm.confirm": ("alarm.confirmed", ("incident", "description")),
    "incident.amend": ("incident.amended", ("incident", "title")),
    "incident.close": ("incident.closed", ("incident", "close_reason")),
    "assign": ("assignment.dispatched", ("assignment", "text")),
    "words": ("text.received", ("text", "text")),
    "alarm.dismiss": ("alarm.dismissal_asked", ("alarm", "dismissal", "reason")),
}
_MOST = {"acknowledged": (1, 1), "refused": (0, 0), "unknown": (0, 1)}


def commands(told: Told, stored: Stored) -> Findings:
    """Expect what was acknowledged once, what was refused never, what nobody knows once at most."""
    for kind, rows in _ROWS.items():
        found: dict[str, list[int]] = defaultdict(list)
        for key, id_ in rows(stored):
            if key:
                found[key].append(id_)
        written = Counter(key for key, _ in keys_in(stored.journal, kind))
        for command in told.commands:
            if command.kind == kind:
                yield from _counted(command, len(found[command.key]), "rows")
                if kind in EVENT:
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


def keys_in(journal: list[Entry], kind: str) -> Iterator[tuple[str, int]]:
    """Yield each key of a kind that stands in the journal, and where."""
    if kind not in EVENT:
        return
    type_, path = EVENT[kind]
    for entry in journal:
        if entry.type != type_:
            continue
        key: Any = json.loads(entry.body)
        for name in path:
            key = (key or {}).get(name)
        if key:
            yield key, entry.seq


def order(told: Told, stored: Stored) -> Findings:
    """Expect what a client was told to be done before it asked for the next to stand before it."""
    at = {(kind, key): seq for kind in EVENT for key, seq in keys_in(stored.journal, kind)}
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
