"""Wire shapes of what passes between houses."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

PeerNode = Literal["C", "CG", "P", "PR", "D", "T"]
PeerMeans = Literal["system", "email", "file"]
DeliveryStanding = Literal["waiting", "delivered", "acknowledged", "stopped"]


class PeerFact(Fact):
    """A house or unit reports go to or come from. Its secret is in no answer: `key_known` says it is here.

    `scope`: of which places it may report to us, a region code or its beginning; "" it may not.
    """

    id: int
    region_code: str
    node: PeerNode
    name: str
    means: PeerMeans
    url: str
    email: str
    key_id: str
    key_known: bool
    scope: str
    phone: str
    active: bool
    registered_by: str
    registered_at: datetime
    retired_by: str | None
    retired_at: datetime | None


class PeerBrief(Fact):
    """A peer as the journal knows it."""

    id: int
    node: PeerNode
    name: str
    means: PeerMeans


class ReportDelivery(Fact):
    """How a report stands on its way to an addressee with a system or a mail box.

    `waiting` 待送达: since `queued_at`, after so many attempts, with the last error in words. `delivered`
    已送达: with the peer's receipt; a mail that was taken has none. `acknowledged` 收悉: by whom over there.
    `stopped`: a week passed, or the peer was retired.
    """

    id: int
    means: PeerMeans
    standing: DeliveryStanding
    queued_at: datetime
    attempts: int
    tried_at: datetime | None
    next_at: datetime | None
    trouble_zh: str
    trouble_en: str
    delivered_at: datetime | None
    receipt_number: str
    acknowledged_by: str
    acknowledged_at: datetime | None
    phone: str


class OutgoingFact(ReportDelivery):
    """One line of the queue: what, to whom."""

    kind: Literal["report", "acknowledgement"]
    peer_name: str
    report_id: int | None
    incident_id: int | None
    title: str


class ReceivedPaperFact(Fact):
    """A paper that came with a report."""

    form: Literal["pdf", "docx"]
    sha256: str


class ReceivedBrief(Fact):
    """A report that came in, without its text. `signed`: by a registered peer; else a person imported it.

    `second_of`: it is the edition signed afterwards (补签) of what came under that number.
    """

    id: int
    number: str
    state: Literal["received", "acknowledged"]
    means: Literal["system", "file"]
    signed: bool
    restricted: bool
    from_node: PeerNode
    from_name: str
    their_number: str
    their_incident: str
    kind: Literal["initial", "followup", "final"]
    seq: int
    title: str
    secrecy: Literal["public", "internal"]
    urgency: Literal["extra_urgent", "urgent", "normal"]
    received_at: datetime
    entered_by: str
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    notice_id: int | None
    notice_state: Literal["waiting", "opened", "joined", "dismissed"] | None
    incident_id: int | None
    suggested_incident_id: int | None
    second_of: str | None = None


class ReceivedFact(ReceivedBrief):
    """A report that came in, with its text. `suggested_incident_id`: where the one before it belongs."""

    text: str
    author: str
    contact: str
    signer: str
    signed_at: datetime
    region_path: str
    sha256: str
    papers: list[ReceivedPaperFact]


class ExchangeReceipt(Fact):
    """What the sender gets back: our number, when it came, the SHA-256 of the body; known: it was here."""

    number: str
    received_at: datetime
    sha256: str
    known: bool


class ReceivedCount(Fact):
    """How many reports that came in nobody has acknowledged yet."""

    waiting: int
