"""What must be over before an incident is closed: its children, and whoever commands it."""

from __future__ import annotations

from app.db import Tx
from app.dispatch.lifecycle import store
from app.dispatch.lifecycle.refusals import ChildrenStillOpen, CommandStillActive
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer, may_see


async def check_nothing_below(tx: Tx, by: Viewer, incident: Incident) -> None:
    """Raise ChildrenStillOpen or CommandStillActive unless an incident may be closed."""
    assert incident.id is not None
    children = [
        seen
        for id_ in await store.open_children(tx, incident.id)
        if (seen := await incidents.seen(tx, by.stream, id_)) is not None
    ]
    if children:
        known = [seen for seen in children if may_see(by, seen.concern)]
        named = [f"{seen.fact.number} {seen.fact.title}" for seen in known]
        raise ChildrenStillOpen(named, len(children) - len(known))
    seen = await incidents.seen(tx, by.stream, incident.id)
    if seen is not None and seen.fact.command:
        raise CommandStillActive(seen.fact.command[0].body_name)
