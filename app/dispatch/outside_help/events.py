"""The events of teams from outside."""

from __future__ import annotations

from typing import Literal

from app.dispatch.facts import TeamFact
from app.dispatch.outside_help.facts import OutsideTeamFact
from app.wire import Fact


class OutsideTeamChanged(Fact):
    """A team of others was announced, came, was released or does not come.

    `team` as the desk shows it from its arrival to its release; None: it is not sent (any more).
    """

    type: Literal[
        "outside_team.announced", "outside_team.arrived", "outside_team.released", "outside_team.cancelled"
    ]
    outside: OutsideTeamFact
    team_id: int
    team: TeamFact | None
