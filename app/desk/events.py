"""Every event of the house, as it stands on the wire: the envelope with its payload."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from app.delivery.events import DeliveryChanged
from app.devices.jt808.orders.events import TerminalParametersEvent
from app.devices.ledger.events import DeviceChanged, DevicesImported, UnknownDismissed
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
from app.duty.presence.events import CoverageTold, LeaderCalled, PresenceChanged
from app.duty.roster.events import RosterOverridden, RosterPublished, TemporaryScheduleSet
from app.duty.spot_check.events import (
    AppealChanged,
    CircularChanged,
    CircularReceived,
    RectificationChanged,
    SpotCheckChanged,
    SpotFindingChanged,
)
from app.duty.standby.events import (
    AllowanceApproved,
    ReadinessExempted,
    ReadinessLevelChanged,
    ReadinessReturned,
    StandbyLevelChanged,
    StandbyListChanged,
)
from app.duty.swaps.events import SwapCarriedOut, SwapChanged
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


class UnknownDismissedEvent(Envelope, UnknownDismissed):
    """UnknownDismissed on the wire."""


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


class SwapChangedEvent(Envelope, SwapChanged):
    """SwapChanged on the wire."""


class SwapCarriedOutEvent(Envelope, SwapCarriedOut):
    """SwapCarriedOut on the wire."""


class PresenceChangedEvent(Envelope, PresenceChanged):
    """PresenceChanged on the wire."""


class CoverageToldEvent(Envelope, CoverageTold):
    """CoverageTold on the wire."""


class LeaderCalledEvent(Envelope, LeaderCalled):
    """LeaderCalled on the wire."""


class ReadinessReturnedEvent(Envelope, ReadinessReturned):
    """ReadinessReturned on the wire."""


class ReadinessLevelChangedEvent(Envelope, ReadinessLevelChanged):
    """ReadinessLevelChanged on the wire."""


class ReadinessExemptedEvent(Envelope, ReadinessExempted):
    """ReadinessExempted on the wire."""


class StandbyLevelChangedEvent(Envelope, StandbyLevelChanged):
    """StandbyLevelChanged on the wire."""


class StandbyListChangedEvent(Envelope, StandbyListChanged):
    """StandbyListChanged on the wire."""


class AllowanceApprovedEvent(Envelope, AllowanceApproved):
    """AllowanceApproved on the wire."""


class SpotCheckChangedEvent(Envelope, SpotCheckChanged):
    """SpotCheckChanged on the wire."""


class SpotFindingChangedEvent(Envelope, SpotFindingChanged):
    """SpotFindingChanged on the wire."""


class RectificationChangedEvent(Envelope, RectificationChanged):
    """RectificationChanged on the wire."""


class CircularChangedEvent(Envelope, CircularChanged):
    """CircularChanged on the wire."""


class CircularReceivedEvent(Envelope, CircularReceived):
    """CircularReceived on the wire."""


class AppealChangedEvent(Envelope, AppealChanged):
    """AppealChanged on the wire."""


class AccountWireEvent(Envelope, AccountEvent):
    """AccountEvent on the wire."""


class TerminalParametersWireEvent(Envelope, TerminalParametersEvent):
    """TerminalParametersEvent on the wire."""


Event = Annotated[
    DispatchEvent
    | AccountEvent
    | DeviceChanged
    | DevicesImported
    | UnknownDismissed
    | DeviceTested
    | RollCallChanged
    | RollCallAnswered
    | RosterPublished
    | RosterOverridden
    | TemporaryScheduleSet
    | LeaveChanged
    | SwapChanged
    | SwapCarriedOut
    | PresenceChanged
    | CoverageTold
    | LeaderCalled
    | ReadinessReturned
    | ReadinessLevelChanged
    | ReadinessExempted
    | StandbyLevelChanged
    | StandbyListChanged
    | AllowanceApproved
    | SpotCheckChanged
    | SpotFindingChanged
    | RectificationChanged
    | CircularChanged
    | CircularReceived
    | AppealChanged
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
    | UnknownDismissedEvent
    | DeviceTestedEvent
    | RollCallChangedEvent
    | RollCallAnsweredEvent
    | RosterPublishedEvent
    | RosterOverriddenEvent
    | TemporaryScheduleSetEvent
    | LeaveChangedEvent
    | SwapChangedEvent
    | SwapCarriedOutEvent
    | PresenceChangedEvent
    | CoverageToldEvent
    | LeaderCalledEvent
    | ReadinessReturnedEvent
    | ReadinessLevelChangedEvent
    | ReadinessExemptedEvent
    | StandbyLevelChangedEvent
    | StandbyListChangedEvent
    | AllowanceApprovedEvent
    | SpotCheckChangedEvent
    | SpotFindingChangedEvent
    | RectificationChangedEvent
    | CircularChangedEvent
    | CircularReceivedEvent
    | AppealChangedEvent
    | TerminalParametersWireEvent,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
ENVELOPE = frozenset(Envelope.model_fields)


def payload_of(wire: dict[str, object]) -> Event:
    """Return the typed payload of an event as it came over the wire (envelope fields ignored)."""
    return EVENT.validate_python({k: v for k, v in wire.items() if k not in ENVELOPE})
