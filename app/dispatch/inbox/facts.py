"""The shapes of notices and partners on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

NoticeSource = Literal["partner", "superior", "subordinate", "warning", "village", "device", "late"]
NoticeState = Literal["waiting", "opened", "joined", "dismissed"]


class IntakeNoticeFact(Fact):
    """What somebody outside told us, and what a person made of it. `accuracy_m`: of the point, if told."""

    id: int
    state: NoticeState
    source: NoticeSource
    from_name: str
    from_phone: str
    their_id: str | None
    title: str
    text: str
    event_code: str | None
    region_code: str | None
    region_path: str = ""
    address: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    channel: str = ""
    voucher: str = ""
    happened_at: datetime | None
    told_at: datetime
    received_at: datetime
    entered_by: str
    judged_by: str | None
    judged_at: datetime | None
    reason: str
    incident_id: int | None
    drill_id: int | None = None


class LinkedPartnerFact(Fact):
    """A partner unit that may send notices; its secret is told only once."""

    id: int
    key: str
    name_zh: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None


class NewPartner(LinkedPartnerFact):
    """A partner with the secret it signs with."""

    secret: str


class NoticeReceipt(Fact):
    """What a partner gets back: our number of its notice, and whether we had it already."""

    id: int
    their_id: str
    state: NoticeState
    received_at: datetime
    known: bool
