"""Put an incident's new state into the journal, with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.db import Tx
from app.delivery import store as deliveries
from app.dispatch.actions.followers import followed
from app.dispatch.actions.permission import actor
from app.dispatch.attachments.facts import AttachmentFact
from app.dispatch.events import IncidentChanged, IncidentLearned
from app.dispatch.facts import IncidentFact
from app.dispatch.figures.facts import FigureFact
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import Incident
from app.journal import store as journal
from app.org.rules.access import Viewer


@dataclass(frozen=True, slots=True)
class Learned:
    """What became known of an incident: the name of the event and the words the log has for it."""

    event_type: str
    zh: str
    en: str
    figure: FigureFact | None = None
    attachment: AttachmentFact | None = None


async def tell(
    tx: Tx,
    by: Viewer,
    incident: Incident,
    event_type: str,
    now: datetime,
    before: Sequence[journal.Entry] = (),
    also: Sequence[Learned] = (),
) -> IncidentFact:
    """Put an incident's new state into the journal, after what comes before, with what follows from it."""
    return await _append(tx, by, incident, now, before, [event_type, *also])


async def tell_learned(
    tx: Tx,
    by: Viewer | None,
    incident: Incident,
    learned: Sequence[Learned],
    now: datetime,
    before: Sequence[journal.Entry] = (),
) -> IncidentFact:
    """Put what became known of an incident into the journal. The last call of an action.

    `by` None: no person told it, a machine did.
    """
    return await _append(tx, by, incident, now, before, learned)


async def _append(
    tx: Tx,
    by: Viewer | None,
    incident: Incident,
    now: datetime,
    before: Sequence[journal.Entry],
    told: Sequence[str | Learned],
) -> IncidentFact:
    fact, entries = await told_of(tx, by, incident, told, now)
    await journal.append(tx, incident.stream, now, [*before, *entries], actor(by) if by else None)
    return fact


async def told_of(
    tx: Tx, by: Viewer | None, incident: Incident, told: Sequence[str | Learned], now: datetime
) -> tuple[IncidentFact, list[journal.Entry]]:
    """Return the incident's new state and the entries that tell it, in order, with what its followers add."""
    await tx.flush()
    assert incident.id is not None
    seen = await incidents.seen(tx, incident.stream, incident.id)
    assert seen is not None
    rows = {
        "incident": seen.fact,
        "assignments": await assignments.of_incidents(tx, [incident.id]),
        "deliveries": [deliveries.fact(row) for row in await deliveries.of_incidents(tx, [incident.id])],
    }
    events = [
        IncidentChanged(type=one, **rows) if isinstance(one, str) else _learned(one, rows) for one in told
    ]
    entries = [journal.Entry(event, seen.concern, incident.id) for event in events]
    return seen.fact, entries + await followed(tx, incident, now)


def _learned(one: Learned, rows: dict[str, Any]) -> IncidentLearned:
    return IncidentLearned(
        type=one.event_type, zh=one.zh, en=one.en, figure=one.figure, attachment=one.attachment, **rows
    )
