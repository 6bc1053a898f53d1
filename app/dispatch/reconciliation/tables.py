"""Table of the pairs to look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.db import instant


class SuspectedPair(SQLModel, table=True):
    """Two accounts that may be one, why, and what a person made of it. The accounts stay as they are."""

    __tablename__ = "suspected_pair"
    __table_args__ = (
        UniqueConstraint(
            "stream", "left_kind", "left_id", "right_kind", "right_id", name="a_pair_is_suspected_once"
        ),
        Index("suspected_pair_open", "stream", postgresql_where=text("decision IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str
    left_kind: str  # notice | incident | figure
    left_id: int = Field(sa_type=BigInteger)
    right_kind: str
    right_id: int = Field(sa_type=BigInteger)
    why_zh: str
    why_en: str
    found_at: datetime = instant()
    decision: str | None = None  # both | same | merged
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = instant(nullable=True)
