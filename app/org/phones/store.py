"""Every SQL statement about field phones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, text
from sqlmodel import col, select

from app.db import Tx
from app.org.accounts import serves
from app.org.phones.facts import FieldPhoneFact
from app.org.phones.rules import standing
from app.org.phones.tables import FieldPhone
from app.org.tables import Account, LoginSession

_FACT = """
SELECT f.id, f.person_id, p.name_zh AS person_name, a.username, f.label, f.made_by, f.made_at, f.expires_at,
       f.used_at, f.revoked_at, f.revoked_by, f.revoke_reason, s.expires_at AS logged_in_until
  FROM field_phone f JOIN person p ON p.id = f.person_id JOIN account a ON a.id = f.account_id
  LEFT JOIN login_session s ON s.token_hash = f.session_hash AND s.expires_at > :now AND a.active AND p.active
"""
_TEAMS = """
SELECT t.id FROM team t LEFT JOIN team_member m ON m.team_id = t.id AND m.person_id = :person
 WHERE t.stream = :stream AND t.active AND (t.leader_id = :person OR m.person_id IS NOT NULL) ORDER BY t.id
"""


async def listed(tx: Tx, stream: str, person_id: int, now: datetime, most: int = 50) -> list[FieldPhoneFact]:
    """Return the phones of a person, the latest first."""
    rows = await tx.execute(
        text(_FACT + " WHERE f.stream = :stream AND f.person_id = :person ORDER BY f.id DESC LIMIT :most"),
        {"stream": stream, "person": person_id, "now": now, "most": most},
    )
    return [_fact(dict(row), now) for row in rows.mappings()]


async def fact(tx: Tx, phone_id: int, now: datetime) -> FieldPhoneFact:
    """Return one phone."""
    rows = await tx.execute(text(_FACT + " WHERE f.id = :id"), {"id": phone_id, "now": now})
    return _fact(dict(rows.mappings().one()), now)


def _fact(row: dict[str, object], now: datetime) -> FieldPhoneFact:
    told = FieldPhoneFact.model_validate({**row, "state": "ended"})
    state = standing(
        now=now,
        expires_at=told.expires_at,
        used_at=told.used_at,
        revoked_at=told.revoked_at,
        logged_in=told.logged_in_until is not None,
    )
    return told.model_copy(update={"state": state})


async def locked(tx: Tx, stream: str, phone_id: int) -> FieldPhone | None:
    """Return a phone of the county, locked until commit."""
    found = await tx.execute(
        select(FieldPhone)
        .where(col(FieldPhone.id) == phone_id, col(FieldPhone.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def by_link(tx: Tx, link_hash: str) -> tuple[FieldPhone, Account] | None:
    """Return the phone of a link, locked until commit, with its account if that still serves."""
    found = await tx.execute(
        select(FieldPhone).where(col(FieldPhone.link_hash) == link_hash).with_for_update()
    )
    row = found.scalar_one_or_none()
    if row is None:
        return None
    account = await tx.execute(select(Account).where(col(Account.id) == row.account_id, serves()))
    served = account.scalar_one_or_none()
    return None if served is None else (row, served)


async def account_of(tx: Tx, stream: str, person_id: int) -> Account | None:
    """Return the account of a person, the oldest if there are several."""
    found = await tx.execute(
        select(Account)
        .where(col(Account.stream) == stream, col(Account.person_id) == person_id, col(Account.active))
        .order_by(col(Account.id))
        .limit(1)
    )
    return found.scalar_one_or_none()


async def teams_of(tx: Tx, stream: str, person_id: int) -> list[int]:
    """Return the teams in service that somebody leads or belongs to."""
    rows = await tx.execute(text(_TEAMS), {"stream": stream, "person": person_id})
    return [int(row.id) for row in rows]


async def end_session(tx: Tx, session_hash: str) -> None:
    """End one login."""
    await tx.execute(delete(LoginSession).where(col(LoginSession.token_hash) == session_hash))
