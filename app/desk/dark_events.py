"""The events of working in the dark (三断), as they stand on the wire."""

from __future__ import annotations

from app.delivery.network.events import CentreNetworkChanged, LateMessageDecided
from app.desk.envelope import Envelope
from app.desk.late.events import LateEntered
from app.desk.timekeeping.events import ClockStepped
from app.dispatch.contact.events import ContactTaskChanged, UnitContactChanged
from app.dispatch.messenger.events import MessengerChanged
from app.dispatch.reconciliation.events import PairChanged


class UnitContactChangedEvent(Envelope, UnitContactChanged):
    """UnitContactChanged on the wire."""


class ContactTaskChangedEvent(Envelope, ContactTaskChanged):
    """ContactTaskChanged on the wire."""


class CentreNetworkChangedEvent(Envelope, CentreNetworkChanged):
    """CentreNetworkChanged on the wire."""


class LateMessageDecidedEvent(Envelope, LateMessageDecided):
    """LateMessageDecided on the wire."""


class LateEnteredEvent(Envelope, LateEntered):
    """LateEntered on the wire."""


class MessengerChangedEvent(Envelope, MessengerChanged):
    """MessengerChanged on the wire."""


class PairChangedEvent(Envelope, PairChanged):
    """PairChanged on the wire."""


class ClockSteppedEvent(Envelope, ClockStepped):
    """ClockStepped on the wire."""


DarkEvent = (
    UnitContactChanged
    | ContactTaskChanged
    | CentreNetworkChanged
    | LateMessageDecided
    | LateEntered
    | MessengerChanged
    | PairChanged
    | ClockStepped
)
DarkWireEvent = (
    UnitContactChangedEvent
    | ContactTaskChangedEvent
    | CentreNetworkChangedEvent
    | LateMessageDecidedEvent
    | LateEnteredEvent
    | MessengerChangedEvent
    | PairChangedEvent
    | ClockSteppedEvent
)
