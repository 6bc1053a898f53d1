"""The statements of kept accounts, their logins and what the journal says of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import func, or_, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.db import Tx
from app.org.accounts import serves
from app.org.administration.facts import AuditFact, LoginFact, UserAccount
from app.org.rules.access import Role
from app.org.second_factor.tables import SecondFactor
from app.org.store.sessions import ID_DIGITS
from app.org.tables import NO_PASSWORD, Account, LoginSession, Person, Team

# Tokens and the sealed emergency login are accounts too, and are kept elsewhere.
_KEPT = or_(col(Account.password_hash) != NO_PASSWORD, col(Account.role) == "wall")
_AUDITED = r"^(account|personal|token|break_glass)\."


async def listed(tx: Tx, stream: str, now: datetime) -> list[UserAccount]:
    """Return every account of the county, those that work first."""
    return await _facts(tx, stream, now, None)


async def fact(tx: Tx, stream: str, account_id: int, now: datetime) -> UserAccount:
    """Return one account as it stands."""
    (found,) = await _facts(tx, stream, now, account_id)
    return found


async def _facts(tx: Tx, stream: str, now: datetime, account_id: int | None) -> list[UserAccount]:
    owner = aliased(Person)  # `serves` looks at the person too, in a statement of its own
    statement = (
        select(Account, owner.name_zh, serves().label("works"), col(SecondFactor.confirmed_at))
        .outerjoin(owner, col(owner.id) == col(Account.person_id))
        .outerjoin(SecondFactor, col(SecondFactor.account_id) == col(Account.id))
        .where(col(Account.stream) == stream, _KEPT)
        .order_by(text("works DESC"), col(Account.username))
    )
    if account_id is not None:
        statement = statement.where(col(Account.id) == account_id)
    rows = (await tx.execute(statement)).all()
    logins = await _logins(tx, [account.id or 0 for account, *_ in rows], now)
    return [
        UserAccount(
            id=account.id or 0,
            username=account.username,
            name=account.name_zh,
            role=cast("Role", account.role),
            scope=account.scope,
            team_ids=account.team_ids,
            person_id=account.person_id,
            person_name=person,
            active=account.active,
            works=works,
            second_factor=confirmed is not None,
            logins=logins[account.id or 0],
        )
        for account, person, works, confirmed in rows
    ]


async def _logins(tx: Tx, ids: Sequence[int], now: datetime) -> defaultdict[int, list[LoginFact]]:
    found: defaultdict[int, list[LoginFact]] = defaultdict(list)
    sessions = await tx.execute(
        select(LoginSession)
        .where(col(LoginSession.account_id).in_(ids), col(LoginSession.expires_at) > now)
        .order_by(col(LoginSession.created_at).desc())
    )
    for one in sessions.scalars():
        found[one.account_id].append(
            LoginFact(id=one.token_hash[:ID_DIGITS], created_at=one.created_at, expires_at=one.expires_at)
        )
    return found


async def locked(tx: Tx, stream: str, account_id: int) -> Account | None:
    """Return an account of the county, locked against other changes."""
    found = await tx.execute(
        select(Account)
        .where(col(Account.id) == account_id, col(Account.stream) == stream, _KEPT)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def is_taken(tx: Tx, username: str) -> bool:
    """Whether a name is in use, written in whatever case."""
    return bool(
        await tx.scalar(select(func.count()).where(func.lower(col(Account.username)) == username.lower()))
    )


async def unknown_teams(tx: Tx, stream: str, team_ids: Sequence[int]) -> list[int]:
    """Return those of these numbers that no team of the county has."""
    known = await tx.execute(
        select(Team.id).where(col(Team.stream) == stream, col(Team.id).in_(list(team_ids)))
    )
    return sorted(set(team_ids) - set(known.scalars()))


async def audit(tx: Tx, stream: str, before: int | None, limit: int) -> list[AuditFact]:
    """Return what happened to accounts, the latest first; `before` is the last seq that is known."""
    found = await tx.execute(
        text(
            "SELECT seq, at, type, body->>'username' AS username, body->>'address' AS address, "
            "body->'actor'->>'name' AS by, body->'changed' AS changed, body->'whose' AS whose, "
            "body->>'source' AS source, body->>'reason' AS reason, "
            "body->>'place' AS place, body->>'count' AS count FROM journal "
            "WHERE stream = :stream AND type ~ :kinds AND seq < :before "
            "ORDER BY seq DESC LIMIT :limit"
        ),
        {
            "stream": stream,
            "kinds": _AUDITED,
            "before": before if before is not None else 2**62,
            "limit": limit,
        },
    )
    return [
        AuditFact(
            seq=row["seq"],
            at=row["at"],
            type=row["type"],
            username=row["username"],
            address=row["address"] or "",
            by=row["by"],
            changed=row["changed"] or [],
            about=" · ".join(
                filter(
                    None,
                    ("、".join(row["whose"] or ()), row["source"], row["reason"], row["place"], row["count"]),
                )
            ),
        )
        for row in found.mappings()
    ]
