"""Tables of the hand-over: sheet, items, the two teams, signatures, and matters that outlive a shift."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.db import instant


def _key_to(column: str) -> Column[int]:
    return Column(BigInteger, ForeignKey(column), primary_key=True, autoincrement=False)


class Handover(SQLModel, table=True):
    """The sheet of one change of shift at one post. A post hands over one change at a time, each once."""

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("post_id", "change_at", name="a_change_is_handed_over_once"),
        Index("one_open_handover_per_post", "post_id", unique=True, postgresql_where=text("state = 'open'")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    change_at: datetime = instant()
    state: str = "open"  # open | completed
    opened_by: str
    opened_at: datetime = instant()
    completed_at: datetime | None = instant(nullable=True)


class HandoverItem(SQLModel, table=True):
    """One thing handed over. It is opened, then ticked by a receiver; what changed since is read again.

    `in_order` False: the receiver found it otherwise and says so in `remark`.
    """

    __tablename__ = "handover_item"
    __table_args__ = (UniqueConstraint("handover_id", "key", name="an_item_stands_once_on_a_sheet"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    handover_id: int = Field(foreign_key="handover.id", sa_type=BigInteger)
    key: str
    kind: str
    zh: str
    en: str
    due_at: datetime | None = instant(nullable=True)
    incident_id: int | None = Field(default=None, sa_type=BigInteger)
    added_at: datetime = instant()
    altered_at: datetime | None = instant(nullable=True)
    gone_at: datetime | None = instant(nullable=True)
    opened_by: str | None = None
    opened_at: datetime | None = instant(nullable=True)
    ticked_by: str | None = None
    ticked_person_id: int | None = Field(default=None, sa_type=BigInteger)
    ticked_at: datetime | None = instant(nullable=True)
    in_order: bool | None = None
    remark: str = ""


class HandoverMember(SQLModel, table=True):
    """Somebody of one of the two teams: when he came, by how much too late, when he went."""

    __tablename__ = "handover_member"
    __table_args__ = (CheckConstraint("side IN ('outgoing', 'incoming')", name="a_member_has_a_side"),)

    handover_id: int = Field(sa_column=_key_to("handover.id"))
    person_id: int = Field(sa_column=_key_to("person.id"))
    side: str
    seat_id: int = Field(foreign_key="duty_seat.id", sa_type=BigInteger)
    role: str
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    arrived_at: datetime | None = instant(nullable=True)
    late_min: int | None = None
    left_at: datetime | None = instant(nullable=True)
    overtime_min: int | None = None
    left_before_relief: bool = False
    remark: str = ""


class HandoverSignature(SQLModel, table=True):
    """One of the three signatures. Nobody signs twice; a typed one says why it is typed."""

    __tablename__ = "handover_signature"
    __table_args__ = (UniqueConstraint("handover_id", "person_id", name="nobody_signs_twice"),)

    handover_id: int = Field(sa_column=_key_to("handover.id"))
    part: str = Field(primary_key=True)  # outgoing | incoming | leader
    person_id: int = Field(foreign_key="person.id", sa_type=BigInteger)
    person_name: str
    typed_by: str | None = None
    reason: str = ""
    signed_at: datetime = instant()


class DeskMatter(SQLModel, table=True):
    """A matter written down by hand that is handed on from shift to shift until it is closed.

    `kind`: clock, instruction, warning, response, unfinished, keys, equipment; weather and note hold for
    one hand-over and close by themselves when it is completed.
    """

    __tablename__ = "desk_matter"
    __table_args__ = (Index("desk_matter_open", "post_id", "id", postgresql_where=text("closed_at IS NULL")),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    kind: str
    text: str
    due_at: datetime | None = instant(nullable=True)
    due_told_at: datetime | None = instant(nullable=True)  # it fell due and the owner was told, once
    made_by: str
    made_at: datetime = instant()
    closed_by: str | None = None
    closed_at: datetime | None = instant(nullable=True)
    outcome: str = ""
