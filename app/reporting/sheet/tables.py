"""Tables of the late-report sheet: editions and their papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class LateSheetEdition(SQLModel, table=True):
    """One edition of an incident's sheet for an addressee ("" all) as a desk's scope sees it.

    `head_seq` and `head_hash` are the end of the journal when it was made: whoever writes the chain anew
    cannot meet them. A trigger refuses UPDATE and DELETE.
    """

    __tablename__ = "late_sheet"
    __table_args__ = (
        Index("late_sheet_is_one", "incident_id", "scope", "receiver", "edition", unique=True),
        Index("late_sheet_of_stream", "stream", "head_seq"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger)
    scope: str
    receiver: str
    edition: int
    content_sha256: str
    head_seq: int = Field(sa_type=BigInteger)
    head_hash: str
    proof: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    made_at: datetime = instant()
    made_by: str
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger)


class LateSheetPaper(SQLModel, table=True):
    """An edition in one form, byte by byte."""

    __tablename__ = "late_sheet_paper"

    sheet_id: int = Field(primary_key=True, foreign_key="late_sheet.id", sa_type=BigInteger)
    form: str = Field(primary_key=True)
    sha256: str
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
