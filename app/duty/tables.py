"""Tables of the duty posts: which places are manned, with which seats."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import none_yet


class DutyPost(SQLModel, table=True):
    """A place that is manned round the clock, with its one fixed telephone (domain/rules B7 R1, R5).

    `lines` are the business lines kept at this one desk (四合一): government, work_safety, disaster, rescue.
    """

    __tablename__ = "duty_post"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    unit_id: int = Field(foreign_key="org_unit.id", sa_type=BigInteger, unique=True)
    kind: str  # centre | township | department | village
    name_zh: str
    region_code: str = Field(foreign_key="region.code")
    phone: str = Field(unique=True)
    lines: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    keeps_presence: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    lon: float | None = None  # of the duty room
    lat: float | None = None


class DutySeat(SQLModel, table=True):
    """A kind of chair at a post: `needed` persons hold it at every minute.

    `mode`: on_site sits in the duty room, on_call is reachable and comes at once (R2). `days`: holidays is
    manned on statutory holidays only (R15). `qualification` is what a person has to have been trained for to
    sit here (R19), several with 、 between, "" for nothing. `deputies` are the persons who take over, in this
    order, when a leader cannot be reached.
    """

    __tablename__ = "duty_seat"
    __table_args__ = (
        UniqueConstraint("post_id", "role", name="a_post_has_a_kind_of_seat_once"),
        CheckConstraint("needed BETWEEN 0 AND 50", name="duty_seat_needed_is_sane"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    role: str
    needed: int = 1
    mode: str = "on_site"
    days: str = Field(default="always", sa_column_kwargs={"server_default": "always"})
    qualification: str = ""
    ordinal: int = 0
    deputies: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False, server_default="{}")
    )
