"""What is stored, read with plain SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal."""

    seq: int
    type: str
    body: str
    hash: bytes
    regions: tuple[str, ...] = ()
    teams: frozenset[int] = frozenset()
    restricted: bool = False
    readers: frozenset[str] = frozenset()
    audience: str = "desk"
    algorithm: str = "sha256"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose screen it is."""

    role: str
    scope: str
    teams: frozenset[int]
    names: frozenset[str]


@dataclass(slots=True)
class Stored:
    """The rows that matter, each as a plain mapping."""

    journal: list[Entry] = field(default_factory=list)
    head: tuple[int, bytes] = (0, b"")
    accounts: dict[str, Account] = field(default_factory=dict)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[dict[str, Any]] = field(default_factory=list)
    signals: list[dict[str, Any]] = field(default_factory=list)
    deliveries: dict[int, str] = field(default_factory=dict)
    gateway_events: set[str] = field(default_factory=set)


_ACCOUNTS = """
WITH RECURSIVE above AS (
  SELECT a.id AS account, u.id, u.parent_id
    FROM account a JOIN person p ON p.id = a.person_id JOIN org_unit u ON u.id = p.unit_id
  UNION SELECT b.account, u.id, u.parent_id FROM above b JOIN org_unit u ON u.id = b.parent_id
)
SELECT username, role, scope, team_ids, id, person_id,
       ARRAY(SELECT 'unit:' || above.id FROM above WHERE above.account = account.id) AS units
  FROM account
"""
_ROWS = {
    "incidents": "SELECT id, state, title, description, close_reason FROM incident",
    "assignments": "SELECT id, incident_id, team_id, state, text FROM assignment",
    "steps": "SELECT assignment_id, step, reason FROM assignment_step",
    "alarms": "SELECT id, state, kind, subject, device_id, incident_id, acknowledged_at, "
    "coalesce(dismissal->>'reason', dismiss_reason) AS dismiss_reason FROM alarm",
    "signals": "SELECT s.kind, s.dedup_key, s.text, s.sent_at, s.alarm_id, s.device_id, d.number, d.family "
    "FROM heard_signal s JOIN device d ON d.id = s.device_id",
}


async def read(url: str, stream: str) -> Stored:
    """Read a database in which nobody writes any more."""
    connection = await asyncpg.connect(url)
    try:
        stored = Stored()
        stored.journal = [
            Entry(
                row["seq"],
                row["type"],
                row["body"],
                row["hash"],
                tuple(row["region_codes"]),
                frozenset(row["team_ids"]),
                row["restricted"],
                frozenset(row["readers"]),
                row["audience"],
                row["algorithm"],
            )
            for row in await connection.fetch(
                "SELECT seq, type, body::text AS body, hash, region_codes, team_ids, restricted, readers, "
                "audience, algorithm FROM journal WHERE stream = $1 ORDER BY seq",
                stream,
            )
        ]
        head = await connection.fetchrow("SELECT seq, hash FROM journal_head WHERE stream = $1", stream)
        stored.head = (head["seq"], head["hash"])
        stored.accounts = {row["username"]: _account(row) for row in await connection.fetch(_ACCOUNTS)}
        for name, query in _ROWS.items():
            setattr(stored, name, [dict(row) for row in await connection.fetch(query)])
        stored.deliveries = {
            row["id"]: row["state"] for row in await connection.fetch("SELECT id, state FROM delivery")
        }
        stored.gateway_events = {
            str(row["id"]) for row in await connection.fetch("SELECT id FROM gateway_event")
        }
        return stored
    finally:
        await connection.close()


def _account(row: asyncpg.Record) -> Account:
    names = {f"account:{row['id']}", f"person:{row['person_id']}", *row["units"]}
    return Account(row["role"], row["scope"], frozenset(row["team_ids"]), frozenset(names))


def instant(value: Any) -> datetime | None:
    """Return a column that holds an instant."""
    return value if isinstance(value, datetime) else None
