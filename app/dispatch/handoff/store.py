"""Every SQL statement about cross-border notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.handoff.facts import HandoffFact, HandoffReceiptFact
from app.dispatch.handoff.tables import HandoffNotice

_FACT = """
SELECT h.id, h.incident_id, i.number AS incident_number, h.kind, h.partner_id, h.name, h.phone, h.means,
       h.text, h.happened_at, h.told_at, h.entered_at, h.channel, h.voucher, h.sent_by, h.received_by,
       h.received_at, h.receipt_told_at, h.receipt_entered_at, h.receipt_entered_by, h.receipt_channel,
       h.receipt_voucher
  FROM handoff_notice h JOIN incident i ON i.id = h.incident_id
"""
_RECEIPT = {
    "received_by": "received_by",
    "happened_at": "received_at",
    "told_at": "receipt_told_at",
    "entered_at": "receipt_entered_at",
    "entered_by": "receipt_entered_by",
    "channel": "receipt_channel",
    "voucher": "receipt_voucher",
}


async def fact(tx: Tx, handoff_id: int) -> HandoffFact:
    """Return the wire shape of one notice."""
    rows = await tx.execute(text(_FACT + " WHERE h.id = :id"), {"id": handoff_id})
    return _fact(rows.mappings().one())


async def of_incident(tx: Tx, incident_id: int) -> list[HandoffFact]:
    """Return the notices of an incident, the oldest first."""
    rows = await tx.execute(text(_FACT + " WHERE h.incident_id = :id ORDER BY h.id"), {"id": incident_id})
    return [_fact(row) for row in rows.mappings()]


async def count(tx: Tx, incident_id: int) -> int:
    """Return how many notices an incident has."""
    found = await tx.execute(
        select(func.count()).select_from(HandoffNotice).where(col(HandoffNotice.incident_id) == incident_id)
    )
    return int(found.scalar_one())


async def locked(tx: Tx, stream: str, handoff_id: int) -> HandoffNotice | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(HandoffNotice)
        .where(col(HandoffNotice.id) == handoff_id, col(HandoffNotice.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


def _fact(row: Mapping[Any, Any]) -> HandoffFact:
    told = dict(row)
    receipt = {name: told.pop(column) for name, column in _RECEIPT.items()}
    whole = HandoffReceiptFact(**receipt) if receipt["received_by"] is not None else None
    return HandoffFact(**told, receipt=whole)
