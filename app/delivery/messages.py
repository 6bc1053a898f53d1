"""A plain message: words to a place or a number over one channel, with no assignment behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.delivery import store
from app.delivery.actions import move, note
from app.delivery.facts import DeliveryChannel
from app.delivery.tables import Delivery
from app.journal.concern import Concern

SMS: DeliveryChannel = "satellite_phone"  # the house's telephone modem carries short messages to any number


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to whom. `concern` is whom its progress concerns; it is not sent after `expires_at`.

    What belongs to a `drill` goes over the app alone: over any other channel it is kept and never sent.
    """

    stream: str
    channel: DeliveryChannel
    address: str
    body: str
    concern: Concern
    expires_at: datetime
    incident_id: int | None = None
    device_id: int | None = None
    drill: bool = False


async def queue(tx: Tx, message: Message, now: datetime) -> int:
    """Write a message that leaves after the commit; return its delivery's number."""
    row = Delivery(
        stream=message.stream,
        incident_id=message.incident_id,
        device_id=message.device_id,
        concern_regions=list(message.concern.region_codes),
        restricted=message.concern.restricted,
        drill=message.drill,
        readers=list(message.concern.readers),
        channel=message.channel,
        address=message.address,
        body=message.body,
        queued_at=now,
        expires_at=message.expires_at,
    )
    tx.add(row)
    await tx.flush()
    assert row.id is not None
    return row.id


async def arrived(tx: Tx, delivery_ids: Sequence[int], now: datetime) -> None:
    """Note that somebody has the messages before his eyes: those over the app are delivered."""
    for delivery_id in delivery_ids:
        row = await store.locked(tx, delivery_id)
        if row is not None and row.channel == "app" and move(row, "deliver", now):
            await note(tx, row, now)


async def withdraw(tx: Tx, delivery_ids: Sequence[int], now: datetime) -> None:
    """Let messages that wait not leave any more: what they ask for is there."""
    for delivery_id in delivery_ids:
        row = await store.locked(tx, delivery_id)
        if row is not None:
            move(row, "cancel", now, "answered")
    await tx.flush()
