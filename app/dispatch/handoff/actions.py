"""A neighbour is told of an incident or given it, and confirms that it was received."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.dispatch.actions.permission import actor, incident_for_command
from app.dispatch.exercise.apart import DrillStaysHere
from app.dispatch.handoff import store
from app.dispatch.handoff.commands import HandoffIn, HandoffReceiptIn
from app.dispatch.handoff.events import HandoffChanged
from app.dispatch.handoff.facts import HandoffBook, HandoffFact
from app.dispatch.handoff.refusals import HandoffReceived, TooManyHandoffs
from app.dispatch.handoff.rules import proposed
from app.dispatch.handoff.tables import HandoffNotice
from app.dispatch.recommendation.store import outside
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.secrecy import store as secrecies
from app.dispatch.store import incidents
from app.journal import store as journal
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.times import three_times

MOST = 50


async def book(tx: Tx, by: Viewer, incident_id: int) -> HandoffBook:
    """Return the notices of an incident and whom to tell still. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not (by.covers(seen.fact.region_code) and await secrecies.knows(tx, by, incident_id)):
        raise NotFound("该事件", "incident")
    sent = await store.of_incident(tx, incident_id)
    known = await outside.partners(tx, by.stream)
    return HandoffBook(handoffs=sent, proposal=proposed(seen.fact.place, known, sent))


async def send(tx: Tx, by: Viewer, incident_id: int, told: HandoffIn, now: datetime) -> HandoffFact:
    """Write down that a neighbour was told. Several of one incident are several notices.

    Raises IllegalStep when the incident is closed, TooManyHandoffs, InvalidInput, NotFound, NotPermitted.
    """
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state == "closed":
        raise IllegalStep(incident.state, "hand_off")
    if incident.drill_id is not None:
        raise DrillStaysHere(told.name or "邻县")
    if await store.count(tx, incident_id) >= MOST:
        raise TooManyHandoffs(MOST)
    happened_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    name, phone = await _addressee(tx, by, told)
    row = HandoffNotice(
        stream=by.stream,
        incident_id=incident_id,
        name=name,
        phone=phone,
        **told.model_dump(exclude={"name", "phone", "happened_at", "told_at"}),
        happened_at=happened_at,
        told_at=told_at,
        entered_at=now,
        sent_by=by.name,
    )
    tx.add(row)
    return await _tell(tx, by, row, "handoff.sent", now)


async def receive(tx: Tx, by: Viewer, handoff_id: int, told: HandoffReceiptIn, now: datetime) -> HandoffFact:
    """Write down who over there received it, also once the incident is closed.

    Raises HandoffReceived, InvalidInput, NotFound, NotPermitted.
    """
    require(by, "command")
    row = await store.locked(tx, by.stream, handoff_id)
    if row is None or not await secrecies.knows(tx, by, row.incident_id):
        raise NotFound("该通报", "notice")
    await incident_for_command(tx, by, row.incident_id)
    if row.received_by is not None:
        raise HandoffReceived(row.received_by)
    received_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    if received_at < row.happened_at:
        raise InvalidInput(
            FieldFault(
                "happened_at",
                "签收时间早于通报时间,请核对",
                "received before it was sent: check the time",
            )
        )
    row.received_by, row.received_at, row.receipt_told_at = told.received_by, received_at, told_at
    row.receipt_entered_at, row.receipt_entered_by = now, by.name
    row.receipt_channel, row.receipt_voucher = told.channel, told.voucher
    return await _tell(tx, by, row, "handoff.received", now)


async def _addressee(tx: Tx, by: Viewer, told: HandoffIn) -> tuple[str, str]:
    if told.partner_id is None:
        assert told.name is not None and told.phone is not None  # the shape sees to it
        return told.name, told.phone
    row = await outside.partner_row(tx, by.stream, told.partner_id)
    if row is None or not row.active:
        raise InvalidInput(
            FieldFault(
                "partner_id",
                "名录中没有该单位或已停用,请另选或直接填写名称和电话",
                "no such partner, or it is retired: choose another, or write name and telephone",
            )
        )
    return row.name_zh, row.phone


async def _tell(
    tx: Tx, by: Viewer, row: HandoffNotice, type_: Literal["handoff.sent", "handoff.received"], now: datetime
) -> HandoffFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id)
    seen = await incidents.seen(tx, row.stream, row.incident_id)
    assert seen is not None
    event = HandoffChanged(type=type_, receipt=fact.receipt, handoff=fact)
    entry = journal.Entry(event, seen.concern, row.incident_id)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact
