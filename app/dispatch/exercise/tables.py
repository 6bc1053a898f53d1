"""Tables of who takes part in a drill, and of drills that stand still."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from app.db import instant


class DrillParty(SQLModel, table=True):
    """Who takes part in a drill (参演), looks on (观摩) or controls it, by a reader's key.

    While no participant stands here the whole county takes part. `key` is person:7, account:3, post:1 (who
    is on duty there), unit:2 (its people and teams), team:4 or place:990181100 (a township's desk and teams).
    """

    __tablename__ = "drill_party"
    __table_args__ = (
        CheckConstraint(
            "role IN ('participant', 'observer', 'controller')",
            name="a_party_takes_part_looks_on_or_controls",
        ),
    )

    # A floor above: no foreign key.
    drill_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    key: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    name: str


class DrillPause(SQLModel, table=True):
    """A drill that stands still: while its row is here no clock of what belongs to it runs."""

    __tablename__ = "drill_pause"

    drill_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    since: datetime = instant()
