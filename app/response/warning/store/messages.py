"""Raw messages of warnings, and their sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.db import Tx
from app.org.rules.access import Viewer
from app.response.warning.facts import WarningSourceFact
from app.response.warning.tables import WarningMessage, WarningSource


def _light() -> SelectOfScalar[WarningMessage]:
    """Select messages without their bytes: a chain may hold hundreds, of up to 2 MiB each."""
    return select(WarningMessage).options(defer(col(WarningMessage.data)))  # type: ignore[arg-type]


async def of_bytes(tx: Tx, stream: str, sha256: str) -> WarningMessage | None:
    """Return the message that came with these very bytes before."""
    found = await tx.execute(
        _light().where(col(WarningMessage.stream) == stream, col(WarningMessage.sha256) == sha256)
    )
    return found.scalar_one_or_none()


async def of_identifier(tx: Tx, stream: str, identifier: str) -> list[WarningMessage]:
    """Return the messages understood that bear an identifier, the oldest first."""
    found = await tx.execute(
        _light()
        .where(
            col(WarningMessage.stream) == stream,
            col(WarningMessage.identifier) == identifier,
            col(WarningMessage.outcome).in_(("taken", "doubtful")),
        )
        .order_by(col(WarningMessage.id))
        .limit(20)
    )
    return list(found.scalars())


async def of_chain(tx: Tx, warning_id: int) -> list[WarningMessage]:
    """Return the messages of a warning in the order in which they came."""
    found = await tx.execute(
        _light()
        .where(col(WarningMessage.warning_id) == warning_id)
        .order_by(col(WarningMessage.id))
        .limit(500)
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def of_chains(tx: Tx, warning_ids: Sequence[int]) -> dict[int, list[WarningMessage]]:
    """Return the messages of several warnings."""
    found = await tx.execute(
        _light()
        .where(col(WarningMessage.warning_id).in_(warning_ids))
        .order_by(col(WarningMessage.id))
        .limit(5000)
    )
    chains: dict[int, list[WarningMessage]] = {id_: [] for id_ in warning_ids}
    for row in found.scalars():
        chains[row.warning_id or 0].append(row)
    return chains


async def move(tx: Tx, old: int, new: int) -> None:
    """Give the messages of one warning to another."""
    await tx.execute(
        text("UPDATE warning_message SET warning_id = :new WHERE warning_id = :old"), {"old": old, "new": new}
    )


async def locked(tx: Tx, stream: str, message_id: int) -> WarningMessage | None:
    """Return a message, locked until commit."""
    found = await tx.execute(
        _light()
        .where(col(WarningMessage.id) == message_id, col(WarningMessage.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


_VISIBLE = """
 FROM warning_message m LEFT JOIN warning w ON w.id = m.warning_id
WHERE m.stream = :stream AND (:scope = m.stream OR EXISTS (
        SELECT 1 FROM unnest(w.concern) AS place WHERE place LIKE :scope || '%'))
"""


async def visible(tx: Tx, by: Viewer, message_id: int) -> WarningMessage | None:
    """Return a message this person may see: the county's desk all, a township those of its warnings."""
    statement = select(WarningMessage).from_statement(text("SELECT m.*" + _VISIBLE + "AND m.id = :id"))
    found = await tx.execute(statement, {"stream": by.stream, "scope": by.scope, "id": message_id})
    return found.scalars().first()


async def listed(
    tx: Tx, by: Viewer, outcomes: Sequence[str], limit: int, before: int | None
) -> list[WarningMessage]:
    """Return the messages this person may see, the latest first, without their bytes."""
    ids = await tx.execute(
        text(
            "SELECT m.id" + _VISIBLE + "AND m.outcome = ANY(:outcomes)"
            " AND (CAST(:before AS bigint) IS NULL OR m.id < :before) ORDER BY m.id DESC LIMIT :n"
        ),
        {"stream": by.stream, "scope": by.scope, "outcomes": list(outcomes), "n": limit, "before": before},
    )
    chosen = [row.id for row in ids]
    found = await tx.execute(
        _light().where(col(WarningMessage.id).in_(chosen)).order_by(col(WarningMessage.id).desc())
    )
    return list(found.scalars())


async def recent(tx: Tx, source_id: int, now: datetime) -> int:
    """Return how many messages a source sent within a minute."""
    found = await tx.scalar(
        text("SELECT count(*) FROM warning_message WHERE source_id = :id AND received_at > :since"),
        {"id": source_id, "since": now - timedelta(minutes=1)},
    )
    return int(found or 0)


async def source_by_key(tx: Tx, stream: str, key: str) -> WarningSource | None:
    """Return the source of a key that was not revoked, or None."""
    found = await tx.execute(
        select(WarningSource).where(
            col(WarningSource.stream) == stream,
            col(WarningSource.key) == key,
            col(WarningSource.revoked_at).is_(None),
        )
    )
    return found.scalar_one_or_none()


async def source(tx: Tx, stream: str, source_id: int) -> WarningSource | None:
    """Return a source, locked until commit."""
    found = await tx.execute(
        select(WarningSource)
        .where(col(WarningSource.id) == source_id, col(WarningSource.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def sources(tx: Tx, stream: str) -> list[WarningSourceFact]:
    """Return the sources of a county, the oldest first, the revoked ones too."""
    found = await tx.execute(
        select(WarningSource).where(col(WarningSource.stream) == stream).order_by(col(WarningSource.id))
    )
    return [source_fact(row) for row in found.scalars()]


async def due(tx: Tx, stream: str, now: datetime, most: int) -> list[WarningSource]:
    """Return the sources to be looked at by now, locked; what another node holds is left to it."""
    found = await tx.execute(
        select(WarningSource)
        .where(
            col(WarningSource.stream) == stream,
            col(WarningSource.revoked_at).is_(None),
            col(WarningSource.next_at) <= now,
        )
        .order_by(col(WarningSource.next_at))
        .limit(most)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


def source_fact(row: WarningSource) -> WarningSourceFact:
    """Return the shape of a source, without its secret."""
    return WarningSourceFact.model_validate(row.model_dump(include=set(WarningSourceFact.model_fields)))
