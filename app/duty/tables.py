"""Tables of duty: for now the posts; rosters come with the duty issue."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class DutyPost(SQLModel, table=True):
    """A place that is manned round the clock, with its one fixed telephone (domain/rules B7 R1, R5)."""

    __tablename__ = "duty_post"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    unit_id: int = Field(foreign_key="org_unit.id", sa_type=BigInteger, unique=True)
    kind: str
    name_zh: str
    region_code: str = Field(foreign_key="region.code")
    phone: str = Field(unique=True)
