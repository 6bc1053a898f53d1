"""The events of hand-over and log, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.desk.handover.events import (
    HandoverCompiled,
    HandoverCompleted,
    HandoverItemChanged,
    HandoverMemberMoved,
    HandoverOpened,
    HandoverSigned,
    MatterChanged,
    MatterDue,
)
from app.desk.log.events import LogEntered


class HandoverOpenedEvent(Envelope, HandoverOpened):
    """HandoverOpened on the wire."""


class HandoverCompletedEvent(Envelope, HandoverCompleted):
    """HandoverCompleted on the wire."""


class HandoverItemChangedEvent(Envelope, HandoverItemChanged):
    """HandoverItemChanged on the wire."""


class HandoverCompiledEvent(Envelope, HandoverCompiled):
    """HandoverCompiled on the wire."""


class HandoverSignedEvent(Envelope, HandoverSigned):
    """HandoverSigned on the wire."""


class HandoverMemberMovedEvent(Envelope, HandoverMemberMoved):
    """HandoverMemberMoved on the wire."""


class MatterChangedEvent(Envelope, MatterChanged):
    """MatterChanged on the wire."""


class MatterDueEvent(Envelope, MatterDue):
    """MatterDue on the wire."""


class LogEnteredEvent(Envelope, LogEntered):
    """LogEntered on the wire."""


HandoverEvent = (
    HandoverOpened
    | HandoverCompleted
    | HandoverItemChanged
    | HandoverCompiled
    | HandoverSigned
    | HandoverMemberMoved
    | MatterChanged
    | MatterDue
    | LogEntered
)
HandoverWireEvent = (
    HandoverOpenedEvent
    | HandoverCompletedEvent
    | HandoverItemChangedEvent
    | HandoverCompiledEvent
    | HandoverSignedEvent
    | HandoverMemberMovedEvent
    | MatterChangedEvent
    | MatterDueEvent
    | LogEnteredEvent
)
