"""Teams from outside on the wire."""

from __future__ import annotations

from datetime import datetime

from app.dispatch.outside_help.rules import OutsideState
from app.wire import Fact


class OutsideTeamFact(Fact):
    """A team of others that helps: `team_id` its entry among the teams, `out` while we have sent it, `jobs`
    how often we did. `incident_number` None: it helps at no incident, or at one that is need-to-know.
    """

    id: int
    team_id: int
    name: str
    origin: str
    partner_id: int | None
    incident_id: int | None
    incident_number: str | None
    leader_name: str
    leader_phone: str
    strength: int
    people: int
    equipment: str
    capabilities: list[str]
    region_code: str
    region_name: str
    state: OutsideState
    expected_at: datetime | None
    arrived_at: datetime | None
    released_at: datetime | None
    out: bool
    jobs: int
    words: str
    revision: int
    entered_by: str
    entered_at: datetime
    changed_by: str
    changed_at: datetime


class OutsideCount(Fact):
    """How much help there is: on its way, here, of it out, gone home, and all that came."""

    origin: str
    announced_teams: int
    announced_people: int
    here_teams: int
    here_people: int
    out_teams: int
    out_people: int
    released_teams: int
    released_people: int
    came_teams: int
    came_people: int


class OutsideHelp(Fact):
    """Teams from outside, the latest in front, and their numbers, whole and by origin. None is ours."""

    teams: list[OutsideTeamFact]
    total: OutsideCount
    origins: list[OutsideCount]
