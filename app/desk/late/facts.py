"""What was entered after the fact, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

LateKind = Literal["report", "log", "figure", "step", "heads"]


class LateEntryFact(Fact):
    """An entry with its three times, its channel and who vouches for it; `ref_id` is what it became."""

    id: int
    kind: LateKind
    ref_id: int
    region_code: str
    incident_id: int | None
    words: str
    channel: str
    voucher: str
    happened_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
