"""Table of swaps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant

LIVE_SQL = "state IN ('asked', 'taken')"


class Swap(SQLModel, table=True):
    """One shift, or a part of it, that another person is to take; in return for a shift of his, or not.

    `starts_at`–`ends_at` is the part of the shift that changes hands. `taker_id` is None while the offer is
    open to everybody of the post. `flagged_at`: taken, but no leader has decided in time (UNAPPROVED_SWAP).
    """

    __tablename__ = "swap"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="swap_has_a_length"),
        CheckConstraint("asker_id IS DISTINCT FROM taker_id", name="nobody_swaps_with_himself"),
        Index("one_live_swap_per_shift", "shift_id", unique=True, postgresql_where=text(LIVE_SQL)),
        Index("swap_state", "stream", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    shift_id: int = Field(foreign_key="shift.id", sa_type=BigInteger)
    asker_id: int = Field(foreign_key="person.id", sa_type=BigInteger)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    taker_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    return_shift_id: int | None = Field(default=None, foreign_key="shift.id", sa_type=BigInteger)
    state: str = "asked"  # asked | taken | approved | filed | refused | withdrawn | revoked | lapsed
    reason: str = ""
    urgent: bool = False
    asked_by: str = ""
    asked_at: datetime = instant()
    taken_by: str | None = None
    taken_at: datetime | None = instant(nullable=True)
    decided_by: str | None = None
    decided_at: datetime | None = instant(nullable=True)
    remark: str = ""
    flagged_at: datetime | None = instant(nullable=True)
    filed_as: str | None = None
    filed_by: str | None = None
    filed_at: datetime | None = instant(nullable=True)
