"""The delivery table: villages with their terminals, who was asked, what proves it, what is repaired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.broadcast.facts import (
    BroadcastPeerFact,
    BroadcastProofFact,
    BroadcastReplacedFact,
    BroadcastVerificationFact,
    BroadcastVillageFact,
    SpeakerResultFact,
)
from app.broadcast.speaker_facts import SpeakerRepairFact
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.org.rules.access import Viewer

_PATH = """(SELECT string_agg(g.name_zh, '' ORDER BY g.code) FROM region g
   WHERE g.code IN (left(r.code, 9) || '000', r.code) AND right(g.code, 6) <> '000000')"""
_REPAIR = f"""
SELECT f.id, f.terminal_id, t.name AS terminal, t.region_code, {_PATH} AS path, f.message_id AS broadcast_id,
       f.fault, f.hours, f.opened_at, f.opened_by, f.due_at, f.done_at IS NULL AND f.due_at < :now AS overdue,
       f.owner, f.owner_phone, f.done_at, f.done_by, f.note
  FROM broadcast_repair f JOIN broadcast_terminal t ON t.id = f.terminal_id
  JOIN region r ON r.code = t.region_code
"""  # noqa: S608


async def villages(tx: Tx, message_id: int, scope: str) -> list[BroadcastVillageFact]:
    """Return the villages of a message within a scope, with what their terminals made of it."""
    rows = await tx.execute(
        text(
            f"SELECT g.region_code, {_PATH} AS path, coalesce((SELECT name_zh FROM region p "  # noqa: S608
            "  WHERE p.code = left(r.code, 9) || '000'), '') AS township, g.terminals, g.live, g.reached_at "
            "FROM broadcast_target g JOIN region r ON r.code = g.region_code "
            "WHERE g.message_id = :id AND g.region_code LIKE :scope || '%' ORDER BY g.region_code"
        ),
        {"id": message_id, "scope": scope},
    )
    found = await results(tx, message_id, scope)
    return [BroadcastVillageFact(**row, results=found.get(row["region_code"], [])) for row in rows.mappings()]


async def results(tx: Tx, message_id: int, scope: str) -> dict[str, list[SpeakerResultFact]]:
    """Return what terminals made of a message, by village."""
    rows = await tx.execute(
        text(
            """
            SELECT t.region_code, t.id AS terminal_id, t.name, t.resource_code, t.state AS terminal_state,
                   r.state, r.words, r.started_at, r.ended_at, r.plays, r.reported_at, r.source
              FROM broadcast_result r JOIN broadcast_terminal t ON t.id = r.terminal_id
             WHERE r.message_id = :id AND t.region_code LIKE :scope || '%' ORDER BY t.region_code, t.id
            """
        ),
        {"id": message_id, "scope": scope},
    )
    found: dict[str, list[SpeakerResultFact]] = defaultdict(list)
    for row in rows.mappings():
        told = dict(row)
        found[told.pop("region_code")].append(SpeakerResultFact(**told))
    return found


async def peers(tx: Tx, message_id: int) -> list[BroadcastPeerFact]:
    """Return how a message fares with each platform."""
    rows = await tx.execute(
        text(
            "SELECT h.peer_id, p.name, h.state, h.attempts, h.tried_at, h.receipt_at, h.words, h.play_state, "
            "h.play_words, h.play_at FROM broadcast_handover h JOIN broadcast_peer p ON p.id = h.peer_id "
            "WHERE h.message_id = :id ORDER BY h.peer_id"
        ),
        {"id": message_id},
    )
    return [BroadcastPeerFact(**row) for row in rows.mappings()]


async def verifications(tx: Tx, message_id: int, scope: str) -> list[BroadcastVerificationFact]:
    """Return the villages that were drawn, in the order of the draw."""
    rows = await tx.execute(
        text(
            f"SELECT v.region_code, {_PATH} AS path, v.drawn_by, v.person, v.phone, v.answer, v.words, "  # noqa: S608
            "v.asked_at, v.asked_by FROM broadcast_verification v JOIN region r ON r.code = v.region_code "
            "WHERE v.message_id = :id AND v.region_code LIKE :scope || '%' ORDER BY v.ordinal"
        ),
        {"id": message_id, "scope": scope},
    )
    return [BroadcastVerificationFact(**row) for row in rows.mappings()]


async def proofs(tx: Tx, message_id: int, scope: str) -> list[BroadcastProofFact]:
    """Return the recordings of a message, without their bytes; those brought by, or played in, a scope."""
    rows = await tx.execute(
        text(
            "SELECT f.id, f.name, f.form, f.size, f.seconds, f.terminal_id, f.brought_by, f.brought_at "
            "FROM broadcast_file f LEFT JOIN broadcast_terminal t ON t.id = f.terminal_id "
            "WHERE f.message_id = :id AND f.use = 'proof' AND (f.region_code LIKE :scope || '%' "
            "  OR t.region_code LIKE :scope || '%') ORDER BY f.id"
        ),
        {"id": message_id, "scope": scope},
    )
    return [BroadcastProofFact(**row) for row in rows.mappings()]


async def failed(tx: Tx, message_id: int) -> list[Any]:
    """Return the terminals that did not play and are at fault, or said that they failed: id, place, words.

    `others` counts how many other terminals of the village live.
    """
    rows = await tx.execute(
        text(
            """
            SELECT t.id, t.state, r.state AS result, r.words,
                   (SELECT count(*) FROM broadcast_terminal o WHERE o.region_code = t.region_code
                       AND o.stream = t.stream AND o.id <> t.id AND o.kind <> 'station'
                       AND o.state IN ('running', 'recovered', 'broadcasting')
                       AND NOT EXISTS (SELECT 1 FROM broadcast_result q
                                        WHERE q.message_id = r.message_id AND q.terminal_id = o.id
                                          AND q.state = 4)) AS others
              FROM broadcast_result r JOIN broadcast_terminal t ON t.id = r.terminal_id
             WHERE r.message_id = :id AND r.state <> 3 AND (r.state = 4 OR t.state IN ('fault', 'stopped'))
               AND NOT EXISTS (SELECT 1 FROM broadcast_repair f
                                WHERE f.terminal_id = t.id AND f.done_at IS NULL)
             ORDER BY t.id
            """
        ),
        {"id": message_id},
    )
    return list(rows)


async def repairs(
    tx: Tx,
    by: Viewer,
    now: datetime,
    *,
    done: bool = False,
    ids: Sequence[int] | None = None,
    limit: int = 300,
) -> list[SpeakerRepairFact]:
    """Return the repairs of a scope, the first due first; with `done` those that are done, too."""
    return await _repairs(tx, by.stream, by.scope, now, done=done, ids=ids, limit=limit)


async def repairs_by_id(tx: Tx, stream: str, ids: Sequence[int], now: datetime) -> list[SpeakerRepairFact]:
    """Return these repairs."""
    return await _repairs(tx, stream, "", now, done=True, ids=ids, limit=len(ids))


async def _repairs(
    tx: Tx, stream: str, scope: str, now: datetime, *, done: bool, ids: Sequence[int] | None, limit: int
) -> list[SpeakerRepairFact]:
    rows = await tx.execute(
        text(
            _REPAIR + "WHERE f.stream = :stream AND t.region_code LIKE :scope || '%' "
            "AND (:done OR f.done_at IS NULL) "
            "AND (CAST(:ids AS bigint[]) IS NULL OR f.id = ANY(CAST(:ids AS bigint[]))) "
            "ORDER BY f.done_at IS NOT NULL, f.due_at, f.id LIMIT :limit"
        ),
        {
            "stream": stream,
            "scope": scope,
            "now": now,
            "done": done,
            "ids": None if ids is None else list(ids),
            "limit": limit,
        },
    )
    return [SpeakerRepairFact(**row) for row in rows.mappings()]


async def replaced(tx: Tx, row: BroadcastMessage) -> BroadcastReplacedFact | None:
    """Return what a sheet takes the place of, and where that plays on although this one has left."""
    if row.replaces_id is None:
        return None
    found = await tx.execute(
        text(
            """
            SELECT o.id, o.title, o.state, ARRAY(
                SELECT p.name FROM broadcast_handover h JOIN broadcast_peer p ON p.id = h.peer_id
                 WHERE h.message_id = o.id AND o.state IN ('issued', 'playing') AND :left
                   AND (h.state = 'waiting' OR (h.attempts > 0 AND h.state <> 'refused'))
                   AND NOT EXISTS (SELECT 1 FROM broadcast_handover s JOIN broadcast_message c
                                       ON c.id = s.message_id
                                    WHERE c.cancels_id = o.id AND s.peer_id = h.peer_id)
                 ORDER BY p.name) AS still_at
              FROM broadcast_message o WHERE o.id = :id
            """
        ),
        {"id": row.replaces_id, "left": row.issued_at is not None},
    )
    return BroadcastReplacedFact(**found.mappings().one())
