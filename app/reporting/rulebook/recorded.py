"""Recorded incidents that rules may be tried on, as far as a person may know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer
from app.reporting.actions.situation import remembered, situation_of
from app.reporting.rulebook.commands import RulesTryIn
from app.reporting.rulebook.store import recorded_ids, recorded_rows
from app.reporting.rules.situation import Situation
from app.reporting.store import situation as facts

MOST = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """Incidents with what the engine knows of them, and whether there were more than were read."""

    incidents: Sequence[Incident]
    situations: Sequence[Situation]
    more: bool


async def recorded(tx: Tx, by: Viewer, told: RulesTryIn, now: datetime) -> Recorded:
    """Return the incidents that are named or lie in the range, the newest 500; nothing is written."""
    span = (told.since, told.until) if told.since and told.until else None
    ids = await recorded_ids(tx, by, span, told.incidents, MOST + 1)
    rows = await recorded_rows(tx, ids[:MOST])
    known = await facts.facts_of(tx, ids[:MOST])
    figures = await facts.figures_of(tx, ids[:MOST])
    situations = [
        situation_of(row, remembered(row, known.get(row.id or 0, ()), now), figures.get(row.id or 0, ()))
        for row in rows
    ]
    return Recorded(rows, situations, len(ids) > MOST)
