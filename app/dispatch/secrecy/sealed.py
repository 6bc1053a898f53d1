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
        """The alarm, notice, order or round-up it is about."""
        ...

    @property
    def items(self) -> tuple[int, ...]:
        """The incidents that stand on a hand-over sheet in it."""
        ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """The incidents that are need-to-know now, what led to them, and what went out of them to whom.

    `addressed` are orders and round-ups: whom they address may know of them, though not of the incident.
    """

    incidents: Mapping[int, Concern] = field(default_factory=dict)
    judged: Mapping[tuple[str, int], Concern] = field(default_factory=dict)
    addressed: Mapping[tuple[str, int], Concern] = field(default_factory=dict)

    def shows(self, viewer: Viewer, row: Told) -> bool:
        """Whether a person may be shown an old row today: by its own concern and by today's.

        That an incident left one's sight is told for ever: it says nothing of it. What was written of an
        order before readers were named says more than those may know whom it only addresses.
        """
        if not may_see(viewer, row.concern):
            return False
        if any(not may_see(viewer, self.incidents[id_]) for id_ in row.items if id_ in self.incidents):
            return False
        now = self.incidents.get(row.incident_id or 0)
        about = row.judged if now is None or row.concern.readers else None
        if about is not None:
            now = self.addressed.get(about) or self.judged.get(about) or now
        return now is None or _says_nothing(row.concern) or may_see(viewer, now)

    def names_readers(self) -> bool:
        """Whether of anything here readers are named."""
        parts = (self.incidents, self.judged, self.addressed)
        return any(concern.readers for part in parts for concern in part.values())

    def hidden_from(self, viewer: Viewer) -> list[int]:
        """Return the incidents of which a person may know nothing now."""
        return [id_ for id_, concern in self.incidents.items() if not may_see(viewer, concern)]


def _says_nothing(written: Concern) -> bool:
    """Whether a row only tells that something left one's sight."""
    return written.audience == "outside" or (bool(written.readers) and not written.region_codes)


NOTHING = Sealed()
