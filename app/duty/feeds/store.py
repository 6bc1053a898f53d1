"""Every SQL statement about calendar feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.feeds.facts import CalendarShift, FeedFact
from app.duty.feeds.tables import CalendarFeed
from app.org.accounts import serves
from app.org.tables import Account

_FACT = """
SELECT f.id, f.post_id, o.name_zh AS post_name, f.made_at
  FROM calendar_feed f LEFT JOIN duty_post o ON o.id = f.post_id
"""
# A shift is cut short or made longer in its row; what moves it is a publication or a change for a while.
_SHIFTS = """
SELECT h.id, o.name_zh AS post_name, o.phone AS post_phone, s.role, p.name_zh AS person_name,
       h.starts_at, h.ends_at, h.state = 'cancelled' AS cancelled,
       coalesce(h.cancelled_at, h.made_at) AS told_at,
       (SELECT coalesce(sum(m.revision), 0) FROM roster_month m WHERE m.post_id = o.id)
       + (SELECT count(*) + count(c.revoked_at) FROM roster_override c
           WHERE c.seat_id IN (SELECT id FROM duty_seat WHERE post_id = o.id))
       + (SELECT count(*) + count(c.revoked_at) FROM temporary_schedule c
           WHERE c.seat_id IN (SELECT id FROM duty_seat WHERE post_id = o.id)) AS revision
  FROM shift h JOIN duty_seat s ON s.id = h.seat_id JOIN duty_post o ON o.id = h.post_id
  JOIN person p ON p.id = h.person_id
 WHERE h.stream = :stream AND tstzrange(h.starts_at, h.ends_at) && tstzrange(:start, :end)
   AND (CAST(:person AS bigint) IS NULL OR h.person_id = :person)
   AND (CAST(:post AS bigint) IS NULL OR h.post_id = :post)
   AND (h.state = 'planned' OR h.cancelled_at > :since)
 ORDER BY h.starts_at, h.id
"""


async def listed(tx: Tx, account_id: int) -> list[FeedFact]:
    """Return the addresses of an account that are not revoked, the oldest first."""
    rows = await tx.execute(
        text(_FACT + " WHERE f.account_id = :account AND f.revoked_at IS NULL ORDER BY f.id"),
        {"account": account_id},
    )
    return [FeedFact(**row) for row in rows.mappings()]


async def fact(tx: Tx, feed_id: int) -> FeedFact:
    """Return one address."""
    rows = await tx.execute(text(_FACT + " WHERE f.id = :id"), {"id": feed_id})
    return FeedFact(**rows.mappings().one())


async def locked(tx: Tx, account_id: int, feed_id: int) -> CalendarFeed | None:
    """Return an address of an account that is not revoked, locked until commit."""
    found = await tx.execute(
        select(CalendarFeed)
        .where(
            col(CalendarFeed.id) == feed_id,
            col(CalendarFeed.account_id) == account_id,
            col(CalendarFeed.revoked_at).is_(None),
        )
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def reader(tx: Tx, hashed: str, post_id: int | None) -> Account | None:
    """Return whose address this is; None when it was revoked, is of something else, or nobody's any more."""
    found = await tx.execute(
        select(Account)
        .join(CalendarFeed, col(CalendarFeed.account_id) == col(Account.id))
        .where(
            col(CalendarFeed.token_hash) == hashed,
            col(CalendarFeed.revoked_at).is_(None),
            col(CalendarFeed.post_id).is_not_distinct_from(post_id),
            serves(),
        )
    )
    return found.scalar_one_or_none()


async def shifts(
    tx: Tx,
    stream: str,
    start: datetime,
    end: datetime,
    since: datetime,
    *,
    person_id: int | None = None,
    post_id: int | None = None,
) -> list[CalendarShift]:
    """Return the shifts of a person or a post within a span, and those cancelled since an instant."""
    rows = await tx.execute(
        text(_SHIFTS),
        {"stream": stream, "start": start, "end": end, "since": since, "person": person_id, "post": post_id},
    )
    return [CalendarShift(**row) for row in rows.mappings()]
