"""Shelters (避难场所、安置点): where they are, how full they are, who goes where."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.causes import must_be_in_earnest
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RegionCode, RowId
from app.db import Tx
from app.dispatch.store import incidents
from app.org.rules.access import Viewer, may_see, require
from app.refusals import NotFound
from app.shelters.actions import shelters as actions
from app.shelters.actions.shelters import Matter
from app.shelters.commands import (
    ShelterCloseIn,
    ShelterCountIn,
    ShelterIn,
    ShelterOpenIn,
    ShelterPatch,
    VillageShelterIn,
)
from app.shelters.facts import ShelterCardFact, ShelterFact, ShelterNearFact, VillageShelterFact
from app.shelters.rules.choose import Wish
from app.shelters.store import shelters

router = APIRouter(prefix="/api/shelters", tags=["shelters"], route_class=DeskRoute)


@router.get("")
async def listed(by: By, tx: InTx) -> list[ShelterFact]:
    """Return the shelters of the scope, with how many persons are in each."""
    require(by, "see_desk")
    return await shelters.listed(tx, by)


@router.get("/near")
async def near(
    by: By,
    tx: InTx,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
    wind_from: Annotated[float | None, Query(ge=0, le=360, description="degrees, 0 north, 90 east")] = None,
    upwind: Annotated[bool, Query(description="only those where the wind comes from")] = False,  # noqa: FBT002
    above_m: Annotated[float | None, Query(ge=-200, le=9000, description="only higher than that")] = None,
    within_m: Annotated[float | None, Query(gt=0, le=200_000)] = None,
    room: Annotated[int, Query(ge=0, le=200_000, description="only those that take so many more")] = 0,
    limit: Annotated[int, Query(ge=1, le=400)] = 20,
) -> list[ShelterNearFact]:
    """Return shelters for a scene, the nearest first: up the wind, up the hill, with room."""
    wish = Wish(lon, lat, wind_from, upwind, above_m, within_m, room)
    return await actions.near(tx, by, wish, limit)


@router.get("/villages")
async def villages(by: By, tx: InTx) -> list[VillageShelterFact]:
    """Return who goes where: every village of the scope with its shelter and the alternative."""
    require(by, "see_desk")
    return await shelters.villages(tx, by)


@router.put("/villages/{village_code}")
async def assign_village(
    village_code: RegionCode, told: VillageShelterIn, by: By, tx: InTx, house: InHouse
) -> VillageShelterFact:
    """Say where a village goes."""
    return await actions.assign_village(tx, by, village_code, told, house.clock.now())


@router.get("/{shelter_id}")
async def one(shelter_id: RowId, by: By, tx: InTx) -> ShelterCardFact:
    """Return a shelter with the head-counts of its last opening and, when nearly full, the next one."""
    require(by, "see_desk")
    found = await shelters.one(tx, by, shelter_id)
    if found is None:
        raise NotFound("该避难场所", "shelter")
    openings = await shelters.openings(tx, by, shelter_id)
    return ShelterCardFact(
        shelter=found,
        openings=openings,
        counts=await shelters.counts(tx, openings[0].id) if openings else [],
        proposed=await actions.proposed(tx, by, found) if found.opening and found.nearly_full else None,
    )


@router.post("", status_code=201)
async def register(told: ShelterIn, by: By, tx: InTx, house: InHouse) -> ShelterFact:
    """Enter a shelter."""
    return await actions.register(tx, by, told, house.clock.now())


@router.patch("/{shelter_id}")
async def amend(shelter_id: RowId, told: ShelterPatch, by: By, tx: InTx, house: InHouse) -> ShelterFact:
    """Change a shelter's capacity, facilities, opener or inspection."""
    return await actions.amend(tx, by, shelter_id, told, house.clock.now())


@router.post("/{shelter_id}/opening", status_code=201)
async def open_up(shelter_id: RowId, told: ShelterOpenIn, by: By, tx: InTx, house: InHouse) -> ShelterFact:
    """Open a shelter, with a first head-count or not."""
    matter = await matter_of(tx, by, told.incident_id)
    return await actions.open_up(tx, by, shelter_id, told, house.clock.now(), matter)


@router.post("/{shelter_id}/counts", status_code=201)
async def count(shelter_id: RowId, told: ShelterCountIn, by: By, tx: InTx, house: InHouse) -> ShelterFact:
    """Enter a head-count; from 95 % on the next shelter is proposed."""
    return await actions.count(tx, by, shelter_id, told, house.clock.now())


@router.post("/{shelter_id}/closing")
async def close(shelter_id: RowId, told: ShelterCloseIn, by: By, tx: InTx, house: InHouse) -> ShelterFact:
    """Close a shelter in which nobody is left."""
    return await actions.close(tx, by, shelter_id, told, house.clock.now())


async def matter_of(tx: Tx, by: Viewer, incident_id: int | None) -> Matter | None:
    """Return the incident that is named, None for none. Raises NotFound."""
    if incident_id is None:
        return None
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    await must_be_in_earnest(tx, by, incident_id, ("安置点和人员名册", "shelter or list of people"))
    return Matter(incident_id, seen.fact.number, seen.concern.restricted, seen.concern.readers)
