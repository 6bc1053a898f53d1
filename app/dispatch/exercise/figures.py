"""The one condition by which statistics, times and scorecards leave drills out."""

from __future__ import annotations


def in_earnest(column: str) -> str:
    """Return the condition that the incident in a column is of no drill; a row of none is in earnest."""
    return (
        f"NOT EXISTS (SELECT 1 FROM incident drilled WHERE drilled.id = {column}"  # noqa: S608
        " AND drilled.drill_id IS NOT NULL)"
    )
