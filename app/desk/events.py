"""Every event of the house, as it stands on the wire: the envelope with its payload."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from app.delivery.events import DeliveryChanged
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
from app.org.callbook.events import GroupChanged, MembershipSet, OfficeChanged, ResponsibilityChanged
from app.org.events import (
    AccountEvent,
    PeopleImported,
    PersonChanged,
    PersonSucceeded,
    TeamLeaderChanged,
    UnitChanged,
    UnitKindSet,
)
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


class UnitChangedEvent(Envelope, UnitChanged):
    """UnitChanged on the wire."""


class UnitKindSetEvent(Envelope, UnitKindSet):
    """UnitKindSet on the wire."""


class PersonChangedEvent(Envelope, PersonChanged):
    """PersonChanged on the wire."""


class PeopleImportedEvent(Envelope, PeopleImported):
    """PeopleImported on the wire."""


class PersonSucceededEvent(Envelope, PersonSucceeded):
    """PersonSucceeded on the wire."""


class TeamLeaderChangedEvent(Envelope, TeamLeaderChanged):
    """TeamLeaderChanged on the wire."""


class OfficeChangedEvent(Envelope, OfficeChanged):
    """OfficeChanged on the wire."""


class ResponsibilityChangedEvent(Envelope, ResponsibilityChanged):
    """ResponsibilityChanged on the wire."""


class GroupChangedEvent(Envelope, GroupChanged):
    """GroupChanged on the wire."""


class MembershipSetEvent(Envelope, MembershipSet):
    """MembershipSet on the wire."""


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
    | UnitChanged
    | UnitKindSet
    | PersonChanged
    | PeopleImported
    | PersonSucceeded
    | TeamLeaderChanged
    | OfficeChanged
    | ResponsibilityChanged
    | GroupChanged
    | MembershipSet
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
    | UnitChangedEvent
    | UnitKindSetEvent
    | PersonChangedEvent
    | PeopleImportedEvent
    | PersonSucceededEvent
    | TeamLeaderChangedEvent
    | OfficeChangedEvent
    | ResponsibilityChangedEvent
    | GroupChangedEvent
    | MembershipSetEvent
    | TerminalParametersWireEvent,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
ENVELOPE = frozenset(Envelope.model_fields)


def payload_of(wire: dict[str, object]) -> Event:
    """Return the typed payload of an event as it came over the wire (envelope fields ignored)."""
    return EVENT.validate_python({k: v for k, v in wire.items() if k not in ENVELOPE})
