"""The events of the forces: where they are stationed, and who helps from outside."""

from __future__ import annotations

from typing import Literal

from app.dispatch.facts import TeamFact
from app.dispatch.recommendation.facts import DeploymentFact, PartnerFact
from app.wire import Fact


class TeamStationed(Fact):
    """A team was sent to stand by away from home, or came back; `team` stands where it is now."""

    type: Literal["team.stationed", "team.returned_home"]
    team: TeamFact
    deployment: DeploymentFact


class PartnerChanged(Fact):
    """Somebody who helps from outside was entered, amended, or helps no more."""

    type: Literal["partner.registered", "partner.amended", "partner.retired"]
    partner: PartnerFact
