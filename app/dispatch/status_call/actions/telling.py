"""The journal's lines of status round-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from app.db import Tx
from app.dispatch.status_call.actions.access import concern_of
from app.dispatch.status_call.events import StatusCallChanged, StatusRecipientChanged
from app.dispatch.status_call.facts import StatusCallFact, StatusRecipientFact
from app.dispatch.status_call.store import calls, recipients
from app.dispatch.status_call.tables import StatusCall
from app.journal import store as journal
from app.org.rules.access import Viewer, actor

CallType = Literal["status_call.planned", "status_call.opened", "status_call.closed", "status_call.cancelled"]
RecipientType = Literal[
    "status_call.read", "status_call.reminded", "status_call.answered", "status_call.corrected"
]


async def fact_of(tx: Tx, call: StatusCall) -> StatusCallFact:
    """Return a round with the counts of all its recipients."""
    assert call.id is not None
    await tx.flush()
    fact = await calls.fact(tx, None, call.stream, call.stream, call.id)
    assert fact is not None
    return fact


async def tell_call(
    tx: Tx, by: Viewer | None, call: StatusCall, type_: CallType, now: datetime, reason: str = ""
) -> StatusCallFact:
    """Tell those asked and the centre; what is planned stays at the centre."""
    fact = await fact_of(tx, call)
    asked: list[StatusRecipientFact] = []
    if type_ != "status_call.planned" and call.opened_at is not None:
        asked = await recipients.facts(tx, call.stream, call.stream, now, call_id=call.id)
    event = StatusCallChanged(type=type_, status_call=fact, reason=reason)
    concern = await concern_of(tx, call, asked, call.stream.ljust(12, "0"))
    await journal.append(
        tx, call.stream, now, [journal.Entry(event, concern, call.incident_id)], actor(by) if by else None
    )
    return fact


async def tell_units(
    tx: Tx, by: Viewer | None, call: StatusCall, ids: Sequence[int], type_: RecipientType, now: datetime
) -> list[StatusRecipientFact]:
    """Tell each unit its own line, and the centre."""
    await tx.flush()
    facts = await recipients.facts(tx, call.stream, call.stream, now, ids=ids)
    entries = [
        journal.Entry(
            StatusRecipientChanged(type=type_, title=call.title, due_at=call.due_at, unit=unit),
            await concern_of(tx, call, [unit]),
            call.incident_id,
        )
        for unit in facts
    ]
    if entries:
        await journal.append(tx, call.stream, now, entries, actor(by) if by else None)
    return facts
