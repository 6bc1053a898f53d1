"""Tables of gateways: their connection, which of their events came, which facts were taken in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Uuid
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE
from sqlmodel import Field, SQLModel

from app.db import instant


class Gateway(SQLModel, table=True):
    """The connection of a gateway of the register: online, offline or unknown, and since when."""

    __tablename__ = "gateway"

    device_id: int = Field(foreign_key="device.id", primary_key=True, sa_type=BigInteger)
    state: str = "unknown"
    since: datetime = instant()
    epoch: UUID | None = Field(default=None, sa_type=Uuid)
    software: str = ""
    protocol: str = ""


class GatewayEpoch(SQLModel, table=True):
    """Which sequence numbers came of one run of a gateway; a hole is an event that was lost.

    A set, not a counter: events may come twice, late, and through two nodes at once. `forgiven` counts the
    events in holes that were closed because there were too many holes.
    """

    __tablename__ = "gateway_epoch"

    device_id: int = Field(foreign_key="device.id", primary_key=True, sa_type=BigInteger)
    epoch: UUID = Field(primary_key=True, sa_type=Uuid)
    seen: Any = Field(sa_column=Column(INT8MULTIRANGE, nullable=False))
    forgiven: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    began_at: datetime = instant()
    last_at: datetime = instant()


class GatewayEvent(SQLModel, table=True):
    """The id of a fact that was taken in: the same event never counts twice, however late it is repeated.

    Positions need none: the same place at the same time is the same row.
    """

    __tablename__ = "gateway_event"

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    heard_at: datetime = instant(index=True)


class MqttSession(SQLModel, table=True):
    """A node's session at the broker: when the node was last there, and who hears it while it is not."""

    __tablename__ = "mqtt_session"

    stream: str = Field(primary_key=True)
    client_id: str = Field(primary_key=True)
    seen_at: datetime = instant()
    held_by: str | None = None
    held_until: datetime | None = instant(nullable=True)
