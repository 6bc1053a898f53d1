"""What the watch does in one transaction each: what has run out is over; a source was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import Tx
from app.response.warning.actions.settling import settle, tell
from app.response.warning.store import chains, messages

LEASE = timedelta(seconds=90)
"""So long a node that fetches may take before another node tries."""
MOST_SEEN = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A source whose time has come."""

    id: int
    key: str
    name: str
    means: str
    url: str
    every_s: int
    senders: tuple[str, ...]
    etag: str
    seen: tuple[str, ...]


async def expire(tx: Tx, stream: str, now: datetime) -> int:
    """Let what has run out be over; return how many warnings."""
    rows = await chains.expiring(tx, stream, now)
    for row in rows:
        turned, diff, _ = await settle(tx, row, now)
        if turned is not None:
            await tell(tx, row, turned, diff, now)
    return len(rows)


async def claim(tx: Tx, stream: str, now: datetime, most: int) -> list[Due]:
    """Take the sources that are due: no other node looks at them for a while."""
    rows = await messages.due(tx, stream, now, most)
    for row in rows:
        row.next_at = now + max(LEASE, timedelta(seconds=row.every_s))
    await tx.flush()
    return [
        Due(
            row.id or 0,
            row.key,
            row.name,
            row.means,
            row.url,
            row.every_s,
            tuple(row.senders),
            row.etag,
            tuple(row.seen),
        )
        for row in rows
    ]


async def looked(
    tx: Tx, stream: str, one: Due, now: datetime, *, etag: str, seen: list[str], trouble: tuple[str, str]
) -> None:
    """Note how looking at a source went, and when it is looked at next."""
    row = await messages.source(tx, stream, one.id)
    if row is None or row.revoked_at is not None:
        return
    row.next_at = now + timedelta(seconds=row.every_s)
    row.trouble_zh, row.trouble_en = trouble
    if not trouble[0]:
        row.heard_at, row.etag = now, etag
    row.seen = seen[-MOST_SEEN:]


async def heard(tx: Tx, stream: str, source_id: int, now: datetime) -> None:
    """Note that a source that pushes has been heard."""
    row = await messages.source(tx, stream, source_id)
    if row is not None:
        row.heard_at = now
