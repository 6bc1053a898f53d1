"""Whatever grows from an incident of a drill belongs to the drill: one rule, for rows of every package.

It stands before every flush and every `write_new` (docs/decisions/0044-drills-on-the-main-road.md): a
caller cannot forget what it is never asked. A row knows it by `incident_id` and keeps it in `drill`; its
title and its words begin with 【演练】. A message of a drill to anything but the app stays in the house, with
the reason beside it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app import new_row
from app.delivery.tables import Delivery
from app.dispatch.tables import Incident
from app.filing.rules.numbers import marked

REASON = "drill_outside"
_WORDS = ("title", "body")


@event.listens_for(Session, "before_flush")
def inherit(session: Session, *_: Any) -> None:
    """Mark the new rows of incidents that belong to a drill."""
    for row in session.new:
        inherit_one(session, row)


def inherit_one(session: Session, row: Any) -> None:
    """Mark a new row if its incident belongs to a drill."""
    if hasattr(row, "drill") and not row.drill and _of_drill(session, row):
        row.drill = True
        for name in _WORDS:
            if words := getattr(row, name, ""):
                setattr(row, name, marked(words, drill=True))
    if isinstance(row, Delivery) and row.drill and row.channel != "app":
        row.state, row.reason, row.ended_at = "cancelled", REASON, row.queued_at


new_row.before.append(inherit_one)


def _of_drill(session: Session, row: Any) -> bool:
    incident_id = getattr(row, "incident_id", None)
    incident = None if incident_id is None else session.get(Incident, incident_id)
    return incident is not None and incident.drill_id is not None
