"""Every SQL statement about gateways."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.db import Tx, sql
from app.delivery.rules import CHANNEL_OF_FAMILY

MOST_HOLES = 500  # a gateway that numbers at random must not make its row grow for ever
KEPT_EPOCHS = 50
RADIO = "hdap"
_HOLES = """
coalesce((SELECT upper(e.seen) - lower(e.seen) - sum(upper(r) - lower(r)) FROM unnest(e.seen) r), 0)
"""


@dataclass(frozen=True, slots=True)
class GatewayState:
    """A gateway of the register: its device, which families it carries, its connection, what it lost."""

    device_id: int
    number: str
    carries: tuple[str, ...]
    state: str
    since: datetime | None
    lost: int


@dataclass(frozen=True, slots=True)
class Route:
    """A device with a waiting message, and the gateway that heard it last."""

    channel: str
    device_id: int
    number: str
    gateway: str


async def gateways(tx: Tx, stream: str) -> list[GatewayState]:
    """Return the active gateways of the county."""
    rows = await tx.execute(
        text(
            f"""
            SELECT d.id, d.number, d.facts -> 'carries' AS carries, coalesce(g.protocol, '') AS protocol,
                   coalesce(g.state, 'unknown') AS state, g.since,
                   coalesce((SELECT sum(e.forgiven + {_HOLES}) FROM gateway_epoch e
                              WHERE e.device_id = d.id), 0) AS lost
              FROM device d LEFT JOIN gateway g ON g.device_id = d.id
             WHERE d.family = 'gateway' AND d.stream = :stream AND d.active ORDER BY d.number
            """  # noqa: S608  a constant of this module
        ),
        {"stream": stream},
    )
    return [
        GatewayState(
            row.id, row.number, _families(row.carries, row.protocol), row.state, row.since, int(row.lost)
        )
        for row in rows
    ]


def _families(carries: Any, protocol: str) -> tuple[str, ...]:
    """Return what a gateway carries: as the register says, else as it says itself, else 370 MHz radios."""
    if isinstance(carries, str):
        return (carries,)
    if isinstance(carries, list) and carries:
        return tuple(str(family) for family in carries)
    told = tuple(family for family in protocol.split(",") if family in CHANNEL_OF_FAMILY)
    return told or (RADIO,)


async def known(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Return which of these events were taken in before."""
    rows = await tx.execute(
        text("SELECT id FROM gateway_event WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(ids)}
    )
    return set(rows.scalars())


async def claim(tx: Tx, event: UUID, now: datetime) -> bool:
    """Note an event in the transaction that carries it out; False if that is done already.

    Whoever claims the same event at the same time, on whatever node, waits until the first has committed.
    """
    fresh = await tx.execute(
        sql(
            "INSERT INTO gateway_event (id, heard_at) VALUES (:id, :now) ON CONFLICT DO NOTHING RETURNING id"
        ),
        {"id": event, "now": now},
    )
    return fresh.first() is not None


async def remember(tx: Tx, ids: Collection[UUID], now: datetime) -> None:
    """Note that these events were taken in."""
    await tx.execute(
        text(
            "INSERT INTO gateway_event (id, heard_at) SELECT id, :now FROM unnest(CAST(:ids AS uuid[])) id "
            "ORDER BY id ON CONFLICT DO NOTHING"
        ),
        {"ids": list(ids), "now": now},
    )


async def forget(tx: Tx, before: datetime) -> None:
    """Forget events that nobody will repeat any more."""
    await tx.execute(text("DELETE FROM gateway_event WHERE heard_at < :before"), {"before": before})


async def note_numbers(tx: Tx, numbers: Mapping[tuple[int, UUID], Sequence[int]], now: datetime) -> None:
    """Note which sequence numbers came, by gateway and epoch."""
    for (device_id, epoch), seqs in sorted(numbers.items()):
        rows = await tx.execute(
            text(
                """
                INSERT INTO gateway_epoch AS e (device_id, epoch, seen, began_at, last_at)
                SELECT :device, :epoch, range_agg(int8range(s, s, '[]')), :now, :now
                  FROM unnest(CAST(:seqs AS bigint[])) s
                ON CONFLICT (device_id, epoch) DO UPDATE
                   SET seen = e.seen + excluded.seen, last_at = excluded.last_at
                RETURNING xmax = 0 AS fresh, (SELECT count(*) FROM unnest(seen)) AS pieces
                """
            ),
            {"device": device_id, "epoch": epoch, "seqs": list(seqs), "now": now},
        )
        row = rows.one()
        if row.pieces > MOST_HOLES:
            await _close_holes(tx, device_id, epoch)
        if row.fresh:
            await _keep_latest(tx, device_id)


async def _close_holes(tx: Tx, device_id: int, epoch: UUID) -> None:
    await tx.execute(
        text(
            f"UPDATE gateway_epoch e SET forgiven = forgiven + {_HOLES}, "  # noqa: S608  a constant
            "seen = int8multirange(int8range(lower(e.seen), upper(e.seen))) "
            "WHERE device_id = :device AND epoch = :epoch"
        ),
        {"device": device_id, "epoch": epoch},
    )


async def _keep_latest(tx: Tx, device_id: int) -> None:
    await tx.execute(
        text(
            "DELETE FROM gateway_epoch WHERE device_id = :device AND epoch NOT IN (SELECT epoch "
            "FROM gateway_epoch WHERE device_id = :device ORDER BY last_at DESC, epoch LIMIT :kept)"
        ),
        {"device": device_id, "kept": KEPT_EPOCHS},
    )


async def lock_state(tx: Tx, device_id: int, now: datetime) -> str:
    """Return a gateway's state, locked until commit; "unknown" for one that was never heard."""
    await tx.execute(
        text(
            "INSERT INTO gateway (device_id, state, since, software, protocol) "
            "VALUES (:device, 'unknown', :now, '', '') ON CONFLICT DO NOTHING"
        ),
        {"device": device_id, "now": now},
    )
    found = await tx.scalar(
        text("SELECT state FROM gateway WHERE device_id = :device FOR UPDATE"), {"device": device_id}
    )
    return str(found)


async def change_state(tx: Tx, device_id: int, state: str, now: datetime) -> None:
    """Write a gateway's new state."""
    await tx.execute(
        text("UPDATE gateway SET state = :state, since = :now WHERE device_id = :device"),
        {"device": device_id, "state": state, "now": now},
    )


async def note_run(tx: Tx, device_id: int, epoch: UUID | None, software: str, protocol: str) -> None:
    """Write what a gateway says of the run that came online."""
    await tx.execute(
        text(
            "UPDATE gateway SET epoch = :epoch, software = :software, protocol = :protocol "
            "WHERE device_id = :device"
        ),
        {"device": device_id, "epoch": epoch, "software": software, "protocol": protocol},
    )


async def routes(tx: Tx, stream: str) -> list[Route]:
    """Return the devices with a waiting message that an online gateway heard last."""
    rows = await tx.execute(
        text(
            """
            SELECT DISTINCT m.channel, d.id, d.number, g.number AS gateway
              FROM delivery m
              JOIN device d ON d.id = m.device_id
              JOIN device g ON g.family = 'gateway' AND g.active AND d.heard_via = 'gateway:' || g.number
              JOIN gateway s ON s.device_id = g.id AND s.state = 'online'
             WHERE m.state = 'queued' AND m.stream = :stream
            """
        ),
        {"stream": stream},
    )
    return [Route(*row) for row in rows]


async def gateway_of(tx: Tx, device_id: int) -> str | None:
    """Return the online gateway that heard a device last, or None."""
    found = await tx.scalar(
        text(
            """
            SELECT g.number FROM device d
              JOIN device g ON g.family = 'gateway' AND g.active AND d.heard_via = 'gateway:' || g.number
              JOIN gateway s ON s.device_id = g.id AND s.state = 'online'
             WHERE d.id = :device
            """
        ),
        {"device": device_id},
    )
    return None if found is None else str(found)


async def be_here(tx: Tx, stream: str, client_id: str) -> None:
    """Note that a node serves its session at the broker itself."""
    await tx.execute(
        text(
            "INSERT INTO mqtt_session (stream, client_id, seen_at) VALUES (:stream, :id, now()) "
            "ON CONFLICT (stream, client_id) DO UPDATE SET seen_at = now()"
        ),
        {"stream": stream, "id": client_id},
    )


async def be_gone(tx: Tx, stream: str, client_id: str) -> None:
    """Note that a node leaves its session to the others."""
    await tx.execute(
        text("UPDATE mqtt_session SET seen_at = 'epoch' WHERE stream = :stream AND client_id = :id"),
        {"stream": stream, "id": client_id},
    )


async def orphans(tx: Tx, stream: str, by: str, silent_s: float) -> list[str]:
    """Return the sessions of silent nodes that this node hears now; each is heard by one node at a time."""
    rows = await tx.execute(
        text(
            """
            WITH silent AS (
              SELECT client_id FROM mqtt_session
               WHERE stream = :stream AND client_id <> :by
                 AND seen_at < now() - make_interval(secs => :silent)
                 AND (held_by = :by OR held_until IS NULL OR held_until < now())
                 FOR UPDATE SKIP LOCKED
            )
            UPDATE mqtt_session s SET held_by = :by, held_until = now() + make_interval(secs => :silent)
              FROM silent WHERE s.stream = :stream AND s.client_id = silent.client_id
            RETURNING s.client_id
            """
        ),
        {"stream": stream, "by": by, "silent": silent_s},
    )
    return sorted(row[0] for row in rows)
