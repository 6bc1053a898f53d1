"""The register of people (人员名册): who, where, by which numbers; its sheet; each counted once."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.units import may_look
from app.api.workbooks import WORKBOOK, WORKBOOK_BODY, Apply, workbook
from app.commands import RowId
from app.duty.departure.actions import depart
from app.org.actions import imports
from app.org.actions import people as actions
from app.org.commands import DepartureIn, PersonIn, PersonPatch, SuccessorIn
from app.org.facts import PeopleImportOut, PeoplePage, PeopleTotals, PersonDetail, PersonFact
from app.org.people_sheet import write_sheet
from app.org.rules.access import require
from app.org.store import leaders
from app.org.store import people as register_store
from app.org.store.people import Wanted
from app.refusals import NotFound
from app.sheets import MAX_ROWS

router = APIRouter(prefix="/api/people", tags=["people"], route_class=DeskRoute)

Words = Annotated[str, Query(max_length=40)]
Prefix = Annotated[str, Query(pattern=r"^\d{0,12}$")]


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    text: Words = "",
    region: Prefix = "",
    unit_id: RowId | None = None,
    below: Annotated[bool, Query(description="also the units below it")] = False,  # noqa: FBT002
    left: Annotated[bool, Query(description="those who left the service")] = False,  # noqa: FBT002
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> PeoplePage:
    """Return people of the scope by name, number, call sign or title; numbers only with see_desk."""
    may_look(by)
    sees = by.may("see_desk")
    wanted = Wanted(
        by.stream,
        by.scope,
        region,
        unit_id,
        below=below,
        words=text.strip(),
        active=not left,
        numbers=sees,
    )
    total, found = await register_store.page(tx, wanted, offset, limit)
    return PeoplePage(total=total, people=found if sees else [p.without_numbers() for p in found])


@router.get("/totals")
async def totals(by: By, tx: InTx) -> PeopleTotals:
    """Count the people of the scope, each once however many teams he is in."""
    may_look(by)
    return await leaders.totals(tx, by.stream, by.scope)


@router.get("/export.xlsx", response_class=Response, responses=WORKBOOK)
async def export(by: By, tx: InTx) -> Response:
    """Return the people of the scope as an Excel sheet, which can be changed and imported again."""
    require(by, "see_desk")
    _, found = await register_store.page(tx, Wanted(by.stream, by.scope), 0, 20 * MAX_ROWS)
    sheet = await asyncio.to_thread(write_sheet, found)
    return workbook(sheet, "people")


@router.post(
    "/import",
    openapi_extra=WORKBOOK_BODY,
)
async def import_sheet(
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    apply: Apply = False,  # noqa: FBT002
) -> PeopleImportOut:
    """Take a sheet (the body, xlsx up to 2 MiB and 5,000 rows) into the register: all of it or nothing."""
    data = await request.body()
    return await imports.import_sheet(tx, by, data, house.clock.now(), apply=apply)


@router.post("", status_code=201)
async def register(told: PersonIn, by: By, tx: InTx, house: InHouse) -> PersonFact:
    """Enter a person; the first telephone is tried first."""
    return await actions.register(tx, by, told, house.clock.now())


@router.get("/{person_id}")
async def one(person_id: RowId, by: By, tx: InTx) -> PersonDetail:
    """Return a person with everything that points to him."""
    may_look(by)
    found = await register_store.fact(tx, by.stream, person_id)
    if found is None or not by.covers(found.region_code):
        raise NotFound("该人员", "person")
    shown = found if by.may("see_desk") else found.without_numbers()
    return PersonDetail(**dict(shown), holds=await register_store.held_by(tx, person_id))


@router.patch("/{person_id}")
async def amend(person_id: RowId, told: PersonPatch, by: By, tx: InTx, house: InHouse) -> PersonFact:
    """Change the fields that are named."""
    return await actions.amend(tx, by, person_id, told, house.clock.now())


@router.post("/{person_id}/deactivate")
async def deactivate(person_id: RowId, told: DepartureIn, by: By, tx: InTx, house: InHouse) -> PersonFact:
    """Let a person go. Refused with the shifts that somebody else must take first, unless `force`."""
    return await depart(tx, by, person_id, told, house.clock.now(), house.settings.zone)


@router.post("/{person_id}/succeed")
async def succeed(person_id: RowId, told: SuccessorIn, by: By, tx: InTx, house: InHouse) -> PersonFact:
    """Give everything that points to this person to another: offices, places, groups, teams."""
    return await actions.succeed(tx, by, person_id, told, house.clock.now())
