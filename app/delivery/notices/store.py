"""Every SQL statement of notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.delivery.notices.facts import NoticeFact
from app.delivery.notices.tables import Notice

_FACT = """
SELECT n.id, n.person_id, p.name_zh AS person_name, n.topic, n.subject_id, n.text, n.text_en, n.step,
       (SELECT d.state FROM delivery d WHERE d.notice_id = n.id
         ORDER BY d.id DESC LIMIT 1) AS sms_state,
       n.sent_by, n.sent_at, n.read_at, n.read_means
  FROM notice n JOIN person p ON p.id = n.person_id
 WHERE n.stream = :stream
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """By which means a person can be told now."""

    person_id: int
    name: str
    region_code: str
    phone: str
    logged_in: bool


async def reached(tx: Tx, stream: str, person_ids: Sequence[int], now: datetime) -> list[Reached]:
    """Return how these people of the county can be told, those in service only, by number.

    Logged in is who has an account with a session that still holds.
    """
    rows = await tx.execute(
        text(
            """
            SELECT p.id AS person_id, p.name_zh AS name, p.region_code, coalesce(p.phones[1], '') AS phone,
                   EXISTS (SELECT 1 FROM account a JOIN login_session s ON s.account_id = a.id
                            WHERE a.person_id = p.id AND a.active AND s.expires_at > :now) AS logged_in
              FROM person p
             WHERE p.id = ANY(:ids) AND p.active AND p.region_code LIKE :stream || '%' ORDER BY p.id
            """
        ),
        {"ids": list(person_ids), "stream": stream, "now": now},
    )
    return [Reached(**row) for row in rows.mappings()]


async def told_already(tx: Tx, stream: str, key: str) -> set[int]:
    """Return who was told this matter."""
    rows = await tx.execute(
        text("SELECT person_id FROM notice WHERE stream = :stream AND key = :key"),
        {"stream": stream, "key": key},
    )
    return set(rows.scalars())


async def fact(tx: Tx, stream: str, notice_id: int) -> NoticeFact:
    """Return one notice."""
    rows = await tx.execute(text(_FACT + " AND n.id = :id"), {"stream": stream, "id": notice_id})
    return NoticeFact(**rows.mappings().one())


async def unread_of(tx: Tx, stream: str, person_id: int, since: datetime) -> list[NoticeFact]:
    """Return what a person was told since an instant and has not read, the latest first."""
    rows = await tx.execute(
        text(
            _FACT + " AND n.person_id = :person AND n.read_at IS NULL AND n.sent_at > :since"
            " ORDER BY n.id DESC LIMIT 50"
        ),
        {"stream": stream, "person": person_id, "since": since},
    )
    return [NoticeFact(**row) for row in rows.mappings()]


async def latest(tx: Tx, stream: str, scope: str, limit: int) -> list[NoticeFact]:
    """Return the last notices to the people of a scope."""
    rows = await tx.execute(
        text(_FACT + " AND p.region_code LIKE :scope || '%' ORDER BY n.id DESC LIMIT :limit"),
        {"stream": stream, "scope": scope, "limit": limit},
    )
    return [NoticeFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, notice_id: int) -> Notice | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(Notice).where(col(Notice.id) == notice_id, col(Notice.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def due(tx: Tx, now: datetime) -> Notice | None:
    """Return a notice whose SMS is due, locked; what another node holds is passed over."""
    found = await tx.execute(
        select(Notice)
        .where(col(Notice.next_step_at) <= now)
        .order_by(col(Notice.next_step_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.scalars().first()


async def texted(tx: Tx, stream: str, now: datetime, within: timedelta) -> list[Notice]:
    """Return the unread notices that went out by SMS lately, the latest first, locked."""
    found = await tx.execute(
        select(Notice)
        .where(
            col(Notice.stream) == stream,
            col(Notice.step) == "sms",
            col(Notice.read_at).is_(None),
            col(Notice.sent_at) > now - within,
        )
        .order_by(col(Notice.id).desc())
        .limit(500)
        .with_for_update()
    )
    return list(found.scalars())
