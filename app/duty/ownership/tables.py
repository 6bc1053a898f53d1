"""Table of who owned which desk since when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant


class DeskOwnership(SQLModel, table=True):
    """A team owns a post's desk from an instant until the next row of that post. Rows are never changed."""

    __tablename__ = "desk_ownership"
    __table_args__ = (Index("desk_ownership_of_post", "post_id", "since"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    lead_person_id: int = Field(foreign_key="person.id", sa_type=BigInteger)
    team_person_ids: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    since: datetime = instant()
