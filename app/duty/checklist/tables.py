"""Table of the evidence behind checklists."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.db import instant


class ReadinessEvidence(SQLModel, table=True):
    """What somebody saw at a place for one item of a checklist (佐证). Never changed, only revoked.

    `item` is `<list>.<item>` of the county's file; `expires_on` is kept as the file said it on that day.
    """

    __tablename__ = "readiness_evidence"
    __table_args__ = (
        CheckConstraint("expires_on > seen_on", name="readiness_evidence_holds_a_while"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name="readiness_evidence_is_revoked_by_somebody"
        ),
        Index("readiness_evidence_of_place", "stream", "region_code", "item"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    item: str
    note: str
    seen_on: date
    expires_on: date
    given_by: str
    given_at: datetime = instant()
    revoked_by: str | None = None
    revoked_at: datetime | None = instant(nullable=True)
    revoked_reason: str = ""
