"""Cross-border notices on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.commands import ToldChannel
from app.wire import Fact

HandoffKind = Literal["notify", "hand_off"]
HandoffMeans = Literal["telephone", "fax", "satellite_phone"]


class HandoffReceiptFact(Fact):
    """Who over there received a notice and when (`happened_at`), when we were told, when it was entered."""

    received_by: str
    happened_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    channel: ToldChannel
    voucher: str


class HandoffFact(Fact):
    """A neighbour was told of an incident (`notify`) or given it (`hand_off`); `happened_at` is when.

    `receipt` None: nobody over there has confirmed it yet.
    """

    id: int
    incident_id: int
    incident_number: str
    kind: HandoffKind
    partner_id: int | None
    name: str
    phone: str
    means: HandoffMeans
    text: str
    happened_at: datetime
    told_at: datetime
    entered_at: datetime
    channel: ToldChannel
    voucher: str
    sent_by: str
    receipt: HandoffReceiptFact | None


class HandoffProposal(Fact):
    """Whom an incident beyond the county should be handed off to; `partner_id` None: in no register."""

    kind: HandoffKind
    partner_id: int | None
    name: str
    phone: str


class HandoffBook(Fact):
    """The notices of an incident, the oldest first, and who should be told still."""

    handoffs: list[HandoffFact]
    proposal: HandoffProposal | None
