"""The table of leaders' instructions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from app.db import instant


class LeaderInstruction(SQLModel, table=True):
    """What a leader said or wrote (批示), and who wrote it down. Its tasks are the tasks of its orders.

    `told_how`: written_note (`photo_ref` is the file number of its picture), telephone, in_person, message.
    """

    __tablename__ = "leader_instruction"
    __table_args__ = (Index("leader_instruction_state", "stream", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    leader_name: str
    leader_post: str = ""
    text: str
    told_how: str
    photo_ref: str = ""
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    said_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    written_by: str
    state: str = "open"  # open | closed
    closed_by: str | None = None
    closed_at: datetime | None = instant(nullable=True)
    outcome: str = ""
