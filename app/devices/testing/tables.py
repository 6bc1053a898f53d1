"""Table of device tests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant

OPEN_SQL = "state IN ('waiting', 'running')"


class DeviceTest(SQLModel, table=True):
    """One test of one device: who wanted it, how it was asked, what came of it.

    At most one of a device waits or runs. `not_asked` means that nobody could ask the device: it says
    nothing about it. A test that runs past its `deadline` was left behind by a process that died.
    """

    __tablename__ = "device_test"
    __table_args__ = (
        Index(
            "one_open_test_per_device",
            "device_id",
            unique=True,
            postgresql_where=text(OPEN_SQL),
        ),
        Index("device_test_of_device", "device_id", "id"),
        Index("device_test_open", "stream", "state", postgresql_where=text(OPEN_SQL)),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    device_id: int = Field(foreign_key="device.id", sa_type=BigInteger)
    method: str = ""  # by_hand | radio_check | signal_query | location_query | test_message | gateway_check
    automatic: bool = False
    requested_by: str = ""
    state: str = "waiting"  # waiting | running | passed | failed | not_asked
    asked_at: datetime = instant()
    started_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    deadline: datetime = instant()
    detail: str = ""
