"""Every event of the house, as it stands on the wire: the envelope with its payload."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter

from app.broadcast.wire.events import WirePeerChanged
from app.delivery.events import DeliveryChanged
from app.desk.broadcast_events import BroadcastEvent, BroadcastWireEvent
from app.desk.broadcast_wire_events import WirePeerChangedEvent
from app.desk.callout_events import CalloutEvent, CalloutWireEvent
from app.desk.camera_events import CameraChangedEvent
from app.desk.command_body_events import CommandBodyChangedEvent
from app.desk.dark_events import DarkEvent, DarkWireEvent
from app.desk.document_events import DocumentEvent, DocumentWireEvent
from app.desk.drill_events import DrillEvent, DrillWireEvent
from app.desk.drone_events import DroneEvent, DroneWireEvent
from app.desk.duty_events import DutyEvent, DutyWireEvent
from app.desk.envelope import Envelope
from app.desk.exchange_events import ExchangeEvent, ExchangeWireEvent
from app.desk.forces_events import ForcesEvent, ForcesWireEvent
from app.desk.inbox_events import InboxEvent, InboxWireEvent
from app.desk.meeting_events import MeetingEvent, MeetingWireEvent
from app.desk.order_events import OrderEvent, OrderWireEvent
from app.desk.report_events import ReportEvent, ReportWireEvent
from app.desk.reporting_events import ReportingEvent, ReportingWireEvent
from app.desk.response_events import ResponseEvent, ResponseWireEvent
from app.desk.shelter_events import ShelterEvent, ShelterWireEvent
from app.desk.status_call_events import StatusCallEvent, StatusCallWireEvent
from app.desk.supply_events import SupplyEvent, SupplyWireEvent
from app.desk.warning_events import WarningEvent, WarningWireEvent
from app.devices.credentials.events import CredentialRenewed
from app.devices.jt808.orders.events import TerminalParametersEvent
from app.devices.ledger.events import DeviceChanged, DevicesImported, UnknownDismissed
from app.devices.roll_call.events import RollCallAnswered, RollCallChanged
from app.devices.testing.events import DeviceTested
from app.dispatch.command_body.events import CommandBodyChanged
from app.dispatch.events import (
    AlarmChanged,
    AlarmConfirmed,
    AssignmentChanged,
    AssignmentDispatched,
    DispatchEvent,
    IncidentChanged,
    IncidentLearned,
    IncidentWithdrawn,
    TeamStandbyChanged,
    TextReceived,
)
from app.dispatch.reservation.facts import ReservationChanged
from app.dispatch.video.events import CameraChanged
from app.org.areas.events import AreaChanged


class AreaChangedEvent(Envelope, AreaChanged):
    """AreaChanged on the wire."""


class AlarmChangedEvent(Envelope, AlarmChanged):
    """AlarmChanged on the wire."""


class AlarmConfirmedEvent(Envelope, AlarmConfirmed):
    """AlarmConfirmed on the wire."""


class IncidentChangedEvent(Envelope, IncidentChanged):
    """IncidentChanged on the wire."""


class IncidentLearnedEvent(Envelope, IncidentLearned):
    """IncidentLearned on the wire."""


class IncidentWithdrawnEvent(Envelope, IncidentWithdrawn):
    """IncidentWithdrawn on the wire."""


class AssignmentDispatchedEvent(Envelope, AssignmentDispatched):
    """AssignmentDispatched on the wire."""


class AssignmentChangedEvent(Envelope, AssignmentChanged):
    """AssignmentChanged on the wire."""


class ReservationChangedEvent(Envelope, ReservationChanged):
    """ReservationChanged on the wire."""


class DeliveryChangedEvent(Envelope, DeliveryChanged):
    """DeliveryChanged on the wire."""


class TeamStandbyChangedEvent(Envelope, TeamStandbyChanged):
    """TeamStandbyChanged on the wire."""


class TextReceivedEvent(Envelope, TextReceived):
    """TextReceived on the wire."""


class DeviceChangedEvent(Envelope, DeviceChanged):
    """DeviceChanged on the wire."""


class CredentialRenewedEvent(Envelope, CredentialRenewed):
    """CredentialRenewed on the wire."""


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


class TerminalParametersWireEvent(Envelope, TerminalParametersEvent):
    """TerminalParametersEvent on the wire."""


Event = Annotated[
    DutyEvent
    | DrillEvent
    | DroneEvent
    | AreaChanged
    | DarkEvent
    | ForcesEvent
    | SupplyEvent
    | BroadcastEvent
    | ShelterEvent
    | ReportingEvent
    | DispatchEvent
    | ReservationChanged
    | CommandBodyChanged
    | CameraChanged
    | InboxEvent
    | StatusCallEvent
    | MeetingEvent
    | CalloutEvent
    | OrderEvent
    | ResponseEvent
    | ReportEvent
    | DocumentEvent
    | ExchangeEvent
    | WirePeerChanged
    | WarningEvent
    | DeviceChanged
    | CredentialRenewed
    | DevicesImported
    | UnknownDismissed
    | DeviceTested
    | RollCallChanged
    | RollCallAnswered
    | TerminalParametersEvent,
    Field(discriminator="type"),
]
WireEvent = Annotated[
    DutyWireEvent
    | DrillWireEvent
    | DroneWireEvent
    | DarkWireEvent
    | ForcesWireEvent
    | StatusCallWireEvent
    | MeetingWireEvent
    | CalloutWireEvent
    | OrderWireEvent
    | ResponseWireEvent
    | ReportWireEvent
    | DocumentWireEvent
    | ExchangeWireEvent
    | WirePeerChangedEvent
    | WarningWireEvent
    | SupplyWireEvent
    | BroadcastWireEvent
    | ShelterWireEvent
    | ReportingWireEvent
    | AreaChangedEvent
    | AlarmChangedEvent
    | AlarmConfirmedEvent
    | IncidentChangedEvent
    | IncidentLearnedEvent
    | InboxWireEvent
    | IncidentWithdrawnEvent
    | AssignmentDispatchedEvent
    | AssignmentChangedEvent
    | ReservationChangedEvent
    | CommandBodyChangedEvent
    | CameraChangedEvent
    | DeliveryChangedEvent
    | TeamStandbyChangedEvent
    | TextReceivedEvent
    | DeviceChangedEvent
    | CredentialRenewedEvent
    | DevicesImportedEvent
    | UnknownDismissedEvent
    | DeviceTestedEvent
    | RollCallChangedEvent
    | RollCallAnsweredEvent
    | TerminalParametersWireEvent,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event, config=ConfigDict(defer_build=True))
ENVELOPE = frozenset(Envelope.model_fields)


def payload_of(wire: dict[str, object]) -> Event:
    """Return the typed payload of an event as it came over the wire (envelope fields ignored)."""
    return EVENT.validate_python({k: v for k, v in wire.items() if k not in ENVELOPE})
