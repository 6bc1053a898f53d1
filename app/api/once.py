"""Every SQL statement about commands that are carried out once (Idempotency-Key)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import Tx, sql

REMEMBERED = timedelta(hours=48)  # a field phone's outbox may wait a night for coverage


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The request that came first with this key, and its answer."""

    request_hash: str
    status: int
    body: str


async def claim(tx: Tx, account_id: int, key: str, request_hash: str, now: datetime) -> bool:
    """Claim a key; False if it was used before.

    A second request with the same key waits here until the first one has committed or failed. What this
    account did two days ago is forgotten on the way, so that the table does not grow for ever.
    """
    await tx.execute(
        sql("DELETE FROM idempotency_record WHERE account_id = :account AND at < :since"),
        {"account": account_id, "since": now - REMEMBERED},
    )
    fresh = await tx.execute(
        sql(
            "INSERT INTO idempotency_record (account_id, key, request_hash, status, body, at) "
            "VALUES (:account, :key, :hash, 0, '', :now) ON CONFLICT DO NOTHING RETURNING key"
        ),
        {"account": account_id, "key": key, "hash": request_hash, "now": now},
    )
    return fresh.first() is not None


async def keep(tx: Tx, account_id: int, key: str, status: int, body: str) -> None:
    """Keep the answer with the claimed key."""
    await tx.execute(
        sql(
            "UPDATE idempotency_record SET status = :status, body = :body "
            "WHERE account_id = :account AND key = :key"
        ),
        {"account": account_id, "key": key, "status": status, "body": body},
    )


async def first_answer(tx: Tx, account_id: int, key: str) -> FirstAnswer:
    """Return what was answered the first time."""
    rows = await tx.execute(
        sql(
            "SELECT request_hash, status, body FROM idempotency_record "
            "WHERE account_id = :account AND key = :key"
        ),
        {"account": account_id, "key": key},
    )
    return FirstAnswer(*rows.one())
