"""Every SQL statement about figures."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Tx
from app.dispatch.figures.facts import ChoiceFact, FigureFact
from app.dispatch.figures.tables import IncidentFigure

_OFFICIAL = """
SELECT DISTINCT ON (c.kind) c.kind, c.figure_id, f.value
  FROM figure_choice c LEFT JOIN incident_figure f ON f.id = c.figure_id
 WHERE c.incident_id = :incident ORDER BY c.kind, c.id DESC
"""


async def official(tx: Tx, incident_id: int) -> dict[str, tuple[int | None, float | None]]:
    """Return the figure chosen last of each kind: its number and value, None while it is being verified."""
    rows = await tx.execute(text(_OFFICIAL), {"incident": incident_id})
    return {row.kind: (row.figure_id, row.value) for row in rows}


async def told(tx: Tx, incident_id: int) -> list[FigureFact]:
    """Return all figures of an incident, the latest first."""
    chosen = {figure for figure, _ in (await official(tx, incident_id)).values()}
    rows = await tx.execute(
        text(
            "SELECT id, kind, value, source, channel, note, happened_at, told_at, entered_at, entered_by "
            "FROM incident_figure WHERE incident_id = :incident ORDER BY told_at DESC, id DESC"
        ),
        {"incident": incident_id},
    )
    return [FigureFact(**row, official=row["id"] in chosen) for row in rows.mappings()]


async def choices(tx: Tx, incident_id: int) -> list[ChoiceFact]:
    """Return who chose what, the latest first."""
    rows = await tx.execute(
        text(
            "SELECT c.id, c.kind, c.figure_id, f.value, c.reason, c.chosen_by, c.chosen_at "
            "FROM figure_choice c LEFT JOIN incident_figure f ON f.id = c.figure_id "
            "WHERE c.incident_id = :incident ORDER BY c.id DESC"
        ),
        {"incident": incident_id},
    )
    return [ChoiceFact(**row) for row in rows.mappings()]


async def figure(tx: Tx, incident_id: int, figure_id: int) -> IncidentFigure | None:
    """Return one figure of an incident, or None."""
    row = await tx.get(IncidentFigure, figure_id)
    return row if row is not None and row.incident_id == incident_id else None
