"""Tables beside a broadcast: voices and recordings, who was asked whether it was heard, repairs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from app.db import instant


class BroadcastFile(SQLModel, table=True):
    """The bytes of a voice that is played, or of a recording that proves what was (回传)."""

    __tablename__ = "broadcast_file"
    __table_args__ = (CheckConstraint("use IN ('voice', 'proof')", name="broadcast_file_use_is_known"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str  # of the desk that brought it
    use: str
    message_id: int | None = Field(default=None, sa_type=BigInteger, index=True)  # of a proof
    terminal_id: int | None = Field(default=None, foreign_key="broadcast_terminal.id", sa_type=BigInteger)
    name: str
    form: str  # mp3 | wav | ogg | jpg | png, by its first bytes
    sha256: str
    size: int
    seconds: float | None = None
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    brought_by: str
    brought_at: datetime = instant()


class BroadcastVerification(SQLModel, table=True):
    """A village that was drawn and asked by telephone whether the broadcast was heard."""

    __tablename__ = "broadcast_verification"

    message_id: int = Field(foreign_key="broadcast_message.id", primary_key=True, sa_type=BigInteger)
    region_code: str = Field(foreign_key="region.code", primary_key=True)
    ordinal: int
    drawn_at: datetime = instant()
    drawn_by: str
    person: str = ""
    phone: str = ""
    heard: bool | None = None
    answer: str = ""  # heard | not_heard | no_answer
    words: str = ""
    asked_at: datetime | None = instant(nullable=True)
    asked_by: str = ""


class BroadcastRepair(SQLModel, table=True):
    """A faulty terminal is to be put right: a simple task with an owner and a time."""

    __tablename__ = "broadcast_repair"
    __table_args__ = (
        Index(
            "one_repair_of_a_terminal",
            "terminal_id",
            unique=True,
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("broadcast_repair_due", "stream", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    terminal_id: int = Field(foreign_key="broadcast_terminal.id", sa_type=BigInteger)
    message_id: int | None = Field(default=None, foreign_key="broadcast_message.id", sa_type=BigInteger)
    fault: str
    hours: int  # 24: the village has no other; 72
    opened_at: datetime = instant()
    opened_by: str
    due_at: datetime = instant()
    owner: str = ""
    owner_phone: str = ""
    done_at: datetime | None = instant(nullable=True)
    done_by: str = ""
    note: str = ""
