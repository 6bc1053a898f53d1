"""A messenger leaves, arrives, comes back; who is not back in time is told once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.dispatch.actions.incidents import known_region
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.contact.store import units
from app.dispatch.messenger import store
from app.dispatch.messenger.commands import MessengerIn, MessengerReportIn
from app.dispatch.messenger.events import MessengerChanged
from app.dispatch.messenger.facts import MessengerFact
from app.dispatch.messenger.refusals import MessengerBack
from app.dispatch.messenger.tables import MessengerRun
from app.dispatch.secrecy import store as secrecies
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.times import three_times

LATELY = timedelta(hours=24)
What = Literal["messenger.sent", "messenger.arrived", "messenger.back", "messenger.overdue"]


async def listed(tx: Tx, by: Viewer, now: datetime) -> list[MessengerFact]:
    """Return who is out and who came back in the last day."""
    require(by, "see_desk")
    return await store.listed(tx, by, now - LATELY)


async def send(tx: Tx, by: Viewer, told: MessengerIn, now: datetime) -> MessengerFact:
    """Write down that a messenger left. Raises InvalidInput, NotFound, NotPermitted."""
    require(by, "command")
    await known_region(tx, by, told.region_code)
    for village in told.villages:
        await known_region(tx, by, village)
    if told.incident_id is not None:
        await incident_for_command(tx, by, told.incident_id)
    left_at, _ = three_times(told.left_at, None, now, "left_at")
    if told.expected_at <= left_at:
        raise InvalidInput(
            FieldFault(
                "expected_at",
                "预计返回时间须晚于出发时间",
                "he is expected back after he left: check the time",
            )
        )
    secrecy = await secrecies.of_incident(tx, told.incident_id)
    row = MessengerRun(
        stream=by.stream,
        **told.model_dump(exclude={"left_at"}),
        left_at=left_at,
        sent_by=by.name,
        entered_at=now,
        restricted=secrecy.restricted,
        readers=list(secrecy.readers),
    )
    tx.add(row)
    return await _tell(tx, row, "messenger.sent", now, by)


async def arrive(tx: Tx, by: Viewer, run_id: int, told: MessengerReportIn, now: datetime) -> MessengerFact:
    """Write down that he reached where he was sent. Raises InvalidInput, MessengerBack, NotFound."""
    row = await _out(tx, by, run_id)
    row.arrived_at = await _told(row, told, now)
    if told.expected_at is not None:
        row.expected_at = max(told.expected_at, row.arrived_at)
        row.overdue_at = None if row.expected_at > now else row.overdue_at
    return await _tell(tx, row, "messenger.arrived", now, by)


async def come_back(tx: Tx, by: Viewer, run_id: int, told: MessengerReportIn, now: datetime) -> MessengerFact:
    """Write down that he is back, and what he brings: the places he saw gave a sign of life through him."""
    row = await _out(tx, by, run_id)
    row.back_at = await _told(row, told, now)
    seen_at = row.arrived_at or row.back_at
    if row.arrived_at is not None or row.report:
        places = row.villages or [row.region_code]
        await units.note_signs(tx, by.stream, places, "messenger", seen_at)
    return await _tell(tx, row, "messenger.back", now, by)


async def _told(row: MessengerRun, told: MessengerReportIn, now: datetime) -> datetime:
    happened_at, _ = three_times(told.happened_at, told.told_at, now, "happened_at")
    if happened_at < row.left_at:
        raise InvalidInput(
            FieldFault("happened_at", "时间早于出发时间,请核对", "earlier than his leaving: check the time")
        )
    row.report = told.report or row.report
    row.channel, row.voucher = told.channel or row.channel, told.voucher or row.voucher
    return happened_at


async def _out(tx: Tx, by: Viewer, run_id: int) -> MessengerRun:
    require(by, "command")
    row = await store.locked(tx, by, run_id)
    if row is None or not await secrecies.knows(tx, by, row.incident_id):
        raise NotFound("该通信员", "messenger")
    if row.back_at is not None:
        raise MessengerBack
    return row


async def look(tx: Tx, stream: str, now: datetime) -> int:
    """Tell who is not back in time; return how many."""
    rows = await store.late(tx, stream, now)
    for row in rows:
        row.overdue_at = now
        await _tell(tx, row, "messenger.overdue", now, None)
    return len(rows)


async def _tell(tx: Tx, row: MessengerRun, type_: What, now: datetime, by: Viewer | None) -> MessengerFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id)
    concern = Concern((row.region_code,), restricted=row.restricted, readers=tuple(row.readers))
    entry = journal.Entry(MessengerChanged(type=type_, messenger=fact), concern, row.incident_id)
    await journal.append(tx, row.stream, now, [entry], actor(by) if by else None)
    return fact
