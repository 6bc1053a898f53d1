"""Table of the troubles that the watch has told and that are not over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.db import instant


class DeviceTrouble(SQLModel, table=True):
    """A trouble of a device since when: told once, whatever becomes of its alarm, until it is over."""

    __tablename__ = "device_trouble"

    device_id: int = Field(
        primary_key=True,
        foreign_key="device.id",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    kind: str = Field(primary_key=True)  # low_battery | silent | left_area
    since: datetime = instant()
