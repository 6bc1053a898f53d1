"""Prove the journal: every stream from its first row to its end, by its chain of hashes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from app.db import Database, Tx
from app.journal import store
from app.journal.store import JournalRow, first_broken

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: how many rows are whole, and the first that is not; its type is "" if it is gone."""

    stream: str
    whole: int
    broken_seq: int | None = None
    broken_type: str = ""


async def prove(database: Database) -> list[Proof]:
    """Recompute every stream's chain; what was altered, removed or added behind the house's back is named."""
    async with database.snapshot() as tx:
        ends = await store.streams(tx)
        return [await _prove(tx, stream, *end) for stream, end in ends.items()]


async def _prove(tx: Tx, stream: str, last: int, digest: bytes) -> Proof:
    seen, hashed = 0, b""
    while rows := await store.read_after(tx, stream, seen, BATCH):
        if (broken := _first_altered(rows, seen, hashed)) is not None:
            types = {row.seq: row.type for row in rows}
            return Proof(stream, broken - 1, broken, types.get(broken, ""))
        seen, hashed = rows[-1].seq, rows[-1].hash
    if (seen, hashed) != (last, digest):
        return Proof(stream, seen, seen + 1)
    return Proof(stream, seen)


def _first_altered(rows: Sequence[JournalRow], seen: int, hashed: bytes) -> int | None:
    """Return the first number that does not follow, or whose columns say something else than its body."""
    found = [first_broken(rows, hashed)]
    found += [number for number, row in enumerate(rows, start=seen + 1) if row.seq != number][:1]
    found += [row.seq for row in rows if json.loads(row.body)["type"] != row.type][:1]
    return min((seq for seq in found if seq is not None), default=None)
