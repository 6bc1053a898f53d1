"""Every SQL statement about screen times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db import Tx, sql
from app.org.accounts import viewer_of
from app.org.rules.access import Viewer

_OPEN = sql(
    """
    INSERT INTO screen_time (id, stream, account_id, opened_at, seen_at, from_seq, to_seq)
    SELECT u.id, :stream, u.account_id, u.at, u.at, u.seq, u.seq
      FROM unnest(CAST(:ids AS uuid[]), CAST(:accounts AS bigint[]), CAST(:ats AS timestamptz[]),
                  CAST(:seqs AS bigint[])) AS u (id, account_id, at, seq)
    """
)
_CLOSE = sql(
    """
    UPDATE screen_time s SET closed_at = u.at, seen_at = u.at, to_seq = u.seq
      FROM unnest(CAST(:ids AS uuid[]), CAST(:ats AS timestamptz[]), CAST(:seqs AS bigint[]))
           AS u (id, at, seq)
     WHERE s.id = u.id
    """
)
_SEEN = sql(
    """
    UPDATE screen_time SET seen_at = :at, to_seq = :seq
     WHERE id = ANY(CAST(:ids AS uuid[])) AND closed_at IS NULL
    """
)
_FORGET = sql("DELETE FROM screen_time WHERE stream = :stream AND opened_at < :before AND seen_at < :before")
_WITHIN = sql(
    """
    SELECT a.id, a.stream, a.username, a.name_zh, a.role, a.scope, a.team_ids, a.person_id,
           s.opened_at, s.seen_at, s.closed_at, s.from_seq, s.to_seq
      FROM screen_time s JOIN account a ON a.id = s.account_id
     WHERE s.stream = :stream AND s.opened_at < :end AND (s.closed_at IS NULL OR s.closed_at >= :start)
       AND s.seen_at >= :start
     ORDER BY s.opened_at, s.id LIMIT :most
    """
)


@dataclass(frozen=True, slots=True)
class Stay:
    """One time a screen was open: whose, from when until when, how far in the journal."""

    viewer: Viewer
    opened_at: datetime
    seen_at: datetime
    closed_at: datetime | None
    from_seq: int
    to_seq: int


async def note_opened(tx: Tx, stream: str, opened: Sequence[tuple[UUID, int, datetime, int]]) -> None:
    """Write down screens that took part: (id, account, when, how far in the journal)."""
    ids, accounts, ats, seqs = zip(*opened, strict=True)
    told = {"stream": stream, "ids": ids, "accounts": accounts, "ats": ats, "seqs": seqs}
    await tx.execute(_OPEN, told)


async def note_closed(tx: Tx, closed: Sequence[tuple[UUID, datetime, int]]) -> None:
    """Write down screens that left: (id, when, how far in the journal)."""
    ids, ats, seqs = zip(*closed, strict=True)
    await tx.execute(_CLOSE, {"ids": ids, "ats": ats, "seqs": seqs})


async def note_seen(tx: Tx, ids: Sequence[UUID], at: datetime, seq: int) -> None:
    """Write down that screens are still there."""
    await tx.execute(_SEEN, {"ids": list(ids), "at": at, "seq": seq})


async def forget(tx: Tx, stream: str, before: datetime) -> None:
    """Remove the screens that had left before an instant."""
    await tx.execute(_FORGET, {"stream": stream, "before": before})


async def within(tx: Tx, stream: str, start: datetime, end: datetime, most: int) -> list[Stay]:
    """Return the screens that were open at some time in [start, end), the earliest first."""
    rows = await tx.execute(_WITHIN, {"stream": stream, "start": start, "end": end, "most": most})
    return [
        Stay(viewer_of(row), row.opened_at, row.seen_at, row.closed_at, row.from_seq, row.to_seq)
        for row in rows
    ]
