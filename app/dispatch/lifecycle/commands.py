"""What people ask about the life of incidents: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.commands import Command, Latitude, Line, Longitude, Moment, Reason, RegionCode, RowId
from app.dispatch.commands import EventCode, IncidentIn


class LikelySameIn(Command):
    """An account that is being typed, to be compared with what is known."""

    event_code: EventCode | None = None
    region_code: RegionCode
    lon: Longitude | None = None
    lat: Latitude | None = None
    title: Line = ""
    address: Line = ""
    phones: Annotated[
        list[Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]], Field(max_length=20)
    ] = []
    received_at: Moment | None = None


class MergeIn(Command):
    """Merge an incident into another. `widen`: I know that more people will see what is need-to-know."""

    into_id: RowId
    reason: Reason
    widen: bool = False


class IncidentSplitIn(Command):
    """A new incident out of one: which of its assignments, alarms and callers (by their place) go with it."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    event_code: EventCode | None = None
    region_code: RegionCode | None = None
    address: Line = ""
    lon: Longitude | None = None
    lat: Latitude | None = None
    assignment_ids: Annotated[list[RowId], Field(max_length=200)] = []
    alarm_ids: Annotated[list[RowId], Field(max_length=200)] = []
    callers: Annotated[list[Annotated[int, Field(ge=0, le=1000)]], Field(max_length=100)] = []
    reason: Reason


class LinkIn(Command):
    """Tie an incident to another: as its child, as related, or as not the same event (非同一事件)."""

    kind: Literal["child", "related", "distinct"]
    other_id: RowId
    reason: Reason


class PlannedIncidentIn(IncidentIn):
    """An incident that is planned: it opens by itself at this instant."""

    scheduled_for: Moment


class RescheduleIn(Command):
    """Another instant for a planned incident, and why."""

    scheduled_for: Moment
    reason: Reason
