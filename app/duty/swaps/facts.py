"""Wire shapes of swaps."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.duty.roster.facts import Role
from app.wire import Fact

SwapState = Literal["asked", "taken", "approved", "filed", "refused", "withdrawn", "revoked", "lapsed"]


class SwapFact(Fact):
    """A swap: which part of whose shift goes to whom, for which shift in return, and how far it has come.

    `stale`: the shift was moved or given to somebody else since; it cannot be approved as it stands.
    """

    id: int
    post_id: int
    region_code: str
    seat_id: int
    role: Role
    shift_id: int
    asker_id: int
    asker_name: str
    starts_at: datetime
    ends_at: datetime
    taker_id: int | None
    taker_name: str | None
    return_shift_id: int | None
    return_starts_at: datetime | None
    return_ends_at: datetime | None
    state: SwapState
    reason: str
    urgent: bool
    asked_by: str
    asked_at: datetime
    taken_by: str | None
    taken_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    remark: str
    flagged_at: datetime | None
    filed_as: str | None
    filed_by: str | None
    filed_at: datetime | None
    stale: bool
