"""Table of the radio log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant


class RadioTalk(SQLModel, table=True):
    """One over on a radio network: who pressed the key, whom it was for, how long.

    At most one unfinished over per driver and reference; a lost end leaves `ended_at` empty until the
    next start of the same reference closes it with `cut` true. `device_id` is None for a number that
    stands in no register.
    """

    __tablename__ = "radio_talk"
    __table_args__ = (
        Index(
            "one_unfinished_talk_per_ref",
            "stream",
            "via",
            "ref",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("radio_talk_at", "stream", "started_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    via: str
    ref: str
    talker: str
    device_id: int | None = Field(default=None, foreign_key="device.id", sa_type=BigInteger)
    target: str
    target_kind: str  # group | private | all
    emergency: bool = False
    started_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
    cut: bool = False  # the end was not heard
