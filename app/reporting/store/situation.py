"""What is known of an incident, as rows: figures, entered facts, the history of its level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, text
from sqlmodel import col, select

from app.db import Tx
from app.reporting.facts import ReportKnownFact
from app.reporting.rules.situation import FigureSet
from app.reporting.tables import ReportingFact

# Known since it was told, if it became official with its entry; else since somebody chose it.
_FIGURES = """
SELECT c.incident_id, c.kind, f.value,
       CASE WHEN f.entered_at = c.chosen_at THEN f.told_at ELSE c.chosen_at END AS at
  FROM figure_choice c LEFT JOIN incident_figure f ON f.id = c.figure_id
 WHERE c.incident_id = ANY(:incidents) ORDER BY c.id
"""


async def facts(tx: Tx, incident_id: int) -> Sequence[ReportingFact]:
    """Return every fact of an incident in the order of entry, corrected ones included."""
    return (await facts_of(tx, [incident_id])).get(incident_id, ())


async def facts_of(tx: Tx, incident_ids: Sequence[int]) -> dict[int, Sequence[ReportingFact]]:
    """Return the facts of several incidents, each in the order of entry, corrected ones included."""
    found = await tx.execute(
        select(ReportingFact)
        .where(col(ReportingFact.incident_id).in_(incident_ids))
        .order_by(col(ReportingFact.id))
    )
    by_incident: dict[int, list[ReportingFact]] = {}
    for row in found.scalars():
        by_incident.setdefault(row.incident_id, []).append(row)
    return dict(by_incident)


async def reopened_at(tx: Tx, incident_id: int) -> datetime | None:
    """Return when an incident was opened again last, None if it never was."""
    found = await tx.execute(
        select(func.max(ReportingFact.at)).where(
            col(ReportingFact.incident_id) == incident_id, col(ReportingFact.kind) == "reopened"
        )
    )
    return found.scalar_one()


async def figures(tx: Tx, incident_id: int) -> tuple[FigureSet, ...]:
    """Return the official figures with the instants since which they were known; None: being verified."""
    return tuple((await figures_of(tx, [incident_id])).get(incident_id, ()))


async def figures_of(tx: Tx, incident_ids: Sequence[int]) -> dict[int, list[FigureSet]]:
    """Return the official figures of several incidents."""
    rows = await tx.execute(text(_FIGURES), {"incidents": list(incident_ids)})
    found: dict[int, list[FigureSet]] = {}
    last: dict[tuple[int, str], datetime] = {}
    for row in rows:
        # Whoever chooses later decides: what he chose cannot hold before what he replaced.
        key = (row.incident_id, row.kind)
        last[key] = max(row.at, last.get(key, row.at))
        found.setdefault(row.incident_id, []).append(FigureSet(last[key], row.kind, row.value))
    return found


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
