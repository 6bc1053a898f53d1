"""Reaction times: of an incident's assignments, of teams and townships by the month."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.kpi.facts import AssignmentTimesOut, ReactionOut
from app.dispatch.kpi.report import reaction_times, times_of_incident

router = APIRouter(prefix="/api", tags=["assignments"], route_class=DeskRoute)


@router.get("/incidents/{incident_id}/times")
async def times(incident_id: RowId, by: By, tx: InTx, house: InHouse) -> list[AssignmentTimesOut]:
    """Return turnout, travel, response and the rest of every assignment; a missing milestone is blank."""
    return await times_of_incident(tx, by, incident_id, house.dispatch)


@router.get("/reaction-times")
async def month(
    by: By,
    tx: InTx,
    house: InHouse,
    month: Annotated[str, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")],
    grouped: Annotated[Literal["team", "township"], Query(alias="by")] = "team",
) -> ReactionOut:
    """Return the reaction times of a month with percentiles, by team or township of one's scope."""
    return await reaction_times(
        tx, by, month, grouped, house.clock.now(), house.dispatch, house.settings.zone
    )
