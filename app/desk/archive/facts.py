"""What was found in the archive, on the wire."""

from __future__ import annotations

from datetime import datetime

from app.wire import Fact


class ArchiveLineFact(Fact):
    """One row of the journal: when, of what kind, in words, and the incident it belongs to."""

    seq: int
    at: datetime
    type: str
    zh: str
    en: str
    incident_id: int | None = None
    incident_number: str = ""


class ArchiveFound(Fact):
    """The newest rows that have all the words. `more`: there are older ones. `behind` have no words yet."""

    lines: list[ArchiveLineFact]
    more: bool
    behind: int = 0
