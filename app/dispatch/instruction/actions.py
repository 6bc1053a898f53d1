"""A leader's instruction is written down, split into tasks that go out as an order, and closed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.commands import earlier
from app.dispatch.instruction import store
from app.dispatch.instruction.commands import InstructionCloseIn, InstructionIn, SplitIn
from app.dispatch.instruction.events import InstructionChanged
from app.dispatch.instruction.facts import InstructionFact
from app.dispatch.instruction.tables import LeaderInstruction
from app.dispatch.order.actions.drafting import drafted
from app.dispatch.order.actions.issuing import Series, issued
from app.dispatch.order.actions.telling import changed
from app.dispatch.order.commands import IssueIn, OrderIn
from app.dispatch.order.refusals import InstructionClosed, InstructionOpen
from app.dispatch.secrecy import store as secrecies
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import NotFound

What = Literal["instruction.captured", "instruction.split", "instruction.closed"]


async def capture(tx: Tx, by: Viewer, told: InstructionIn, now: datetime) -> InstructionFact:
    """Write an instruction down with its three times. Raises NotFound, NotPermitted."""
    require(by, "command")
    if told.incident_id is not None:
        await incident_for_command(tx, by, told.incident_id)
    told_at = earlier(told.told_at, now)
    row = LeaderInstruction(
        stream=by.stream,
        region_code=by.scope.ljust(12, "0"),
        **told.model_dump(exclude={"said_at", "told_at"}),
        said_at=earlier(told.said_at, told_at),
        told_at=told_at,
        entered_at=now,
        written_by=by.name,
    )
    tx.add(row)
    await tx.flush()
    entry = await _entry(tx, row, "instruction.captured")
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return await store.fact(tx, row.id or 0)


async def split(
    tx: Tx, by: Viewer, instruction_id: int, told: SplitIn, now: datetime, series: Series
) -> InstructionFact:
    """Send an instruction's tasks out as an order: the leader who gave it is whose consent it has.

    Raises InstructionClosed, InvalidInput, NotFound, NotPermitted.
    """
    row = await _open(tx, by, instruction_id)
    order_in = OrderIn(
        **told.model_dump(),
        text=row.text,
        basis="instruction",
        basis_text=f"{row.leader_name}{row.leader_post}批示"[:200],
        instruction_id=instruction_id,
        incident_id=row.incident_id,
    )
    order = await drafted(tx, by, order_in, now, series.waits)
    consent = IssueIn(
        revision=1, issued_as="oral_consent", consent_of=row.leader_name, consent_at=row.said_at
    )
    await issued(tx, by, order, consent, now, series)
    entries = [await changed(tx, order, "order.issued"), await _entry(tx, row, "instruction.split")]
    await journal.append(tx, by.stream, now, entries, actor(by))
    return await store.fact(tx, instruction_id)


async def close(
    tx: Tx, by: Viewer, instruction_id: int, told: InstructionCloseIn, now: datetime
) -> InstructionFact:
    """Close an instruction all of whose tasks are accepted, saying how it ended.

    Raises InstructionOpen, InstructionClosed, NotFound, NotPermitted.
    """
    row = await _open(tx, by, instruction_id)
    held = await store.fact(tx, instruction_id)
    if held.tasks == 0 or held.accepted < held.tasks:
        raise InstructionOpen(held.accepted, held.tasks)
    row.state, row.closed_by, row.closed_at, row.outcome = "closed", by.name, now, told.outcome
    entry = await _entry(tx, row, "instruction.closed")
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return await store.fact(tx, instruction_id)


async def _open(tx: Tx, by: Viewer, instruction_id: int) -> LeaderInstruction:
    require(by, "command")
    row = await store.locked(tx, by, instruction_id)
    if row is None:
        raise NotFound("该批示", "instruction")
    if row.state != "open":
        raise InstructionClosed
    return row


async def _entry(tx: Tx, row: LeaderInstruction, type_: What) -> Entry:
    await tx.flush()
    event = InstructionChanged(type=type_, instruction=await store.fact(tx, row.id or 0))
    secrecy = await secrecies.of_incident(tx, row.incident_id)
    concern = Concern((row.region_code,), restricted=secrecy.restricted, readers=secrecy.readers)
    return Entry(event, concern, row.incident_id)
