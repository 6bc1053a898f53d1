"""Teams of others that come to help (外援队伍), counted apart from the county's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.outside_help import actions
from app.dispatch.outside_help.commands import OutsideStepIn, OutsideTeamIn
from app.dispatch.outside_help.facts import OutsideHelp, OutsideTeamFact
from app.dispatch.outside_help.rules import OutsideState

router = APIRouter(prefix="/api/outside-teams", tags=["forces"], route_class=DeskRoute)


@router.get("")
async def board(
    by: By,
    tx: InTx,
    state: Annotated[OutsideState | None, Query()] = None,
    incident_id: Annotated[RowId | None, Query()] = None,
) -> OutsideHelp:
    """Return the teams from outside and how much help that is, whole and by origin."""
    return await actions.board(tx, by, state, incident_id)


@router.post("", status_code=201)
async def announce(told: OutsideTeamIn, by: By, tx: InTx, house: InHouse) -> OutsideTeamFact:
    """Enter a team of others that comes to help."""
    return await actions.announce(tx, by, told, house.clock.now())


@router.post("/{outside_id}/steps")
async def step(outside_id: RowId, told: OutsideStepIn, by: By, tx: InTx, house: InHouse) -> OutsideTeamFact:
    """Let it arrive, release it home, or note that it does not come."""
    return await actions.step(tx, by, outside_id, told, house.clock.now())
