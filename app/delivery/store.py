"""Every SQL statement of delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from app.db import Tx, sql
from app.delivery.facts import DeliveryFact
from app.delivery.reason_words import reason_words
from app.delivery.tables import Delivery
from app.journal.concern import Concern
from app.read_row import read_row

_COLUMNS = [name for name in DeliveryFact.model_fields if name not in ("reason_zh", "reason_en")]
_OF_INCIDENT = sql(f"SELECT {', '.join(_COLUMNS)} FROM delivery WHERE incident_id = :i ORDER BY id")  # noqa: S608
_LOCKED = sql("SELECT * FROM delivery WHERE id = :id FOR UPDATE")


def fact(row: Delivery) -> DeliveryFact:
    """Return the wire shape of a row."""
    return _told(*[getattr(row, name) for name in _COLUMNS])


async def facts_of_incident(tx: Tx, incident_id: int) -> list[DeliveryFact]:
    """Return the messages of an incident as they are told, oldest first."""
    return [_told(*row) for row in await tx.execute(_OF_INCIDENT, {"i": incident_id})]


@lru_cache(maxsize=4096)  # rows that are read again and again are put into their shape once
def _told(*row: Any) -> DeliveryFact:
    told = dict(zip(_COLUMNS, row, strict=True))
    told["reason_zh"], told["reason_en"] = reason_words(told["reason"])
    return DeliveryFact(**told)


async def locked(tx: Tx, delivery_id: int) -> Delivery | None:
    """Return the row, locked until commit."""
    return await read_row(tx, Delivery, _LOCKED, {"id": delivery_id})


async def of_incidents(tx: Tx, incident_ids: Sequence[int]) -> list[Delivery]:
    """Return the messages of some incidents, oldest first."""
    query = select(Delivery).where(col(Delivery.incident_id).in_(incident_ids)).order_by(col(Delivery.id))
    return list((await tx.execute(query)).scalars())


async def unended_of_assignment(tx: Tx, assignment_id: int) -> list[Delivery]:
    """Return an assignment's messages that could still leave or leave again, locked."""
    return await _unended(tx, col(Delivery.assignment_id) == assignment_id)


async def channels_of_assignment(tx: Tx, assignment_id: int) -> frozenset[str]:
    """Return the channels an assignment's messages went over."""
    found = await tx.execute(
        select(Delivery.channel).where(col(Delivery.assignment_id) == assignment_id).distinct()
    )
    return frozenset(found.scalars())


async def unended_of_notice(tx: Tx, notice_id: int) -> list[Delivery]:
    """Return the SMS of a notice that could still leave or arrive, locked."""
    query = select(Delivery).where(col(Delivery.notice_id) == notice_id, col(Delivery.ended_at).is_(None))
    return list((await tx.execute(query.with_for_update())).scalars())


async def unended_of_recipient(tx: Tx, recipient_id: int) -> list[Delivery]:
    """Return the messages to a recipient of an order that could still leave or leave again, locked."""
    return await _unended(tx, col(Delivery.order_recipient_id) == recipient_id)


async def _unended(tx: Tx, whose: ColumnElement[bool]) -> list[Delivery]:
    states = ("queued", "submitted", "accepted", "unknown")
    query = select(Delivery).where(whose, col(Delivery.state).in_(states)).order_by(col(Delivery.id))
    return list((await tx.execute(query.with_for_update())).scalars())


async def _found(tx: Tx, statement: str, **values: Any) -> list[Delivery]:
    found = await tx.execute(select(Delivery).from_statement(sql(statement)).params(**values))
    return list(found.scalars())


async def next_for_devices(tx: Tx, channel: str, device_ids: Sequence[int], now: datetime) -> list[Delivery]:
    """Return the oldest waiting message of each of these devices, locked; busy devices are passed over.

    One with a message in flight gets no second one; without public network nothing leaves that needs it.
    """
    return await _found(
        tx,
        """
            SELECT * FROM delivery d
             WHERE d.channel = :channel AND d.state = 'queued' AND d.device_id = ANY(:devices)
               AND (d.not_before IS NULL OR d.not_before <= :now) AND d.expires_at > :now
               AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.device_id = d.device_id
                                AND o.channel = d.channel
                                AND (o.state = 'submitted' OR (o.state = 'queued' AND o.id < d.id
                                                                AND o.expires_at > :now)))
               AND NOT EXISTS (SELECT 1 FROM centre_network n WHERE n.stream = d.stream
                                AND n.state = 'offline' AND d.channel = ANY(n.channels))
             ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
        """,
        channel=channel,
        devices=list(device_ids),
        now=now,
    )


async def next_for_card(tx: Tx, channel: str, stream: str, now: datetime) -> Delivery | None:
    """Return the next waiting message for a shared card (Beidou), locked, if nothing is in flight.

    A message whose first part left is finished; then orders go before what only informs; then the oldest.
    """
    found = await _found(
        tx,
        """
            SELECT * FROM delivery
             WHERE channel = :channel AND stream = :stream AND state = 'queued'
               AND (not_before IS NULL OR not_before <= :now) AND expires_at > :now
               AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.channel = :channel
                                AND o.stream = :stream AND o.state = 'submitted')
             ORDER BY parts_sent > 0 DESC, assignment_id IS NULL AND order_recipient_id IS NULL, id
             LIMIT 1 FOR UPDATE SKIP LOCKED
        """,
        channel=channel,
        stream=stream,
        now=now,
    )
    return next(iter(found), None)


