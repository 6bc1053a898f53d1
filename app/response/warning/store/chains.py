"""Warnings and the places they concern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.org.rules.access import Viewer
from app.response.warning.facts import WarningBrief
from app.response.warning.rules.affected import Place
from app.response.warning.rules.bulletin import marked
from app.response.warning.tables import WarningChain

_SCOPE = "EXISTS (SELECT 1 FROM unnest(concern) AS place WHERE place LIKE :scope || '%')"
OPEN_FOR = timedelta(hours=24)  # what has ended stands among the open ones as long, until acknowledged


async def places(tx: Tx, stream: str) -> list[Place]:
    """Return the townships and villages of a county, by code."""
    rows = await tx.execute(
        text(
            "SELECT code, name_zh AS name, lon, lat, population FROM region"
            " WHERE code LIKE :county || '%' AND code <> :county || '000000' ORDER BY code"
        ),
        {"county": stream},
    )
    return [Place(**row) for row in rows.mappings()]


async def event_names(tx: Tx) -> dict[str, str]:
    """Return the kinds of event by code."""
    rows = await tx.execute(text("SELECT code, name_zh FROM event_type WHERE scheme = 'CN-EVENT-5'"))
    return {row.code: row.name_zh for row in rows}


async def hold(tx: Tx, stream: str) -> None:
    """Let messages of one county be taken in one after the other, until commit."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 310))"), {"key": stream})


async def tied(tx: Tx, stream: str, keys: Iterable[str]) -> list[WarningChain]:
    """Return the warnings tied to one of these keys, the oldest first, locked until commit."""
    found = await tx.execute(
        select(WarningChain)
        .where(
            col(WarningChain.stream) == stream,
            col(WarningChain.merged_into).is_(None),
            col(WarningChain.keys).overlap(list(keys)),  # type: ignore[attr-defined]
        )
        .order_by(col(WarningChain.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def locked(tx: Tx, stream: str, warning_id: int) -> WarningChain | None:
    """Return a warning, locked until commit; of two that were found to be one, the one that stayed."""
    row = await _one(tx, stream, warning_id)
    return await _one(tx, stream, row.merged_into) if row and row.merged_into else row


async def _one(tx: Tx, stream: str, warning_id: int) -> WarningChain | None:
    found = await tx.execute(
        select(WarningChain)
        .where(col(WarningChain.id) == warning_id, col(WarningChain.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def visible(tx: Tx, by: Viewer, warning_id: int) -> WarningChain | None:
    """Return a warning this person may see, or None."""
    statement = (
        select(WarningChain)
        .from_statement(
            text(
                "SELECT w.* FROM warning w JOIN warning asked ON w.id = coalesce(asked.merged_into, asked.id)"  # noqa: S608
                f" WHERE asked.id = :id AND w.stream = :stream AND {_SCOPE.replace('concern', 'w.concern')}"
            )
        )
        .execution_options(populate_existing=True)
    )
    found = await tx.execute(statement, {"id": warning_id, "stream": by.stream, "scope": by.scope})
    return found.scalars().first()


async def listed(
    tx: Tx, by: Viewer, standings: Sequence[str], limit: int, before: int | None
) -> list[WarningBrief]:
    """Return the warnings this person may see, the latest first, those before an id if one is given."""
    return await _briefs(
        tx,
        by,
        "standing = ANY(:standings) AND (CAST(:before AS bigint) IS NULL OR id < :before) ORDER BY id DESC",
        {"standings": list(standings), "before": before, "n": limit},
    )


async def unacknowledged(tx: Tx, by: Viewer, now: datetime) -> list[WarningBrief]:
    """Return what this person's desk has not acknowledged, the latest change first."""
    return await _briefs(
        tx,
        by,
        "(standing = 'in_force' OR changed_at > :since)"
        " AND NOT acks @> jsonb_build_array(jsonb_build_object('region_code', CAST(:desk AS text)))"
        " ORDER BY changed_at DESC, id DESC",
        {"since": now - OPEN_FOR, "desk": desk_of(by), "n": 50},
    )


async def _briefs(tx: Tx, by: Viewer, condition: str, values: dict[str, object]) -> list[WarningBrief]:
    statement = select(WarningChain).from_statement(
        text(
            "SELECT * FROM warning WHERE stream = :stream AND merged_into IS NULL AND message_id IS NOT NULL"  # noqa: S608
            f" AND {_SCOPE} AND {condition} LIMIT :n"
        )
    )
    found = await tx.execute(statement, {**values, "stream": by.stream, "scope": by.scope})
    return [brief(row) for row in found.scalars()]


async def undecided(tx: Tx, by: Viewer) -> list[int]:
    """Return the warnings this person may see in which a message waits for a person, the latest first."""
    rows = await tx.execute(
        text(
            "SELECT id FROM warning WHERE stream = :stream AND merged_into IS NULL AND waiting > 0"  # noqa: S608
            f" AND {_SCOPE} ORDER BY id DESC LIMIT 50"
        ),
        {"stream": by.stream, "scope": by.scope},
    )
    return [row.id for row in rows]


async def expiring(tx: Tx, stream: str, now: datetime) -> list[WarningChain]:
    """Return what has run out by now, locked until commit; what another node holds is left to it."""
    found = await tx.execute(
        select(WarningChain)
        .where(
            col(WarningChain.stream) == stream,
            col(WarningChain.standing) == "in_force",
            col(WarningChain.merged_into).is_(None),
            col(WarningChain.expires) <= now,
        )
        .order_by(col(WarningChain.id))
        .limit(100)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


def desk_of(by: Viewer) -> str:
    """Return the desk a person sits at, as a code of 12 digits."""
    return by.scope.ljust(12, "0")


def brief(row: WarningChain) -> WarningBrief:
    """Return a warning in a line."""
    told = row.model_dump(include=set(WarningBrief.model_fields))
    told["title"] = marked(row.title, row.status)
    return WarningBrief.model_validate({**told, "event_type": row.event_code})
