"""Offices, and who must be called for a place (包干责任)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.house import By, InHouse, InTx
from app.api.people import Prefix
from app.api.route import DeskRoute
from app.api.units import may_look
from app.commands import Moment, RegionCode, RowId
from app.duty.roster.call_list import CallList, call_list
from app.org.callbook.actions import offices as actions
from app.org.callbook.commands import HolderIn, OfficeIn, ResponsibilityIn, ResponsibilityPatch
from app.org.callbook.facts import OfficeFact, ResponsibilityFact
from app.org.callbook.store import offices as store
from app.org.rules.access import require

router = APIRouter(prefix="/api", tags=["people"], route_class=DeskRoute)


@router.get("/responsible")
async def who(
    region_code: Annotated[RegionCode, Query()],
    by: By,
    tx: InTx,
    house: InHouse,
    point: Annotated[str, Query(max_length=80)] = "",
    at: Moment | None = None,
) -> CallList:
    """Return who must be called for a place at an instant (now): who is on duty, then village to county."""
    may_look(by)
    return await call_list(tx, by, region_code, point.strip(), at or house.clock.now())


@router.get("/offices")
async def offices(by: By, tx: InTx, region: Prefix = "") -> list[OfficeFact]:
    """Return offices within a place with their holders."""
    require(by, "see_desk")
    return await store.offices(tx, by.stream, by.scope, region)


@router.post("/offices", status_code=201)
async def register(told: OfficeIn, by: By, tx: InTx, house: InHouse) -> OfficeFact:
    """Enter an office; a village has one head, one contact A and one contact B."""
    return await actions.register(tx, by, told, house.clock.now())


@router.put("/offices/{office_id}/holder")
async def fill(office_id: RowId, told: HolderIn, by: By, tx: InTx, house: InHouse) -> OfficeFact:
    """Give an office another holder: everything that points to it follows."""
    return await actions.fill(tx, by, office_id, told, house.clock.now())


@router.delete("/offices/{office_id}", status_code=204)
async def abolish(office_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Take an office away that nothing points to."""
    await actions.abolish(tx, by, office_id, house.clock.now())
    return Response(status_code=204)


@router.get("/responsibilities")
async def responsibilities(by: By, tx: InTx, region: Prefix = "") -> list[ResponsibilityFact]:
    """Return who answers for which place and point, in the order in which they are called."""
    require(by, "see_desk")
    return await store.responsibilities(tx, by.stream, by.scope, region)


@router.post("/responsibilities", status_code=201)
async def assign(told: ResponsibilityIn, by: By, tx: InTx, house: InHouse) -> ResponsibilityFact:
    """Let a person, or whoever holds an office, answer for a place or a point in it."""
    return await actions.assign(tx, by, told, house.clock.now())


@router.patch("/responsibilities/{duty_id}")
async def reassign(
    duty_id: RowId, told: ResponsibilityPatch, by: By, tx: InTx, house: InHouse
) -> ResponsibilityFact:
    """Change who answers, or in which order."""
    return await actions.reassign(tx, by, duty_id, told, house.clock.now())


@router.delete("/responsibilities/{duty_id}", status_code=204)
async def end(duty_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """End a responsibility."""
    await actions.end(tx, by, duty_id, house.clock.now())
    return Response(status_code=204)
