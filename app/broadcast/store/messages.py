"""Broadcast sheets: found as a person may see them, and in a line with what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.broadcast.facts import BroadcastBriefFact
from app.broadcast.rules.results import Outcome, Tally, outcome
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.dispatch.exercise.store import runs
from app.org.rules.access import Viewer

_BRIEF = """
SELECT m.id, m.ebmid, m.state, m.msg_type, m.drill, m.urgent, m.event_type, m.severity, m.title,
       m.region_code, m.scope_words, m.start_at, m.end_at, m.author,
       coalesce(m.issued_at, m.drafted_at) AS written_at,
       CASE m.approved_as WHEN 'oral_consent' THEN m.consent_of ELSE m.approver END AS approver,
       m.reask_at IS NOT NULL AS signature_owed, m.cancels_id AS stops_id, m.replaces_id, m.cause_words,
       coalesce((SELECT min(e.name_zh) FROM event_type e WHERE e.code = m.event_type), m.event_type)
         AS event_name, g.villages, g.reached, r.terminals, r.played, r.playing, r.failed, r.cancelled, h.told
  FROM broadcast_message m
  CROSS JOIN LATERAL (SELECT count(*) AS villages, count(reached_at) AS reached
     FROM broadcast_target t WHERE t.message_id = m.id) g
  CROSS JOIN LATERAL (SELECT count(*) AS terminals, count(*) FILTER (WHERE state = 3) AS played,
     count(*) FILTER (WHERE state = 2) AS playing, count(*) FILTER (WHERE state = 4) AS failed,
     count(*) FILTER (WHERE state = 5) AS cancelled FROM broadcast_result t WHERE t.message_id = m.id) r
  CROSS JOIN LATERAL (SELECT coalesce(array_agg(CASE WHEN state IN ('refused', 'failed') THEN 4
     WHEN state = 'withdrawn' AND attempts = 0 THEN 5 ELSE play_state END), '{}') AS told
     FROM broadcast_handover t WHERE t.message_id = m.id) h
"""
# Another desk's sheet is seen once it has left, by those whose villages it is for.
_SEEN = """
 m.stream = :stream AND (m.region_code LIKE :scope || '%' OR (m.issued_at IS NOT NULL AND EXISTS (
   SELECT 1 FROM broadcast_target t WHERE t.message_id = m.id AND t.region_code LIKE :scope || '%')))
