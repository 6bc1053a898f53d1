"""Messengers on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

MessengerState = Literal["out", "arrived", "back", "overdue"]
MessengerBy = Literal["on_foot", "motorcycle", "boat", "horse", "vehicle"]


class MessengerFact(Fact):
    """A messenger: where to, with what words, when expected back, and what he brought."""

    id: int
    messenger: str
    phone: str
    region_code: str
    region_path: str = ""
    villages: list[str]
    village_names: list[str] = []
    words: str
    by_means: MessengerBy
    incident_id: int | None
    left_at: datetime
    expected_at: datetime
    arrived_at: datetime | None
    back_at: datetime | None
    overdue_at: datetime | None
    report: str
    channel: str
    voucher: str
    sent_by: str
    entered_at: datetime
    state: MessengerState
