"""Outgoing messages on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

DeliveryChannel = Literal["app", "beidou", "jt808", "radio", "satellite_phone", "sbd"]
DeliveryState = Literal[
    "queued", "submitted", "accepted", "delivered", "failed", "unknown", "expired", "cancelled"
]


class DeliveryFact(Fact):
    """One outgoing message to one addressee over one channel: a team, or a person (`addressee`).

    `accepted` is not `delivered`. A long text leaves a narrow channel in `part_count` parts, of which
    `parts_sent` were taken by the radio. `reason` is the driver's code; `reason_zh` and `reason_en` say it.
    """

    id: int
    assignment_id: int | None
    order_recipient_id: int | None = None
    team_id: int | None
    channel: DeliveryChannel
    address: str
    addressee: str = ""
    drill: bool = False
    state: DeliveryState
    part_count: int = 1
    parts_sent: int = 0
    reason: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    queued_at: datetime
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    delivered_at: datetime | None = None
    ended_at: datetime | None = None
    expires_at: datetime
