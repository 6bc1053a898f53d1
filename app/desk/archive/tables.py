"""The words of the journal, row by row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant


class ArchiveLine(SQLModel, table=True):
    """What a row of the journal is found by. Made from it alone: it can be thrown away and made anew."""

    __tablename__ = "archive_line"
    __table_args__ = (
        Index("archive_line_grams", "grams", postgresql_using="gin"),
        Index("archive_line_at", "stream", "at"),
    )

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = instant()
    words: str
    grams: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
