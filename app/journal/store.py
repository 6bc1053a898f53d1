"""Append to the journal, read after a cursor, prove the chain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import text

from app import tracing
from app.db import APPENDED, WRITTEN_BY, Tx, sql
from app.journal import chain
from app.journal.concern import Concern

CHANNEL = "zhishou_journal"  # the NOTIFY channel: who wrote which row, a hint; the poll is the promise
_AT_ONCE = 100  # rows of one transaction that are handed over after its commit; more of them are read

# One statement: the head's row lock is held until commit, so that sequence order equals commit
# order per stream and numbers have no gaps; the hash continues the chain over the exact text, by the
# algorithm that the head names (app/journal/chain.py).
# Everybody else waits for that lock: PostgreSQL ends a transaction that says nothing for eight seconds after
# it (its node was paused), before those who wait give up (15 s, app/db.py); and after thirty in any case, as
# half a statement (the cable was cut amid it) is not silence. Unless it was opened without end.
_APPEND = sql(
    """
    WITH head AS (
      UPDATE journal_head
         SET seq = seq + 1, hash = CASE algorithm WHEN 'sm3' THEN journal_sm3(hash || CAST(:told AS bytea))
                                   ELSE sha256(hash || convert_to(:body, 'UTF8')) END
       WHERE stream = :stream AND (algorithm <> 'sm3' OR CAST(:told AS bytea) IS NOT NULL)
      RETURNING seq, hash, algorithm
    )
    INSERT INTO journal (stream, seq, at, type, region_codes, team_ids, restricted, readers, audience,
                         incident_id, actor_id, body, hash, algorithm)
    SELECT :stream, head.seq, :at, :type, CAST(:region_codes AS text[]), CAST(:team_ids AS bigint[]),
           :restricted, CAST(:readers AS text[]), :audience, :incident_id, :actor_id,
           CAST(:body AS json), head.hash, head.algorithm
      FROM head
    RETURNING seq, pg_notify('zhishou_journal', CAST(:written_by AS text) || ' ' || seq),
              set_config('idle_in_transaction_session_timeout',
                         CASE current_setting('idle_in_transaction_session_timeout')
                         WHEN '0' THEN '0' ELSE '8s' END, true),
              CASE WHEN current_setting('transaction_timeout', true) IS NULL
                     OR current_setting('idle_in_transaction_session_timeout') = '0' THEN NULL
                   ELSE set_config('transaction_timeout', '30s', true) END,
              algorithm
    """
)
_BY_SM3: set[str] = set()  # streams whose last row, as this process wrote it, was chained by SM3
_ROWS = """
    SELECT stream, seq, at, type, region_codes, team_ids, restricted, readers, audience, incident_id,
           CAST(body AS text), hash, algorithm
      FROM journal"""
_READ = sql(
    f"""{_ROWS} WHERE stream = :stream AND seq > :after ORDER BY seq LIMIT :limit
    """
)
_READ_INCIDENT = sql(
    f"""{_ROWS} WHERE stream = :stream
       AND (incident_id = :incident_id
            OR (type LIKE 'alarm.%' AND CAST(body->'alarm'->>'id' AS bigint) = ANY(:alarm_ids)))
     ORDER BY seq
    """
)
_READ_SPAN = sql(
    f"""{_ROWS}
     WHERE stream = :stream AND at >= :start AND at < :end AND type = ANY(:types)
     ORDER BY seq
    """
)
_READ_KINDS = sql(
    f"""{_ROWS}
     WHERE stream = :stream AND incident_id = :incident_id AND type = ANY(:types)
     ORDER BY seq DESC LIMIT :limit
    """
)
_READ_ONE = sql(
    f"""{_ROWS} WHERE stream = :stream AND seq = :seq
    """
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, to be appended. `payload` is an event model with its `type`."""

    payload: BaseModel
    concern: Concern
    incident_id: int | None = None


