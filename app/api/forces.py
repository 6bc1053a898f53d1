"""Teams stationed away from home, and who helps from outside."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.recommendation import actions
from app.dispatch.recommendation.commands import DeployIn, PartnerIn
from app.dispatch.recommendation.facts import DeploymentFact, PartnerFact
from app.dispatch.recommendation.store import outside
from app.org.rules.access import require

router = APIRouter(prefix="/api", tags=["forces"], route_class=DeskRoute)


@router.get("/deployments")
async def deployments(
    by: By, tx: InTx, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[DeploymentFact]:
    """Return who is stationed away from home, those that hold first."""
    require(by, "see_desk")
    return await outside.deployments(tx, by.stream, by.scope, limit)


@router.post("/teams/{team_id}/deployment", status_code=201)
async def deploy(team_id: RowId, told: DeployIn, by: By, tx: InTx, house: InHouse) -> DeploymentFact:
    """Station a team away from home (靠前驻防), or move it up where a township would be bare (补位)."""
    return await actions.deploy(tx, by, team_id, told, house.clock.now())


@router.post("/teams/{team_id}/deployment/end")
async def call_back(team_id: RowId, by: By, tx: InTx, house: InHouse) -> DeploymentFact:
    """Call a team back home."""
    return await actions.call_back(tx, by, team_id, house.clock.now())


@router.get("/partners")
async def partners(by: By, tx: InTx) -> list[PartnerFact]:
    """Return who helps from outside: neighbours, the superior, the military."""
    require(by, "see_desk")
    return await outside.partners(tx, by.stream)


@router.post("/partners", status_code=201)
async def register(told: PartnerIn, by: By, tx: InTx, house: InHouse) -> PartnerFact:
    """Enter somebody who helps from outside."""
    return await actions.register_partner(tx, by, told, house.clock.now())


@router.put("/partners/{partner_id}")
async def amend(partner_id: RowId, told: PartnerIn, by: By, tx: InTx, house: InHouse) -> PartnerFact:
    """Write an entry anew."""
    return await actions.amend_partner(tx, by, partner_id, told, house.clock.now())


@router.post("/partners/{partner_id}/retire")
async def retire(partner_id: RowId, by: By, tx: InTx, house: InHouse) -> PartnerFact:
    """Let somebody help no more."""
    return await actions.retire_partner(tx, by, partner_id, house.clock.now())