async def hurry(tx: Tx, channel: str, device_ids: Sequence[int]) -> None:
    """Let what waits for a later try to these devices leave now: they are back in reach."""
    await tx.execute(
        sql(
            "UPDATE delivery SET not_before = NULL WHERE channel = :channel AND state = 'queued' "
            "AND device_id = ANY(:devices) AND not_before IS NOT NULL"
        ),
        {"channel": channel, "devices": list(device_ids)},
    )


async def in_flight(
    tx: Tx, channel: str, wire_ref: str, device_id: int | None, *, accepted: bool = False
) -> Delivery | None:
    """Return the message a device's answer belongs to, locked.

    With `accepted` also one that a radio took and the far end has not answered for: only where each message
    has a reference of its own.
    """
    states = ("submitted", "unknown", *(("accepted",) if accepted else ()))
    query = (
        select(Delivery)
        .where(
            col(Delivery.channel) == channel,
            col(Delivery.wire_ref) == wire_ref,
            col(Delivery.state).in_(states),
        )
        .order_by(col(Delivery.id).desc())
        .limit(1)
        .with_for_update()
    )
    if device_id is not None:
        query = query.where(col(Delivery.device_id) == device_id)
    return (await tx.execute(query)).scalars().first()


async def awaiting_report(tx: Tx, channel: str, addresses: Sequence[str], wire_ref: str) -> list[Delivery]:
    """Return the unended messages to an address that left by a wire reference that begins so, locked.

    A service centre reports on a message long after it was accepted. The latest first.
    """
    found = await tx.execute(
        select(Delivery)
        .where(
            col(Delivery.channel) == channel,
            col(Delivery.address).in_(addresses),
            col(Delivery.wire_ref).startswith(wire_ref, autoescape=True),
            col(Delivery.ended_at).is_(None),
        )
        .order_by(col(Delivery.id).desc())
        .limit(50)
        .with_for_update()
    )
    return list(found.scalars())


async def by_reference(tx: Tx, wire_ref: str) -> Delivery | None:
    """Return the message that left under a reference of its own and may still be answered for, locked."""
    found = await tx.execute(
        select(Delivery)
        .where(
            col(Delivery.wire_ref) == wire_ref,
            col(Delivery.state).in_(("submitted", "unknown", "accepted")),
        )
        .limit(1)
        .with_for_update()
    )
    return found.scalars().first()


async def is_idle(tx: Tx, channel: str, stream: str, now: datetime) -> bool:
    """Whether nothing waits for a shared channel, now or for a later try, and nothing is in flight on it."""
    return not await tx.scalar(
        sql(
            "SELECT EXISTS (SELECT 1 FROM delivery WHERE channel = :channel AND stream = :stream "
            "AND (state = 'submitted' OR (state = 'queued' AND expires_at > :now)))"
        ),
        {"channel": channel, "stream": stream, "now": now},
    )


async def last_sent_at(tx: Tx, channel: str, wire_ref: str) -> datetime | None:
    """Return when this card last sent anything: its pace must survive a restart."""
    found = await tx.scalar(
        sql("SELECT max(submitted_at) FROM delivery WHERE channel = :channel AND wire_ref = :ref"),
        {"channel": channel, "ref": wire_ref},
    )
    return found if isinstance(found, datetime) else None


async def silent_since(tx: Tx, now: datetime, limit: timedelta) -> list[Delivery]:
    """Return messages that left and got no feedback within the limit, locked."""
    found = await tx.execute(
        select(Delivery)
        .where(col(Delivery.state) == "submitted", col(Delivery.submitted_at) <= now - limit)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def unanswered(tx: Tx, channel: str, wire_prefix: str, before: datetime) -> list[Delivery]:
    """Return messages that a radio took before an instant and whose far end has not answered, locked."""
    found = await tx.execute(
        select(Delivery)
        .where(
            col(Delivery.channel) == channel,
            col(Delivery.state) == "accepted",
            col(Delivery.wire_ref).startswith(wire_prefix, autoescape=True),
            col(Delivery.accepted_at) <= before,
        )
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def next_for_groups(tx: Tx, channel: str, stream: str, now: datetime, limit: int) -> list[Delivery]:
    """Return the oldest waiting messages to talk groups (address "g" and the number), locked."""
    found = await tx.execute(
        select(Delivery)
        .where(
            col(Delivery.channel) == channel,
            col(Delivery.stream) == stream,
            col(Delivery.state) == "queued",
            col(Delivery.device_id).is_(None),
            col(Delivery.address).startswith("g"),
            or_(col(Delivery.not_before).is_(None), col(Delivery.not_before) <= now),
            col(Delivery.expires_at) > now,
        )
        .order_by(col(Delivery.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def overdue(tx: Tx, now: datetime) -> list[Delivery]:
    """Return waiting messages whose time has run out, locked."""
    found = await tx.execute(
        select(Delivery)
        .where(col(Delivery.state) == "queued", col(Delivery.expires_at) <= now)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def concern(
    tx: Tx, whom: Concern, *, incident_id: int | None = None, order_recipient_id: int | None = None
) -> None:
    """Let the progress of an incident's messages, or of an order's to one recipient, concern these now."""
    await tx.execute(
        sql(
            "UPDATE delivery SET concern_regions = CAST(:regions AS text[]), restricted = :restricted, "
            "concern_teams = CAST(:teams AS bigint[]), readers = CAST(:readers AS text[]) "
            "WHERE incident_id = :incident OR order_recipient_id = :recipient"
        ),
        {
            "regions": list(whom.region_codes),
            "teams": list(whom.team_ids),
            "restricted": whom.restricted,
            "readers": list(whom.readers),
            "incident": incident_id,
            "recipient": order_recipient_id,
        },
    )