"""
_OVER = frozenset({"finished", "stopped", "expired"})
OPEN = ("draft", "submitted", "returned", "approved", "issued", "playing")


async def listed(
    tx: Tx, by: Viewer, *, states: Sequence[str] | None = None, limit: int = 50
) -> list[BroadcastBriefFact]:
    """Return the sheets a person sees, the newest first, in these states; stops ride with what they stop."""
    rows = await tx.execute(
        text(
            _BRIEF + f" WHERE {_SEEN} AND m.cancels_id IS NULL "
            "AND (CAST(:states AS text[]) IS NULL OR m.state = ANY(:states)) "
            "ORDER BY m.id DESC LIMIT :limit"
        ),
        {
            "stream": by.stream,
            "scope": by.scope,
            "states": None if states is None else list(states),
            "limit": limit,
        },
    )
    return [_brief(row) for row in rows.mappings()]


async def of_cause(tx: Tx, by: Viewer, kind: str, cause_id: int) -> list[tuple[BroadcastBriefFact, datetime]]:
    """Return the sheets a person sees that a cause started, each with when it was written or left."""
    rows = await tx.execute(
        text(
            _BRIEF + f" WHERE {_SEEN} AND m.cancels_id IS NULL AND m.state <> 'dropped'"
            " AND m.cause_kind = :kind AND m.cause_id = :cause ORDER BY m.id DESC LIMIT 20"
        ),
        {"stream": by.stream, "scope": by.scope, "kind": kind, "cause": cause_id},
    )
    return [(_brief(row), row["written_at"]) for row in rows.mappings()]


async def brief(tx: Tx, message_id: int) -> BroadcastBriefFact:
    """Return a sheet in a line."""
    rows = await tx.execute(text(_BRIEF + " WHERE m.id = :id"), {"id": message_id})
    return _brief(rows.mappings().one())


async def tally(tx: Tx, message_id: int) -> tuple[Tally, list[int | None]]:
    """Return what became of a message, and the state each platform gave the whole."""
    rows = await tx.execute(text(_BRIEF + " WHERE m.id = :id"), {"id": message_id})
    row = rows.mappings().one()
    return _tally(row), list(row["told"])


async def seen(tx: Tx, by: Viewer, message_id: int) -> BroadcastMessage | None:
    """Return a sheet as a person may see it, or None."""
    known = await tx.scalar(
        text(f"SELECT m.id FROM broadcast_message m WHERE m.id = :id AND {_SEEN}"),  # noqa: S608
        {"id": message_id, "stream": by.stream, "scope": by.scope},
    )
    return None if known is None else await tx.get(BroadcastMessage, known)


async def held(tx: Tx, message_id: int) -> BroadcastMessage | None:
    """Return a sheet, locked, as it is now."""
    found: BroadcastMessage | None = await tx.scalar(
        select(BroadcastMessage).where(col(BroadcastMessage.id) == message_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    return found


async def pressed(tx: Tx, stream: str, author_id: int, press: str) -> int | None:
    """Return the sheet a press has made already; nobody else presses the same until commit."""
    name = f"broadcast {stream} {author_id} {press}"
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
    found: int | None = await tx.scalar(
        text(
            "SELECT id FROM broadcast_message WHERE stream = :stream AND author_id = :author "
            "AND press = :press"
        ),
        {"stream": stream, "author": author_id, "press": press},
    )
    return found


async def stop_of(tx: Tx, message_id: int) -> BroadcastMessage | None:
    """Return the stop of a message, None if it was not stopped on the air."""
    found: BroadcastMessage | None = await tx.scalar(
        select(BroadcastMessage).where(col(BroadcastMessage.cancels_id) == message_id)
    )
    return found


# A broadcast of a drill that stands still waits.
RUNS = runs("CASE WHEN cause_kind = 'incident' THEN cause_id END")


async def due(tx: Tx, stream: str, now: datetime, leaves_at: datetime, grace_at: datetime) -> list[int]:
    """Return the sheets about which something is to be done: issue, expire, finish, ask for a signature."""
    rows = await tx.execute(
        text(
            f"""
            SELECT id FROM broadcast_message WHERE stream = :stream AND {RUNS} AND (
                (state = 'approved' AND start_at <= :leaves)
             OR (state IN ('draft', 'submitted', 'returned') AND end_at <= :now
                 AND NOT coalesce(CAST(scope->>'floating' AS boolean), false))
             OR (state IN ('issued', 'playing') AND end_at <= :grace)
             OR (reask_at <= :now)) ORDER BY id LIMIT 200
            """  # noqa: S608
        ),
        {"stream": stream, "now": now, "leaves": leaves_at, "grace": grace_at},
    )
    return list(rows.scalars())


async def targets(tx: Tx, message_id: int) -> list[str]:
    """Return the villages a message is for, by code."""
    rows = await tx.execute(
        text("SELECT region_code FROM broadcast_target WHERE message_id = :id ORDER BY region_code"),
        {"id": message_id},
    )
    return list(rows.scalars())


async def reached_before(tx: Tx, message_id: int) -> list[str]:
    """Return the villages that a message, or what it took the place of before, was for, by code.

    Who got the first alert is told of its end, also when an update in between was for fewer.
    """
    rows = await tx.execute(
        text(
            """
            WITH RECURSIVE chain AS (
                SELECT id, replaces_id FROM broadcast_message WHERE id = :id
                 UNION
                SELECT m.id, m.replaces_id FROM broadcast_message m JOIN chain c ON m.id = c.replaces_id)
            SELECT DISTINCT t.region_code FROM broadcast_target t JOIN chain c ON c.id = t.message_id
              JOIN broadcast_message m ON m.id = c.id
             WHERE m.id = :id OR m.issued_at IS NOT NULL ORDER BY t.region_code
            """
        ),
        {"id": message_id},
    )
    return list(rows.scalars())


async def running(tx: Tx, stream: str, scope: str) -> list[dict[str, Any]]:
    """Return the messages that are, or will be, on the air, with the townships of a scope they are for."""
    rows = await tx.execute(
        text(
            """
            SELECT m.id, m.title, m.urgent, m.sender_level, m.severity, m.start_at, m.end_at, m.repeats,
                   m.interval_s, m.text, m.more_texts,
                   (SELECT seconds FROM broadcast_file f WHERE f.id = m.voice_id) AS voice_s,
                   array_agg(DISTINCT left(t.region_code, 9) || '000') AS townships
              FROM broadcast_message m JOIN broadcast_target t ON t.message_id = m.id
             WHERE m.stream = :stream AND m.state IN ('submitted', 'approved', 'issued', 'playing')
               AND m.msg_type IN (1, 5) AND t.region_code LIKE :scope || '%'
             GROUP BY m.id ORDER BY m.id DESC LIMIT 200
            """
        ),
        {"stream": stream, "scope": scope},
    )
    return [dict(row) for row in rows.mappings()]


def _tally(row: Any) -> Tally:
    return Tally(
        row["villages"],
        row["reached"],
        row["terminals"],
        row["played"],
        row["playing"],
        row["failed"],
        row["cancelled"],
    )


def _brief(row: Any) -> BroadcastBriefFact:
    found = _tally(row)
    told = {key: row[key] for key in BroadcastBriefFact.model_fields if key in row}
    return BroadcastBriefFact(
        **told,
        outcome=_outcome(row, found),
        silent=found.silent,
        coverage_rate=found.coverage_rate if row["msg_type"] != 2 else None,
    )


def _outcome(row: Any, found: Tally) -> Outcome:
    if row["msg_type"] == 2 or row["state"] not in {"issued", "playing", *_OVER}:
        return ""
    if row["state"] in ("stopped", "expired"):
        return "partial" if found.played else "cancelled"
    return outcome(found, row["told"], over=row["state"] in _OVER)
