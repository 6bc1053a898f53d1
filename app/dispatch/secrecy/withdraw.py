"""Tell those who may not know an incident any more that it has left their sight."""

from __future__ import annotations

from dataclasses import replace

from app.dispatch.events import IncidentWithdrawn
from app.journal.concern import Concern
from app.journal.store import Entry


def withdrawn(incident_id: int, before: Concern, after: Concern) -> list[Entry]:
    """Return the entries that take an incident from who saw it before; who still may gets it again after.

    They come in front of the change itself, which carries the whole incident to all who may know it.
    """
    return [
        Entry(IncidentWithdrawn(type="incident.withdrawn", incident_id=incident_id), concern, incident_id)
        for concern in _losing(before, after)
    ]


def _losing(before: Concern, after: Concern) -> list[Concern]:
    if before.readers:
        changed = before.readers != after.readers
        return [Concern((), (), restricted=True, readers=before.readers)] if changed else []
    if after.readers or (after.restricted and not before.restricted):
        return [replace(before, audience="outside", readers=after.readers)]
    return []
