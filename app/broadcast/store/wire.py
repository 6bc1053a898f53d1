"""What the wire reads and writes: many terminals in one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.broadcast.shapes import TerminalEntry, TerminalResult, TerminalState
from app.broadcast.tables import BroadcastHandover, BroadcastMessage
from app.db import Tx

STATES = ("unknown", "running", "stopped", "fault", "recovered", "broadcasting")
"""The states of a terminal by StateCode (GD/J 083); the first for a code that is none."""

_DUE = text(
    """
    SELECT id FROM broadcast_handover
     WHERE stream = :stream AND state = 'waiting' AND next_at <= :now
     ORDER BY (payload->>'msg_type' = '2') DESC, next_at, id LIMIT :most FOR UPDATE SKIP LOCKED
    """
)
_ENTER = text(
    """
    INSERT INTO broadcast_terminal
      (stream, resource_code, name, region_code, lon, lat, kind, peer_id, state, state_words, return_capable,
       real, drills)
    SELECT :stream, t.code, coalesce(nullif(t.name, ''), t.code), r.code, t.lon, t.lat, t.kind, t.peer,
           'unknown', '', coalesce(t.returns, false), t.real, false
      FROM unnest(CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:regions AS text[]),
                  CAST(:lons AS float8[]), CAST(:lats AS float8[]), CAST(:kinds AS text[]),
                  CAST(:peers AS bigint[]), CAST(:returns AS bool[]), CAST(:reals AS bool[]))
           AS t(code, name, region, lon, lat, kind, peer, returns, real)
      JOIN region r ON r.code = t.region AND r.code LIKE :stream || '%'
    ON CONFLICT (resource_code) DO UPDATE SET
       name = CASE WHEN excluded.name = excluded.resource_code THEN broadcast_terminal.name
                   ELSE excluded.name END,
       lon = coalesce(excluded.lon, broadcast_terminal.lon),
       lat = coalesce(excluded.lat, broadcast_terminal.lat),
       region_code = excluded.region_code,
       peer_id = coalesce(excluded.peer_id, broadcast_terminal.peer_id),
       return_capable = excluded.return_capable OR broadcast_terminal.return_capable
     WHERE broadcast_terminal.stream = :stream
    RETURNING resource_code
    """
)
_STATES = text(
    """
    UPDATE broadcast_terminal t SET state = n.state, state_words = n.words, state_at = n.at
      FROM (SELECT DISTINCT ON (code) * FROM unnest(CAST(:codes AS text[]), CAST(:states AS text[]),
                  CAST(:words AS text[]), CAST(:ats AS timestamptz[])) AS u(code, state, words, at)
             ORDER BY code, at DESC) n
     WHERE t.stream = :stream AND t.resource_code = n.code AND (t.state_at IS NULL OR t.state_at < n.at)
    RETURNING t.resource_code
    """
)
_KNOWN = text(
    "SELECT resource_code FROM broadcast_terminal WHERE stream = :stream AND resource_code = ANY(:codes)"
)
# A word that is not newer, or says nothing new, changes no row: the same report twice is told once. What
# was played is not undone by a platform that says later that nobody plays (0, 1) or that it is cancelled.
_RESULTS = text(
    """
    INSERT INTO broadcast_result AS r
      (message_id, terminal_id, state, words, started_at, ended_at, plays, reported_at, source)
    SELECT :message, t.id, n.state, n.words, n.started, n.ended, n.plays, :at, n.source
      FROM (SELECT DISTINCT ON (code) * FROM unnest(CAST(:codes AS text[]), CAST(:states AS int[]),
                  CAST(:words AS text[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]),
                  CAST(:plays AS int[]), CAST(:sources AS text[]))
             AS u(code, state, words, started, ended, plays, source) ORDER BY code, state DESC) n
      JOIN broadcast_terminal t ON t.resource_code = n.code AND t.stream = :stream
    ON CONFLICT (message_id, terminal_id) DO UPDATE SET
       state = excluded.state, words = excluded.words,
       started_at = coalesce(excluded.started_at, r.started_at),
       ended_at = coalesce(excluded.ended_at, r.ended_at),
       plays = greatest(excluded.plays, r.plays), reported_at = excluded.reported_at,
       source = excluded.source
     WHERE (r.reported_at IS NULL OR r.reported_at <= excluded.reported_at)
       AND NOT (r.state = 3 AND excluded.state IN (0, 1, 5))
       AND (r.state, r.words, r.plays, r.ended_at) IS DISTINCT FROM
           (excluded.state, excluded.words, greatest(excluded.plays, r.plays),
            coalesce(excluded.ended_at, r.ended_at))
    RETURNING r.terminal_id
    """
)
_REACHED = text(
    """
    UPDATE broadcast_target g SET reached_at = f.first
      FROM (SELECT t.region_code, min(coalesce(r.ended_at, r.reported_at)) AS first
              FROM broadcast_result r JOIN broadcast_terminal t ON t.id = r.terminal_id
             WHERE r.message_id = :message AND r.state = 3 GROUP BY t.region_code) f
     WHERE g.message_id = :message AND g.region_code = f.region_code AND g.reached_at IS NULL
    RETURNING g.region_code
    """
)


async def take_due(tx: Tx, stream: str, now: datetime, most: int) -> list[BroadcastHandover]:
    """Return what is to be handed over now, locked; stops come first."""
    ids = list((await tx.execute(_DUE, {"stream": stream, "now": now, "most": most})).scalars())
    if not ids:
        return []
    found = await tx.execute(select(BroadcastHandover).where(col(BroadcastHandover.id).in_(ids)))
    by_id = {row.id: row for row in found.scalars()}
    return [by_id[one] for one in ids]


async def handover(tx: Tx, handover_id: int) -> BroadcastHandover | None:
    """Return a row of the outbox, locked, as it is now."""
    found: BroadcastHandover | None = await tx.scalar(
        select(BroadcastHandover).where(col(BroadcastHandover.id) == handover_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    return found


async def handovers_of(tx: Tx, message_id: int) -> list[BroadcastHandover]:
    """Return the rows of a message, locked, by id."""
    found = await tx.execute(
        select(BroadcastHandover)
        .where(col(BroadcastHandover.message_id) == message_id)
        .order_by(col(BroadcastHandover.id))
        .with_for_update(),
        execution_options={"populate_existing": True},
    )
    return list(found.scalars())


async def message_of(tx: Tx, ebmid: str) -> BroadcastMessage | None:
    """Return the message that was issued under a number, locked, as it is now."""
    found: BroadcastMessage | None = await tx.scalar(
        select(BroadcastMessage).where(col(BroadcastMessage.ebmid) == ebmid).with_for_update(),
        execution_options={"populate_existing": True},
    )
    return found


async def message_of_handover(tx: Tx, handover_id: int) -> BroadcastMessage | None:
    """Return the message of a row of the outbox, locked, as it is now."""
    found: BroadcastMessage | None = await tx.scalar(
        select(BroadcastMessage)
        .where(
            col(BroadcastMessage.id).in_(
                select(BroadcastHandover.message_id).where(col(BroadcastHandover.id) == handover_id)
            )
        )
        .with_for_update(),
        execution_options={"populate_existing": True},
    )
    return found


async def enter(tx: Tx, stream: str, rows: Sequence[TerminalEntry]) -> set[str]:
    """Write terminals into the register; return the codes that were taken: the place of each is known."""
    told = {
        "codes": [one.resource_code for one in rows],
        "names": [one.name for one in rows],
        "regions": [one.region_code or one.resource_code[1:13] for one in rows],
        "lons": [one.lon for one in rows],
        "lats": [one.lat for one in rows],
        "kinds": [one.kind for one in rows],
        "peers": [one.peer_id for one in rows],
        "returns": [one.return_capable for one in rows],
        "reals": [one.real for one in rows],
    }
    return set((await tx.execute(_ENTER, {"stream": stream, **told})).scalars())


async def set_states(tx: Tx, stream: str, rows: Sequence[TerminalState]) -> set[str]:
    """Write what terminals are in; return the codes of those that changed."""
    told = {
        "codes": [one.resource_code for one in rows],
        "states": [STATES[one.code] if 0 < one.code < len(STATES) else STATES[0] for one in rows],
        "words": [one.words[:200] for one in rows],
        "ats": [one.at for one in rows],
    }
    return set((await tx.execute(_STATES, {"stream": stream, **told})).scalars())


async def known(tx: Tx, stream: str, codes: Sequence[str]) -> set[str]:
    """Return which of these resource codes stand in the register."""
    return set((await tx.execute(_KNOWN, {"stream": stream, "codes": list(codes)})).scalars())


async def set_results(
    tx: Tx, message: BroadcastMessage, rows: Sequence[TerminalResult], at: datetime
) -> list[int]:
    """Write results; return the terminals whose result is new."""
    told: dict[str, Any] = {
        "codes": [one.resource_code for one in rows],
        "states": [one.code for one in rows],
        "words": [one.words[:200] for one in rows],
        "starts": [one.started_at for one in rows],
        "ends": [one.ended_at for one in rows],
        "plays": [one.plays for one in rows],
        "sources": [one.source for one in rows],
    }
    told |= {"message": message.id, "stream": message.stream, "at": at}
    return list((await tx.execute(_RESULTS, told)).scalars())


async def set_reached(tx: Tx, message_id: int) -> list[str]:
    """Mark villages as reached where a terminal has played to success; return those that are new."""
    return list((await tx.execute(_REACHED, {"message": message_id})).scalars())
