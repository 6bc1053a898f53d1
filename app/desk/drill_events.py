"""The events of drills and of closed loops, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.exercise.events import DrillChanged, DrillInjectMoved
from app.task.events import TaskMoved


class DrillChangedEvent(Envelope, DrillChanged):
    """DrillChanged on the wire."""


class DrillInjectMovedEvent(Envelope, DrillInjectMoved):
    """DrillInjectMoved on the wire."""


class TaskMovedEvent(Envelope, TaskMoved):
    """TaskMoved on the wire."""


DrillEvent = DrillChanged | DrillInjectMoved | TaskMoved
DrillWireEvent = DrillChangedEvent | DrillInjectMovedEvent | TaskMovedEvent
