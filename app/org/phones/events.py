"""The events of field phones: who let one in, when it logged in, who ended it."""

from __future__ import annotations

from typing import Literal

from app.org.phones.facts import FieldPhoneFact
from app.wire import Fact


class FieldPhoneChanged(Fact):
    """A link was made, used, or a phone was revoked; secrets are never told. For auditors.

    `account_id` is whose screens ask again for their login when a phone is revoked.
    """

    type: Literal["field_phone.link_made", "field_phone.linked", "field_phone.revoked"]
    phone: FieldPhoneFact
    account_id: int
