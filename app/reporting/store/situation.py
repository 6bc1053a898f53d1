"""What is known of an incident, as rows: figures, entered facts, the history of its level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.reporting.facts import ReportKnownFact
from app.reporting.rules.situation import FigureSet
from app.reporting.tables import ReportingFact

# Known since it was told, if it became official with its entry; else since somebody chose it.
_FIGURES = """
SELECT c.kind, f.value, CASE WHEN f.entered_at = c.chosen_at THEN f.told_at ELSE c.chosen_at END AS at
  FROM figure_choice c LEFT JOIN incident_figure f ON f.id = c.figure_id
 WHERE c.incident_id = :incident ORDER BY c.id
"""


async def facts(tx: Tx, incident_id: int) -> Sequence[ReportingFact]:
    """Return every fact of an incident in the order of entry, corrected ones included."""
    found = await tx.execute(
        select(ReportingFact)
        .where(col(ReportingFact.incident_id) == incident_id)
        .order_by(col(ReportingFact.id))
    )
    return found.scalars().all()


async def figures(tx: Tx, incident_id: int) -> tuple[FigureSet, ...]:
    """Return the official figures with the instants since which they were known; None: being verified."""
    rows = await tx.execute(text(_FIGURES), {"incident": incident_id})
    found: list[FigureSet] = []
    last: dict[str, datetime] = {}
    for row in rows:
        # Whoever chooses later decides: what he chose cannot hold before what he replaced.
        last[row.kind] = max(row.at, last.get(row.kind, row.at))
        found.append(FigureSet(last[row.kind], row.kind, row.value))
    return tuple(found)


def known_facts(rows: Sequence[ReportingFact]) -> list[ReportKnownFact]:
    """Return the wire shapes of facts, the latest entry first, each with whether it still holds."""
    corrected = {row.corrects_id for row in rows}
    by_id = {row.id: row for row in rows}
    shapes = []
    for row in reversed(rows):
        before = by_id.get(row.corrects_id)
        shapes.append(
            ReportKnownFact(
                **row.model_dump(exclude={"stream", "incident_id", "account_id"}),
                corrected_at=before.at if before else None,
                holds=row.id not in corrected and row.at is not None,
            )
        )
    return shapes
