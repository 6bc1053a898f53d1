"""Every event of the house, as it stands on the wire: the envelope with its payload."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from app.delivery.events import DeliveryChanged
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
from app.devices.jt808.orders.events import TerminalParametersEvent
from app.devices.ledger.events import DeviceChanged, DevicesImported
from app.devices.roll_call.events import RollCallAnswered, RollCallChanged
from app.devices.testing.events import DeviceTested
from app.dispatch.events import (
    AlarmChanged,
    AlarmConfirmed,
    AssignmentChanged,
    AssignmentDispatched,
    DispatchEvent,
    IncidentChanged,
    IncidentWithdrawn,
    TeamStandbyChanged,
    TextReceived,
)
from app.duty.leave.events import LeaveChanged
from app.duty.roster.events import RosterOverridden, RosterPublished, TemporaryScheduleSet
from app.org.events import AccountEvent
from app.wire import Actor, Fact


class Envelope(Fact):
    """What every event carries besides its payload; `actor` None means a device or the clock."""

    seq: int
    at: datetime
    actor: Actor | None


class AlarmChangedEvent(Envelope, AlarmChanged):
    """AlarmChanged on the wire."""


class AlarmConfirmedEvent(Envelope, AlarmConfirmed):
    """AlarmConfirmed on the wire."""


class IncidentChangedEvent(Envelope, IncidentChanged):
    """IncidentChanged on the wire."""


class IncidentWithdrawnEvent(Envelope, IncidentWithdrawn):
    """IncidentWithdrawn on the wire."""


class AssignmentDispatchedEvent(Envelope, AssignmentDispatched):
    """AssignmentDispatched on the wire."""


class AssignmentChangedEvent(Envelope, AssignmentChanged):
    """AssignmentChanged on the wire."""


class DeliveryChangedEvent(Envelope, DeliveryChanged):
    """DeliveryChanged on the wire."""


class TeamStandbyChangedEvent(Envelope, TeamStandbyChanged):
    """TeamStandbyChanged on the wire."""


class TextReceivedEvent(Envelope, TextReceived):
    """TextReceived on the wire."""


class DeviceChangedEvent(Envelope, DeviceChanged):
    """DeviceChanged on the wire."""


class DevicesImportedEvent(Envelope, DevicesImported):
    """DevicesImported on the wire."""


class DeviceTestedEvent(Envelope, DeviceTested):
    """DeviceTested on the wire."""


class RollCallChangedEvent(Envelope, RollCallChanged):
    """RollCallChanged on the wire."""


class RollCallAnsweredEvent(Envelope, RollCallAnswered):
    """RollCallAnswered on the wire."""


class RosterPublishedEvent(Envelope, RosterPublished):
    """RosterPublished on the wire."""


class RosterOverriddenEvent(Envelope, RosterOverridden):
    """RosterOverridden on the wire."""


class TemporaryScheduleSetEvent(Envelope, TemporaryScheduleSet):
    """TemporaryScheduleSet on the wire."""


class LeaveChangedEvent(Envelope, LeaveChanged):
    """LeaveChanged on the wire."""


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


class AccountWireEvent(Envelope, AccountEvent):
    """AccountEvent on the wire."""


class TerminalParametersWireEvent(Envelope, TerminalParametersEvent):
    """TerminalParametersEvent on the wire."""


Event = Annotated[
    DispatchEvent
    | AccountEvent
    | DeviceChanged
    | DevicesImported
    | DeviceTested
    | RollCallChanged
    | RollCallAnswered
    | RosterPublished
    | RosterOverridden
    | TemporaryScheduleSet
    | LeaveChanged
    | HandoverOpened
    | HandoverCompleted
    | HandoverItemChanged
    | HandoverCompiled
    | HandoverSigned
    | HandoverMemberMoved
    | MatterChanged
    | MatterDue
    | LogEntered
    | TerminalParametersEvent,
    Field(discriminator="type"),
]
WireEvent = Annotated[
    AlarmChangedEvent
    | AlarmConfirmedEvent
    | IncidentChangedEvent
    | IncidentWithdrawnEvent
    | AssignmentDispatchedEvent
    | AssignmentChangedEvent
    | DeliveryChangedEvent
    | TeamStandbyChangedEvent
    | TextReceivedEvent
    | AccountWireEvent
    | DeviceChangedEvent
    | DevicesImportedEvent
    | DeviceTestedEvent
    | RollCallChangedEvent
    | RollCallAnsweredEvent
    | RosterPublishedEvent
    | RosterOverriddenEvent
    | TemporaryScheduleSetEvent
    | LeaveChangedEvent
    | HandoverOpenedEvent
    | HandoverCompletedEvent
    | HandoverItemChangedEvent
    | HandoverCompiledEvent
    | HandoverSignedEvent
    | HandoverMemberMovedEvent
    | MatterChangedEvent
    | MatterDueEvent
    | LogEnteredEvent
    | TerminalParametersWireEvent,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
ENVELOPE = frozenset(Envelope.model_fields)


def payload_of(wire: dict[str, object]) -> Event:
    """Return the typed payload of an event as it came over the wire (envelope fields ignored)."""
    return EVENT.validate_python({k: v for k, v in wire.items() if k not in ENVELOPE})
