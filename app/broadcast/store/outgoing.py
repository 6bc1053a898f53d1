"""What is written when a message leaves: a row for every terminal and village in one statement each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from app.broadcast.rules.coverage import VillageCover
from app.db import Tx


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
