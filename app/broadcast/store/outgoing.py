"""What is written when a message leaves: a row for every terminal and village in one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from app.broadcast.rules.coverage import VillageCover
from app.db import Tx

_REPLACED = text(
    """
    SELECT o.id AS old_id, n.id AS new_id, p.peers
      FROM broadcast_message n
      JOIN broadcast_message o ON o.id = n.replaces_id AND o.state IN ('approved', 'issued', 'playing')
     CROSS JOIN LATERAL (SELECT coalesce(array_agg(h.peer_id), '{}') AS peers FROM broadcast_handover h
        WHERE h.message_id = o.id AND (h.state = 'waiting' OR (h.attempts > 0 AND h.state <> 'refused'))
          AND NOT EXISTS (SELECT 1 FROM broadcast_handover m
                           WHERE m.message_id = n.id AND m.peer_id = h.peer_id AND m.state <> 'receipted')
          AND NOT EXISTS (SELECT 1 FROM broadcast_handover s JOIN broadcast_message c ON c.id = s.message_id
                           WHERE c.cancels_id = o.id AND s.peer_id = h.peer_id)) p
     WHERE n.stream = :stream AND n.state IN ('issued', 'playing', 'finished')
       AND EXISTS (SELECT 1 FROM broadcast_handover m WHERE m.message_id = n.id AND m.state = 'receipted')
       AND (o.state = 'approved' OR cardinality(p.peers) > 0)
     ORDER BY n.id LIMIT 50
    """
)


async def expect(tx: Tx, message_id: int, terminal_ids: Sequence[int]) -> None:
    """Write a row for each terminal that is to play: what says nothing is seen, too."""
    await tx.execute(
        text(
            "INSERT INTO broadcast_result (message_id, terminal_id, state, words, plays, source) "
            "SELECT :id, t, 0, '', 0, '' FROM unnest(CAST(:terminals AS bigint[])) t"
        ),
        {"id": message_id, "terminals": list(terminal_ids)},
    )


async def count(tx: Tx, message_id: int, villages: Sequence[VillageCover]) -> None:
    """Write how many terminals each village has, and how many of them live."""
    await tx.execute(
        text(
            "UPDATE broadcast_target g SET terminals = n.terminals, live = n.live "
            "FROM unnest(CAST(:codes AS text[]), CAST(:terminals AS int[]), CAST(:live AS int[])) "
            "  AS n(code, terminals, live) WHERE g.message_id = :id AND g.region_code = n.code"
        ),
        {
            "id": message_id,
            "codes": [one.region_code for one in villages],
            "terminals": [one.terminals for one in villages],
            "live": [one.live for one in villages],
        },
    )


async def aim(tx: Tx, message_id: int, villages: Sequence[VillageCover]) -> None:
    """Write the villages a message is for, instead of those before."""
    await tx.execute(text("DELETE FROM broadcast_target WHERE message_id = :id"), {"id": message_id})
    await tx.execute(
        text(
            "INSERT INTO broadcast_target (message_id, region_code, terminals, live) "
            "SELECT :id, * FROM unnest(CAST(:codes AS text[]), CAST(:terminals AS int[]), "
            "CAST(:live AS int[]))"
        ),
        {
            "id": message_id,
            "codes": [one.region_code for one in villages],
            "terminals": [one.terminals for one in villages],
            "live": [one.live for one in villages],
        },
    )


async def unanswered(tx: Tx, message_id: int) -> int:
    """Return how many platforms a message is still on its way to."""
    found = await tx.scalar(
        text(
            "SELECT count(*) FROM broadcast_handover WHERE message_id = :id AND state IN ('waiting', 'sent')"
        ),
        {"id": message_id},
    )
    return int(found or 0)


async def silenced(tx: Tx, message_id: int) -> list[int]:
    """Return the platforms that were told to stop a message."""
    rows = await tx.execute(
        text(
            "SELECT h.peer_id FROM broadcast_handover h JOIN broadcast_message c ON c.id = h.message_id "
            "WHERE c.cancels_id = :id"
        ),
        {"id": message_id},
    )
    return list(rows.scalars())


@dataclass(frozen=True, slots=True)
class Replaced:
    """A message that later ends at these platforms, because they have taken what takes its place."""

    old_id: int
    new_id: int
    peers: tuple[int, ...]


async def replaced(tx: Tx, stream: str) -> list[Replaced]:
    """Return what is to end: where the new one was taken, or is not meant to go, and no stop was sent yet.

    What waits for its start ends as soon as one platform has taken the new one.
    """
    rows = await tx.execute(_REPLACED, {"stream": stream})
    return [Replaced(row.old_id, row.new_id, tuple(row.peers)) for row in rows]
