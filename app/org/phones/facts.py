"""What is told of field phones."""

from __future__ import annotations

from datetime import datetime

from app.org.phones.rules import PhoneState
from app.wire import Fact


class FieldPhoneFact(Fact):
    """A phone of somebody, without its secrets. `label` is what the phone says it is."""

    id: int
    person_id: int
    person_name: str
    username: str
    state: PhoneState
    label: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    logged_in_until: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoke_reason: str


class QrCode(Fact):
    """A QR code as one SVG path of dark modules in a square of `size` units, the quiet zone included."""

    size: int
    path: str


class NewPhoneLink(FieldPhoneFact):
    """A phone with its link, told once."""

    address: str
    qr: QrCode
