"""Whom call-and-respond calls: the lists as they stand, the standing list, its filing, the minutes."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.org.rules.access import require
from app.response.call_and_respond.actions import drawing, listing
from app.response.call_and_respond.commands import CalloutAreaIn, CalloutLimitsIn, CalloutListIn
from app.response.call_and_respond.facts import (
    CalloutFilingFact,
    CalloutLimitsFact,
    CalloutListedFact,
    CalloutListFact,
)
from app.response.call_and_respond.store import lists, rounds

router = APIRouter(prefix="/api/call-and-respond", tags=["call and respond"], route_class=DeskRoute)


@router.post("/preview")
async def preview(told: CalloutAreaIn, by: By, tx: InTx, house: InHouse) -> CalloutListFact:
    """Return whom a round over these places would call, and what the lists lack."""
    require(by, "command")
    return await drawing.preview(tx, by, told.region_codes, house.clock.now())


@router.get("/list")
async def standing_list(by: By, tx: InTx) -> list[CalloutListedFact]:
    """Return the standing list of the county and the townships, as far as the scope goes."""
    require(by, "see_desk")
    return await lists.listed(tx, by.stream, by.scope)


@router.put("/list")
async def set_list(told: CalloutListIn, by: By, tx: InTx, house: InHouse) -> list[CalloutListedFact]:
    """Write the standing list of the county or a township anew."""
    return await listing.set_list(tx, by, told, house.clock.now())


@router.get("/list/filing")
async def filing(by: By, tx: InTx, house: InHouse) -> CalloutFilingFact:
    """Return how this year's review stands: to be filed before 20 April."""
    require(by, "see_desk")
    return await listing.filing(tx, by.stream, house.clock.now(), house.settings.zone)


@router.post("/list/filing")
async def file_list(by: By, tx: InTx, house: InHouse) -> CalloutFilingFact:
    """File the list of the whole county as it stands."""
    return await listing.file_list(tx, by, house.clock.now(), house.settings.zone)


@router.get("/limits")
async def limits(by: By, tx: InTx) -> CalloutLimitsFact:
    """Return the minutes in which each tier must have answered, by colour."""
    require(by, "see_desk")
    return await rounds.limits_fact(tx, by.stream)


@router.post("/limits", status_code=201)
async def set_limits(told: CalloutLimitsIn, by: By, tx: InTx, house: InHouse) -> CalloutLimitsFact:
    """Write a new version of the minutes; rounds that run keep theirs."""
    return await listing.set_limits(tx, by, told, house.clock.now())
