"""The events of who may log in and what he read, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.duty.break_glass.events import BreakGlassChanged
from app.org.administration.events import AccountKept
from app.org.events import AccountEvent
from app.org.personal.events import PersonalRead, PersonalRevealed
from app.org.phones.events import FieldPhoneChanged
from app.org.tokens.events import TokenChanged
from app.org.walls.events import WallChanged


class FieldPhoneChangedEvent(Envelope, FieldPhoneChanged):
    """FieldPhoneChanged on the wire."""


class WallChangedEvent(Envelope, WallChanged):
    """WallChanged on the wire."""


class AccountWireEvent(Envelope, AccountEvent):
    """AccountEvent on the wire."""


class AccountKeptEvent(Envelope, AccountKept):
    """AccountKept on the wire."""


class PersonalRevealedEvent(Envelope, PersonalRevealed):
    """PersonalRevealed on the wire."""


class PersonalReadEvent(Envelope, PersonalRead):
    """PersonalRead on the wire."""


class TokenChangedEvent(Envelope, TokenChanged):
    """TokenChanged on the wire."""


class BreakGlassChangedEvent(Envelope, BreakGlassChanged):
    """BreakGlassChanged on the wire."""


AccessEvent = (
    FieldPhoneChanged
    | WallChanged
    | AccountEvent
    | AccountKept
    | PersonalRevealed
    | PersonalRead
    | TokenChanged
    | BreakGlassChanged
)
AccessWireEvent = (
    FieldPhoneChangedEvent
    | WallChangedEvent
    | AccountWireEvent
    | AccountKeptEvent
    | PersonalRevealedEvent
    | PersonalReadEvent
    | TokenChangedEvent
    | BreakGlassChangedEvent
)
