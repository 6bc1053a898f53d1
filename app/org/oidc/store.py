"""Every SQL statement about logins by the provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from app.db import Tx
from app.org.accounts import serves
from app.org.oidc.tables import OidcLogin
from app.org.tables import NO_PASSWORD, Account


async def account_of(tx: Tx, username: str) -> Account | None:
    """Return the open account of a person with this name.

    Walls, programs and the emergency login have no password, and no way in here.
    """
    found = await tx.execute(
        select(Account).where(
            col(Account.username) == username, col(Account.password_hash) != NO_PASSWORD, serves()
        )
    )
    return found.scalar_one_or_none()


async def note(tx: Tx, flow_hash: str, account_id: int, expires_at: datetime, now: datetime) -> bool:
    """Note that the provider vouched for a login; False if it did before."""
    await tx.execute(delete(OidcLogin).where(col(OidcLogin.expires_at) <= now))
    row = {"flow_hash": flow_hash, "account_id": account_id, "expires_at": expires_at, "spent": False}
    noted = insert(OidcLogin).values(row).on_conflict_do_nothing().returning(col(OidcLogin.account_id))
    return (await tx.execute(noted)).one_or_none() is not None


async def vouched_for(tx: Tx, flow_hash: str, now: datetime) -> Account | None:
    """Return whom a login that is not spent is for, locked until commit."""
    found = await tx.execute(
        select(Account)
        .join(OidcLogin, col(OidcLogin.account_id) == col(Account.id))
        .where(
            col(OidcLogin.flow_hash) == flow_hash,
            col(OidcLogin.expires_at) > now,
            ~col(OidcLogin.spent),
            serves(),
        )
        .with_for_update(of=OidcLogin)
    )
    return found.scalar_one_or_none()


async def spend(tx: Tx, flow_hash: str) -> None:
    """Let a login open nothing more."""
    await tx.execute(update(OidcLogin).where(col(OidcLogin.flow_hash) == flow_hash).values(spent=True))
