"""All comparisons. Each is a pure function of what was told and what is stored, and yields what is wrong."""

from __future__ import annotations

import hashlib
from collections import Counter

from chaos.check.commands import commands, marks, order, single_answers
from chaos.check.field import alarms, gateway, winners
from chaos.check.finding import Finding, Findings
from chaos.check.screens import screens
from chaos.check.stored import Entry, Stored
from chaos.check.told import Told


def chain(_: Told, stored: Stored) -> Findings:
    """Numbers without gaps, and a hash over everything before."""
    digest, expected = b"", 1
    for entry in stored.journal:
        digest = _linked(entry, digest)
        if entry.seq != expected or entry.hash != digest:
            yield Finding("journal broken", f"entry {entry.seq} does not follow from the one before")
            return
        expected += 1
    if stored.head != (expected - 1, digest):
        yield Finding("journal broken", f"its head says {stored.head[0]}, its last entry is {expected - 1}")


def _linked(entry: Entry, before: bytes) -> bytes:
    """Chain a row as the row says it is; its own reading of docs/decisions/0055, not the service's."""
    if entry.algorithm == "sha256":
        return hashlib.sha256(before + entry.body.encode()).digest()
    if entry.algorithm == "sm3":
        inner = hashlib.new("sm3", b"zhishou-journal/sm3\n" + entry.body.encode()).digest()
        return hashlib.new("sm3", before + inner).digest()
    return b""


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
