"""Which forces go: for one incident, by hand, and for several at once. Nothing is written."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.recommendation.advise import recommend, replacement
from app.dispatch.recommendation.commands import AskIn, JointIn
from app.dispatch.recommendation.facts import AdviceFact, JointAdviceFact, ReplacementFact
from app.dispatch.recommendation.looking import Setting
from app.dispatch.recommendation.rules.run_card import MOST_ALARMS

router = APIRouter(prefix="/api", tags=["incidents"], route_class=DeskRoute)


def setting_of(house: House) -> Setting:
    """Return what the house knows about forces."""
    return Setting(house.forces, house.nearby, house.position_limit, house.settings.zone, house.roads)


@router.get("/incidents/{incident_id}/recommendation")
async def recommended(
    incident_id: RowId,
    by: By,
    tx: InTx,
    house: InHouse,
    alarm: Annotated[int, Query(ge=1, le=MOST_ALARMS)] = 1,
) -> AdviceFact:
    """Return which units should go by the run card, nearest and able first, with reasons."""
    ask = AskIn(alarm=alarm)
    return (await recommend(tx, by, [incident_id], ask, house.clock.now(), setting_of(house))).advice[0]


@router.post("/incidents/{incident_id}/recommendation")
async def asked(incident_id: RowId, ask: AskIn, by: By, tx: InTx, house: InHouse) -> AdviceFact:
    """Return the same for needs given by hand, another radius, or without some teams."""
    return (await recommend(tx, by, [incident_id], ask, house.clock.now(), setting_of(house))).advice[0]


@router.get("/assignments/{assignment_id}/replacement")
async def replaced_by(assignment_id: RowId, by: By, tx: InTx, house: InHouse) -> ReplacementFact:
    """Return who should go in place of a team if it were diverted now, or why nobody can."""
    return await replacement(tx, by, assignment_id, house.clock.now(), setting_of(house))


@router.post("/recommendations")
async def joint(ask: JointIn, by: By, tx: InTx, house: InHouse) -> JointAdviceFact:
    """Return which units should go to several incidents, solved together: no team is picked twice."""
    return await recommend(tx, by, ask.incident_ids, ask, house.clock.now(), setting_of(house))
