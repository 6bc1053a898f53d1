"""Table of named areas."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class NamedArea(SQLModel, table=True):
    """An area drawn on the map. Whoever has one of `towns`, the townships it touches, in his scope sees it.

    `revision` counts the changes: who amends an area says which one he saw.
    """

    __tablename__ = "named_area"
    __table_args__ = (UniqueConstraint("stream", "name", name="area_name_is_unique"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    name: str
    kind: str
    note: str = ""
    ring: list[Any] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    towns: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    revision: int = 1
    changed_by: str
    changed_at: datetime = instant()