_ABOUT = (
    ("alarm.", "alarm"),
    ("intake.", "notice"),
    ("order.", "order"),
    ("status_call.", "status_call"),
)


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A committed row. `body` is the JSON object text without `seq`."""

    stream: str
    seq: int
    at: datetime
    type: str
    concern: Concern
    body: str
    hash: bytes = b""
    incident_id: int | None = None
    algorithm: str = "sha256"

    @property
    def judged(self) -> tuple[str, int] | None:
        """What a row is about that incidents come of or that is sent out: ("alarm", 7). None for others."""
        for noun, part in _ABOUT:
            if self.type.startswith(noun) and (told := json.loads(self.body).get(part)):
                return part, int(told["id"])
        return None

    @property
    def items(self) -> tuple[int, ...]:
        """The incidents that the items of a hand-over sheet name, () for any other row."""
        if not self.type.startswith("handover."):
            return ()
        body = json.loads(self.body)
        items = [*body.get("items", ()), *([body["item"]] if "item" in body else ())]
        return tuple(item["incident_id"] for item in items if item["incident_id"] is not None)

    @property
    def wire(self) -> str:
        """The event as sent to screens: the body with its sequence number in front."""
        return f'{{"seq":{self.seq},{self.body[1:]}'


class UnknownStream(LookupError):
    """The stream has no head row: the county was never set up."""


async def open_stream(tx: Tx, stream: str) -> None:
    """Create the stream if it does not exist yet."""
    await tx.execute(
        text("INSERT INTO journal_head (stream, seq, hash) VALUES (:s, 0, '') ON CONFLICT DO NOTHING"),
        {"s": stream},
    )


async def append(
    tx: Tx, stream: str, at: datetime, entries: Sequence[Entry], actor: BaseModel | None = None
) -> list[int]:
    """Append what happened; the last call of every action, for it holds the stream's lock till commit.

    `actor` is the person (a model with `id`) or None when a device or the clock acted. Returns the
    sequence numbers. Raises UnknownStream.
    """
    seqs = []
    for entry in entries:
        body = _body(entry.payload, at, actor)
        seq = await _written(
            tx,
            stream,
            body,
            {
                "stream": stream,
                "written_by": tx.info.get(WRITTEN_BY, ""),
                "body": body,
                "at": at,
                "type": entry.payload.type,  # type: ignore[attr-defined]
                "region_codes": list(entry.concern.region_codes),
                "team_ids": list(entry.concern.team_ids),
                "restricted": entry.concern.restricted,
                "readers": list(entry.concern.readers),
                "audience": entry.concern.audience,
                "incident_id": entry.incident_id,
                "actor_id": actor.id if actor else None,  # type: ignore[attr-defined]
            },
        )
        tracing.appended(tx.info, (stream, seq))
        kind: str = entry.payload.type  # type: ignore[attr-defined]
        _keep(tx, JournalRow(stream, seq, at, kind, entry.concern, body, incident_id=entry.incident_id))
        seqs.append(seq)
    return seqs


async def _written(tx: Tx, stream: str, body: str, told: dict[str, Any]) -> int:
    """Write one row. Only a stream that was seen to be chained by SM3 has its body digested beforehand."""
    by_sm3 = stream in _BY_SM3
    row = (await tx.execute(_APPEND, {**told, "told": chain.told(body.encode()) if by_sm3 else None})).first()
    if row is None and not by_sm3:  # nothing was changed: it is chained by SM3, or unknown
        row = (await tx.execute(_APPEND, {**told, "told": chain.told(body.encode())})).first()
    if row is None:
        raise UnknownStream(stream)
    (_BY_SM3.add if row[-1] == "sm3" else _BY_SM3.discard)(stream)
    return int(row[0])


def _keep(tx: Tx, row: JournalRow) -> None:
    """Keep a row for whoever pushes it after the commit. What a savepoint may take back is read instead."""
    kept = tx.info.setdefault(APPENDED, [])
    if kept is None:
        return
    if len(kept) == _AT_ONCE or tx.in_nested_transaction():
        tx.info[APPENDED] = None
    else:
        kept.append(row)


def _body(payload: BaseModel, at: datetime, actor: BaseModel | None) -> str:
    """Return the event as compact JSON, its envelope first; (stream, seq) names it, no id is needed."""
    who = actor.model_dump_json() if actor else "null"
    again: tuple[str, ...] = getattr(payload, "again", ())
    parts = [f'"type":"{payload.type}","at":"{at.isoformat()}","actor":{who}']  # type: ignore[attr-defined]
    if len(fields := payload.model_dump_json(exclude={"type", *again})) > len("{}"):
        parts.append(fields[1:-1])
    for name in again:
        told = ",".join([one.json_text for one in getattr(payload, name)])
        parts.append(f'"{name}":[{told}]')
    return "{" + ",".join(parts) + "}"


async def head(tx: Tx, stream: str) -> int:
    """Return the last committed sequence number of the stream, 0 if nothing happened yet."""
    found = await tx.scalar(sql("SELECT seq FROM journal_head WHERE stream = :s"), {"s": stream})
    return int(found or 0)


async def read_after(tx: Tx, stream: str, after: int, limit: int) -> list[JournalRow]:
    """Return up to `limit` rows after the cursor, in order."""
    rows = await tx.execute(_READ, {"stream": stream, "after": after, "limit": limit})
    return [row_of(row) for row in rows]


async def read_span(
    tx: Tx, stream: str, start: datetime, end: datetime, types: Sequence[str]
) -> list[JournalRow]:
    """Return the rows of these types that were written in [start, end), in order."""
    rows = await tx.execute(_READ_SPAN, {"stream": stream, "start": start, "end": end, "types": list(types)})
    return [row_of(row) for row in rows]


async def read_kinds(
    tx: Tx, stream: str, incident_id: int, types: Sequence[str], limit: int
) -> list[JournalRow]:
    """Return the last `limit` rows of these types that belong to an incident, in order."""
    told = {"stream": stream, "incident_id": incident_id, "types": list(types), "limit": limit}
    rows = await tx.execute(_READ_KINDS, told)
    return [row_of(row) for row in rows][::-1]


async def read_one(tx: Tx, stream: str, seq: int) -> JournalRow | None:
    """Return one row by its number, or None."""
    row = (await tx.execute(_READ_ONE, {"stream": stream, "seq": seq})).first()
    return row_of(row) if row else None


async def read_incident(tx: Tx, stream: str, incident_id: int, alarm_ids: Sequence[int]) -> list[JournalRow]:
    """Return everything the journal knows of one incident and of the alarms that led to it, in order."""
    rows = await tx.execute(
        _READ_INCIDENT, {"stream": stream, "incident_id": incident_id, "alarm_ids": list(alarm_ids)}
    )
    return [row_of(row) for row in rows]


def first_broken(rows: Sequence[JournalRow], previous_hash: bytes = b"") -> int | None:
    """Return the first seq whose hash or number does not follow from the one before, None if whole."""
    expected = rows[0].seq if rows else 0
    for row in rows:
        linked = chain.link(row.algorithm, previous_hash, row.body.encode())
        if row.hash != linked or row.seq != expected:
            return row.seq
        previous_hash = linked
        expected += 1
    return None


def row_of(row: Any) -> JournalRow:
    """Return a row read with the columns of `_READ`, in their order."""
    stream, seq, at, kind, regions, teams, restricted, readers, audience, incident_id, body, *chained = row
    concern = Concern(tuple(regions), tuple(teams), restricted, audience, tuple(readers))
    return JournalRow(stream, seq, at, kind, concern, body, chained[0], incident_id, chained[1])
