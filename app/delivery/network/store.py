"""Every SQL statement about the centre's network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.delivery.network.facts import CentreNetworkFact, LateMessageFact, WaitingFact
from app.delivery.network.tables import CentreNetwork, LateDecision
from app.delivery.tables import Delivery
from app.journal.concern import Concern


async def locked(tx: Tx, stream: str, now: datetime) -> CentreNetwork:
    """Return the county's row, locked until commit; a county that never lost it is online."""
    await tx.execute(
        text("INSERT INTO centre_network (stream, since) VALUES (:stream, :now) ON CONFLICT DO NOTHING"),
        {"stream": stream, "now": now},
    )
    found = await tx.execute(
        select(CentreNetwork)
        .where(col(CentreNetwork.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def current(tx: Tx, stream: str, now: datetime) -> CentreNetworkFact:
    """Return how the network is, without waiting for anybody."""
    row = (
        await tx.execute(select(CentreNetwork).where(col(CentreNetwork.stream) == stream))
    ).scalar_one_or_none()
    return fact(row) if row is not None else CentreNetworkFact(state="online", since=now)


def fact(row: CentreNetwork) -> CentreNetworkFact:
    """Return the wire shape of a row."""
    return CentreNetworkFact(**row.model_dump(exclude={"stream", "probed_at", "trusted_at"}))


async def waiting(tx: Tx, stream: str, scope: str) -> list[WaitingFact]:
    """Return how many messages of a scope wait to leave, a channel each."""
    rows = await tx.execute(
        text(
            """
            SELECT channel, count(*) AS count, min(queued_at) AS oldest_at FROM delivery
             WHERE stream = :stream AND state = 'queued'
               AND EXISTS (SELECT 1 FROM unnest(concern_regions) r WHERE r LIKE :scope || '%')
             GROUP BY channel ORDER BY channel
            """
        ),
        {"stream": stream, "scope": scope},
    )
    return [WaitingFact(**row) for row in rows.mappings()]


async def held(tx: Tx, stream: str, channels: Sequence[str]) -> list[Delivery]:
    """Return the messages that wait for these channels, oldest first, locked."""
    found = await tx.execute(
        select(Delivery)
        .where(
            col(Delivery.stream) == stream,
            col(Delivery.state) == "queued",
            col(Delivery.channel).in_(channels),
        )
        .order_by(col(Delivery.id))
        .with_for_update()
    )
    return list(found.scalars())


async def keep_too_old(tx: Tx, stream: str, channels: Sequence[str], since: datetime) -> int:
    """Let what expired since the network went wait for a decision; return how many are new."""
    rows = await tx.execute(
        text(
            """
            INSERT INTO late_decision (delivery_id, stream)
            SELECT id, stream FROM delivery
             WHERE stream = :stream AND channel = ANY(:channels) AND state = 'expired' AND ended_at >= :since
            ON CONFLICT DO NOTHING RETURNING delivery_id
            """
        ),
        {"stream": stream, "channels": list(channels), "since": since},
    )
    return len(rows.all())


_LATE = """
SELECT l.delivery_id, d.channel, d.address, d.addressee, d.body, d.queued_at, d.expires_at, d.incident_id,
       l.decision, l.reason, l.by_name, l.decided_at, l.again_id,
       d.concern_regions, d.concern_teams, d.restricted, d.readers
  FROM late_decision l JOIN delivery d ON d.id = l.delivery_id
"""


async def undecided(tx: Tx, stream: str, limit: int) -> list[tuple[LateMessageFact, Concern]]:
    """Return what waits for a decision, the oldest first, each with whom it concerns."""
    rows = await tx.execute(
        text(_LATE + " WHERE l.stream = :stream AND l.decided_at IS NULL ORDER BY l.delivery_id LIMIT :n"),
        {"stream": stream, "n": limit},
    )
    return [_late(dict(row)) for row in rows.mappings()]


async def late(tx: Tx, stream: str, delivery_id: int) -> tuple[LateMessageFact, Concern] | None:
    """Return one message that was too old, decided or not."""
    rows = await tx.execute(
        text(_LATE + " WHERE l.stream = :stream AND l.delivery_id = :id"),
        {"stream": stream, "id": delivery_id},
    )
    row = rows.mappings().first()
    return _late(dict(row)) if row else None


def _late(row: dict[str, object]) -> tuple[LateMessageFact, Concern]:
    whom = {name: row.pop(name) for name in ("concern_regions", "concern_teams", "restricted", "readers")}
    return LateMessageFact.model_validate(row), Concern(
        tuple(whom["concern_regions"]),  # type: ignore[arg-type]
        tuple(whom["concern_teams"]),  # type: ignore[arg-type]
        bool(whom["restricted"]),
        readers=tuple(whom["readers"]),  # type: ignore[arg-type]
    )


async def locked_late(tx: Tx, stream: str, delivery_id: int) -> LateDecision | None:
    """Return a message that waits for a decision, locked until commit."""
    found = await tx.execute(
        select(LateDecision)
        .where(col(LateDecision.delivery_id) == delivery_id, col(LateDecision.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()
