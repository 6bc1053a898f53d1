"""Wire shapes of contacts in maintenance, and what is asked of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Moment, Reason, RowId
from app.wire import Fact

Channel = Literal["app", "jt808", "beidou", "radio", "satellite_phone", "sbd"]


class MaintenanceIn(Command):
    """Take a channel or a team out of the ladder until an instant."""

    channel: Channel | None = None
    team_id: RowId | None = None
    until: Moment
    reason: Reason

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if [self.channel, self.team_id].count(None) != 1:
            raise PydanticCustomError("one_of_them", "name exactly one of channel, team_id")
        return self


class MaintenanceFact(Fact):
    """A channel or a team in maintenance; `ended_at` is when it came back. `ended_by` None: by itself."""

    id: int
    channel: Channel | None
    team_id: int | None
    team_name: str | None
    reason: str
    begun_by: str
    begun_at: datetime
    until: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None


class MaintenanceChanged(Fact):
    """A channel or a team went into maintenance or came back."""

    type: Literal["maintenance.begun", "maintenance.ended"]
    maintenance: MaintenanceFact
