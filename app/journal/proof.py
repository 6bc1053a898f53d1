"""Prove the journal: every stream from its first row to its end, by its chain of hashes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.db import Database, Tx
from app.journal import store
from app.journal.chain import End
from app.journal.ends import store as ends
from app.journal.store import JournalRow, first_broken

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: how many rows are whole, and the first that is not; its type is "" if it is gone.

    `last` and `digest` are the end of the stream as its head says it: the number of the last row, its hash,
    by `algorithm`. `by`: how many of the whole rows are chained by each.
    """

    stream: str
    whole: int
    broken_seq: int | None = None
    broken_type: str = ""
    last: int = field(default=0, compare=False)
    digest: bytes = field(default=b"", compare=False)
    algorithm: str = field(default="sha256", compare=False)
    by: Mapping[str, int] = field(default_factory=dict, compare=False)


async def prove(database: Database) -> list[Proof]:
    """Recompute every stream's chain; what was altered, removed or added behind the house's back is named."""
    async with database.snapshot() as tx:
        found = [await prove_stream(tx, stream) for stream in await ends.streams(tx)]
        return [await _nothing_beyond(tx, proof) for proof in found]


async def prove_stream(tx: Tx, stream: str) -> Proof:
    """Recompute the chain of one stream up to its end of now, a thousand rows at a time.

    What is appended meanwhile is left to the next proof. Raises LookupError for a stream that is none.
    """
    end = (await ends.streams(tx))[stream]
    seen, hashed, by = 0, b"", Counter[str]()
    while seen < end.seq and (rows := await store.read_after(tx, stream, seen, min(BATCH, end.seq - seen))):
        if (broken := _first_altered(rows, seen, hashed)) is not None:
            by.update(row.algorithm for row in rows if row.seq < broken)
            types = {row.seq: row.type for row in rows}
            return _found(stream, end, by, broken - 1, broken, types.get(broken, ""))
        by.update(row.algorithm for row in rows)
        seen, hashed = rows[-1].seq, rows[-1].hash
    return _found(stream, end, by, seen, None if (seen, hashed) == (end.seq, end.hash) else seen + 1)


def _found(
    stream: str, end: End, by: Counter[str], whole: int, broken: int | None = None, broken_type: str = ""
) -> Proof:
    return Proof(stream, whole, broken, broken_type, end.seq, end.hash, end.algorithm, by)


async def _nothing_beyond(tx: Tx, proof: Proof) -> Proof:
    """Name a row behind the end; the transaction sees one instant, so that nobody appends meanwhile."""
    if proof.broken_seq is not None or not await store.read_after(tx, proof.stream, proof.last, 1):
        return proof
    return replace(proof, broken_seq=proof.last + 1)


def _first_altered(rows: Sequence[JournalRow], seen: int, hashed: bytes) -> int | None:
    """Return the first number that does not follow, or whose columns say something else than its body."""
    found = [first_broken(rows, hashed)]
    found += [number for number, row in enumerate(rows, start=seen + 1) if row.seq != number][:1]
    found += [row.seq for row in rows if json.loads(row.body)["type"] != row.type][:1]
    return min((seq for seq in found if seq is not None), default=None)
