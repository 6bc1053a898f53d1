"""The events of the register of forces."""

from __future__ import annotations

from typing import Literal

from app.dispatch.facts import TeamFact
from app.dispatch.forces.facts import EquipmentFact, ExpertCallFact, ExpertFact, ForceTeamFact
from app.dispatch.forces.rules.kinds import Readiness
from app.wire import Fact


class TeamRegisterChanged(Fact):
    """A team was entered, amended (`changed` names the fields), retired, or moved away from a place.

    `team` as the desk shows it; None: it is not sent as such (any more), or not from this place, and leaves
    the desk.
    """

    type: Literal["team.registered", "team.amended", "team.retired", "team.moved_away"]
    team_id: int
    entry: ForceTeamFact
    team: TeamFact | None
    changed: list[str] = []


class EquipmentChanged(Fact):
    """A piece was entered, amended, retired, or is otherwise ready: `before` what it was until then."""

    type: Literal["equipment.registered", "equipment.amended", "equipment.retired", "equipment.readiness_set"]
    equipment: EquipmentFact
    changed: list[str] = []
    before: Readiness | None = None


class EquipmentImported(Fact):
    """A sheet was taken into the register of equipment: read it again for what it says now."""

    type: Literal["equipment.imported"]
    created: int
    amended: int


class ExpertChanged(Fact):
    """An expert was entered, amended (`changed` names the fields) or retired."""

    type: Literal["expert.registered", "expert.amended", "expert.retired"]
    expert: ExpertFact
    changed: list[str] = []


class ExpertsImported(Fact):
    """A sheet was taken into the register of experts: read it again for what it says now."""

    type: Literal["expert.imported"]
    created: int
    amended: int


class ExpertCalled(Fact):
    """An expert was called for an incident; `zh` and `en` say it in words."""

    type: Literal["incident.expert_called"]
    call: ExpertCallFact
    zh: str
    en: str
