"""Tables of meetings: what happened stays; who is there now and what they signal to each other does not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant


class Meeting(SQLModel, table=True):
    """A meeting or a roll call by video. `region_codes` and `team_ids` are those of who is called."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index("meeting_open", "stream", postgresql_where=text("state = 'open'")),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="a_closed_meeting_has_its_end"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    drill: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    kind: str  # meeting | roll_call
    title: str
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    region_codes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    team_ids: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    state: str = "open"  # open | closed
    opened_at: datetime = instant()
    opened_by: str
    closed_at: datetime | None = instant(nullable=True)
    closed_by: str | None = None  # "": nobody was there any more


class MeetingMember(SQLModel, table=True):
    """A seat: of the caller (`account`), of a unit, a team or a person. Times are the server's.

    `connected_at` is when the one who sits there first reported media that came through, `video_at` when
    somebody else first reported a picture of his.
    """

    __tablename__ = "meeting_member"
    __table_args__ = (UniqueConstraint("meeting_id", "kind", "ref_id", name="nobody_is_called_twice"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=BigInteger)
    ordinal: int
    kind: str  # account | unit | team | person
    ref_id: int = Field(sa_type=BigInteger)
    name: str
    region_code: str
    state: str = "waiting"  # app/dispatch/meeting/rules.py
    rang_at: datetime | None = instant(nullable=True)
    answered_at: datetime | None = instant(nullable=True)
    answered_by: str = ""
    connected_at: datetime | None = instant(nullable=True)
    video_at: datetime | None = instant(nullable=True)
    left_at: datetime | None = instant(nullable=True)
    camera: bool | None = None  # None as long as nobody has come
    microphone: bool | None = None


class MeetingPeer(SQLModel, table=True):
    """A screen that takes part now, on whatever node. `seen_at` is when its node last said so."""

    __tablename__ = "meeting_peer"
    __table_args__ = (UniqueConstraint("member_id", name="one_screen_a_seat"),)

    id: str = Field(primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", sa_type=BigInteger, index=True)
    member_id: int = Field(foreign_key="meeting_member.id", sa_type=BigInteger)
    account_id: int = Field(sa_type=BigInteger)
    name: str
    camera: bool
    microphone: bool
    joined_at: datetime = instant()
    seen_at: datetime = instant()


class MeetingSignal(SQLModel, table=True):
    """What waits to be passed on to one screen: for a moment, unlogged, never in the journal."""

    __tablename__ = "meeting_signal"
    __table_args__ = (Index("meeting_signal_of", "peer_id", "id"), {"prefixes": ["UNLOGGED"]})

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    peer_id: str
    body: str
    at: datetime = instant()
