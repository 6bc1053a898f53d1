"""Whom an order concerns, and how what happened to it gets into the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from app.db import Tx
from app.delivery import store as deliveries
from app.dispatch.order.events import OrderAnswered, OrderChanged
from app.dispatch.order.facts import OrderFact
from app.dispatch.order.store import orders, parts
from app.dispatch.order.tables import DispatchOrder, OrderAnswer, OrderRecipient
from app.dispatch.secrecy import store as secrecies
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Concern, Viewer, actor

Change = Literal[
    "order.drafted", "order.edited", "order.issued", "order.amended", "order.withdrawn", "order.closed"
]
Answered = Literal[
    "order.acknowledged",
    "order.progress",
    "order.done",
    "order.accepted",
    "order.returned",
]


async def concern_of(tx: Tx, order: DispatchOrder, recipients: Sequence[OrderRecipient]) -> Concern:
    """Return whom it concerns: the issuer alone as long as it is a draft, then these recipients too.

    Where readers of its incident were named: they, and those to whom it is addressed: the desk of a
    township answers for its units, not for its teams and people any more.
    """
    told = recipients if order.issued_at is not None else []
    secrecy = await secrecies.of_incident(tx, order.incident_id)
    readers = list(secrecy.readers)
    if readers and told:
        readers += [f"person:{part.person_id}" for part in told if part.person_id is not None]
        places = [part.region_code for part in told if part.unit_id is not None]
        readers += await secrecies.desks_at(tx, order.stream, places)
    return Concern(
        tuple(dict.fromkeys([order.region_code, *(part.region_code for part in told)])),
        tuple(part.team_id for part in told if part.team_id is not None),
        secrecy.restricted,
        readers=tuple(dict.fromkeys(readers)),
    )


async def concern_messages(tx: Tx, incident_id: int) -> None:
    """Let the messages of an incident's orders concern whom those orders concern now."""
    for order in await orders.of_incident(tx, incident_id):
        for part in await parts.rows(tx, order.id or 0):
            await deliveries.concern(tx, await concern_of(tx, order, [part]), order_recipient_id=part.id)


async def changed(tx: Tx, order: DispatchOrder, type_: Change) -> Entry:
    """Return the entry for a change of a whole order."""
    await tx.flush()
    assert order.id is not None
    event = OrderChanged(type=type_, order=await orders.fact(tx, order.id))
    concern = await concern_of(tx, order, await parts.rows(tx, order.id))
    return Entry(event, concern, order.incident_id)


async def answered(
    tx: Tx, order: DispatchOrder, part: OrderRecipient, type_: Answered, answer: OrderAnswer | None
) -> Entry:
    """Return the entry for what was said about one recipient's part; it concerns that recipient."""
    await tx.flush()
    assert order.id is not None and part.id is not None
    event = OrderAnswered(
        type=type_,
        order=await orders.fact(tx, order.id),
        recipient=await parts.fact(tx, part.id),
        answer=parts.answer_fact(answer) if answer is not None else None,
    )
    return Entry(event, await concern_of(tx, order, [part]), order.incident_id)


async def tell(tx: Tx, by: Viewer, order: DispatchOrder, type_: Change, now: datetime) -> OrderFact:
    """Put a change into the journal and return the order; the last call of the action."""
    entry = await changed(tx, order, type_)
    await journal.append(tx, order.stream, now, [entry], actor(by))
    assert isinstance(entry.payload, OrderChanged)
    return entry.payload.order
