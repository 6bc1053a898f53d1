"""What is need-to-know now, whatever was written of it when it was not: asked before old rows are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.org.rules.access import Concern, Viewer, may_see


class Told(Protocol):
    """A row of the journal, framed or not."""

    @property
    def concern(self) -> Concern:
        """Whom it concerned when it was written."""
        ...

    @property
    def incident_id(self) -> int | None:
        """The incident it belongs to."""
        ...

    @property
    def judged(self) -> tuple[str, int] | None:
        """The alarm or notice it is about."""
        ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """The incidents that are need-to-know now, and what led to them, with whom they concern."""

    incidents: Mapping[int, Concern] = field(default_factory=dict)
    judged: Mapping[tuple[str, int], Concern] = field(default_factory=dict)

    def shows(self, viewer: Viewer, row: Told) -> bool:
        """Whether a person may be shown an old row today: by its own concern and by today's.

        That an incident left one's sight is told for ever: it says nothing of it.
        """
        if not may_see(viewer, row.concern):
            return False
        now = self.incidents.get(row.incident_id or 0)
        if now is None and row.judged is not None:
            now = self.judged.get(row.judged)
        return now is None or _says_nothing(row.concern) or may_see(viewer, now)


def _says_nothing(written: Concern) -> bool:
    """Whether a row only tells that something left one's sight."""
    return written.audience == "outside" or (bool(written.readers) and not written.region_codes)


NOTHING = Sealed()
