"""Groups that are addressed as one (两委三部成员, 防指成员, 森防指成员), and the people of teams."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.org.callbook.actions import groups as actions
from app.org.callbook.commands import GroupIn, TeamMembersIn
from app.org.callbook.facts import GroupFact, TeamMembersOut
from app.org.callbook.store import groups as store
from app.org.rules.access import require
from app.refusals import NotFound

router = APIRouter(prefix="/api", tags=["people"], route_class=DeskRoute)


@router.get("/groups")
async def listed(by: By, tx: InTx) -> list[GroupFact]:
    """Return the groups of the scope with their members."""
    require(by, "see_desk")
    return await store.in_scope(tx, by.stream, by.scope)


@router.post("/groups", status_code=201)
async def make(told: GroupIn, by: By, tx: InTx, house: InHouse) -> GroupFact:
    """Make a group of units, persons and offices."""
    return await actions.make(tx, by, told, house.clock.now())


@router.put("/groups/{group_id}")
async def amend(group_id: RowId, told: GroupIn, by: By, tx: InTx, house: InHouse) -> GroupFact:
    """Put a whole group in the place of what it was."""
    return await actions.amend(tx, by, group_id, told, house.clock.now())


@router.delete("/groups/{group_id}", status_code=204)
async def delete(group_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Delete a group; its members stay who they are."""
    await actions.delete(tx, by, group_id, house.clock.now())
    return Response(status_code=204)


@router.get("/teams/{team_id}/members")
async def members(team_id: RowId, by: By, tx: InTx) -> TeamMembersOut:
    """Return the people of a team: its leader, deputies, members."""
    require(by, "see_desk")
    team = await store.team(tx, by.stream, team_id, lock=False)
    if team is None or not by.covers(team.region_code):
        raise NotFound("该队伍", "team")
    found = await store.team_members(tx, by.stream, team_id)
    return TeamMembersOut(team_id=team_id, team_name=team.name_zh, members=found)


@router.put("/teams/{team_id}/members")
async def set_members(
    team_id: RowId, told: TeamMembersIn, by: By, tx: InTx, house: InHouse
) -> TeamMembersOut:
    """Say who is in a team; one person may be in several."""
    return await actions.set_team(tx, by, team_id, told, house.clock.now())
