"""What each screen was told, against what it may see of the journal."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import pairwise

from chaos.check.commands import EVENT, keys_in
from chaos.check.finding import Finding, Findings
from chaos.check.sight import sees
from chaos.check.stored import Entry, Stored
from chaos.check.told import ScreenTold, Told

_VEILED = frozenset({"auditor", "wall"})


def screens(told: Told, stored: Stored) -> Findings:
    """Each screen was told what it may see: nothing lost, nothing doubled, in order, the very bytes."""
    last_command = max((seq for kind in EVENT for _, seq in keys_in(stored.journal, kind)), default=0)
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
