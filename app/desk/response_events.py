"""The events of plans and responses, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.response.level.events import ResponseChanged
from app.response.plan.events import PlanChanged, PlanRunChanged, PlansImported
from app.response.release.events import ReleaseChanged


class PlanChangedEvent(Envelope, PlanChanged):
    """PlanChanged on the wire."""


class PlansImportedEvent(Envelope, PlansImported):
    """PlansImported on the wire."""


class PlanRunChangedEvent(Envelope, PlanRunChanged):
    """PlanRunChanged on the wire."""


class ResponseChangedEvent(Envelope, ResponseChanged):
    """ResponseChanged on the wire."""


class ReleaseChangedEvent(Envelope, ReleaseChanged):
    """ReleaseChanged on the wire."""


ResponseEvent = PlanChanged | PlansImported | PlanRunChanged | ResponseChanged | ReleaseChanged
ResponseWireEvent = (
    PlanChangedEvent | PlansImportedEvent | PlanRunChangedEvent | ResponseChangedEvent | ReleaseChangedEvent
)
