"""Evacuations (转移安置): ordered, ticked person by person, printed, brought home."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.api.house import By, InHouse, InTx
from app.api.papers import paper_of
from app.api.prints import PRINTS, Form
from app.api.route import DeskRoute
from app.api.shelters import matter_of
from app.api.workbooks import WORKBOOK, WORKBOOK_BODY, Apply, workbook
from app.commands import RowId
from app.desk.documents.rules.kinds import MadeKind
from app.org.rules.access import require
from app.shelters.actions import evacuations as actions
from app.shelters.actions import imports, ticks
from app.shelters.commands import (
    EvacuationEndIn,
    EvacuationIn,
    EvacuationRefusalIn,
    EvacueeCorrectionIn,
    EvacueeIn,
    EvacueeReturnIn,
    EvacueeTickIn,
)
from app.shelters.evacuation_facts import EvacuationFact, EvacueeFact
from app.shelters.facts import ResidentImportOut
from app.shelters.store import evacuations

router = APIRouter(prefix="/api/evacuations", tags=["shelters"], route_class=DeskRoute)
Village = Annotated[str, Query(pattern=r"^(\d{12})?$", description="one village, all of the scope without")]


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    incident_id: RowId | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[EvacuationFact]:
    """Return evacuations with the progress of the scope's villages: those that run first."""
    require(by, "see_desk")
    return await evacuations.listed(tx, by, incident_id=incident_id, limit=limit)


@router.post("", status_code=201)
async def order(told: EvacuationIn, by: By, tx: InTx, house: InHouse) -> EvacuationFact:
    """Order villages out; the lists come from the register of residents."""
    return await actions.order(tx, by, told, house.clock.now(), await matter_of(tx, by, told.incident_id))


@router.get("/residents.xlsx", response_class=Response, responses=WORKBOOK)
async def residents(by: By, tx: InTx) -> Response:
    """Return the register of residents as an Excel sheet, which can be changed and imported again."""
    return workbook(await imports.export(tx, by), "residents")


@router.post(
    "/residents/import",
    openapi_extra=WORKBOOK_BODY,
)
async def import_residents(
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    apply: Apply = False,  # noqa: FBT002
) -> ResidentImportOut:
    """Take a sheet (the body, xlsx up to 2 MiB and 5,000 rows) into the register: all of it or nothing."""
    return await imports.import_sheet(tx, by, await request.body(), house.clock.now(), apply=apply)


@router.get("/{evacuation_id}")
async def one(evacuation_id: RowId, by: By, tx: InTx) -> EvacuationFact:
    """Return an evacuation with the progress of the scope's villages."""
    require(by, "see_desk")
    return await actions.shown(tx, by, evacuation_id)


@router.get("/{evacuation_id}/people")
async def people(evacuation_id: RowId, by: By, tx: InTx, village: Village = "") -> list[EvacueeFact]:
    """Return who stands on the lists of the scope: for those who command or keep shelters only."""
    require(by, "keep_shelters")
    await actions.shown(tx, by, evacuation_id)
    return await evacuations.people(tx, evacuation_id, by.scope, village)


@router.get("/{evacuation_id}/{kind}.{form}", response_class=Response, responses=PRINTS)
async def paper(
    evacuation_id: RowId,
    kind: Literal["list", "return"],
    form: Form,
    by: By,
    tx: InTx,
    house: InHouse,
    village: Village = "",
) -> Response:
    """Return the evacuation lists or the return-home lists to print, a village after the other."""
    noun: MadeKind = "evacuation_list" if kind == "list" else "evacuation_return"
    return await paper_of(tx, by, house, noun, evacuation_id, form, village)


@router.post("/{evacuation_id}/people", status_code=201)
async def add(evacuation_id: RowId, told: EvacueeIn, by: By, tx: InTx, house: InHouse) -> EvacuationFact:
    """Put somebody on a list who stands on none: a guest, a worker."""
    return await actions.add(tx, by, evacuation_id, told, house.clock.now())


@router.post("/{evacuation_id}/ticks")
async def tick(evacuation_id: RowId, told: EvacueeTickIn, by: By, tx: InTx, house: InHouse) -> EvacuationFact:
    """Tick persons as moved; who was ticked before stays as ticked first."""
    return await ticks.tick(tx, by, evacuation_id, told, house.clock.now())


@router.post("/{evacuation_id}/refusals")
async def refuse(
    evacuation_id: RowId, told: EvacuationRefusalIn, by: By, tx: InTx, house: InHouse
) -> EvacuationFact:
    """Enter who refuses, with reason, witness and where the paper is."""
    return await ticks.refuse(tx, by, evacuation_id, told, house.clock.now())


@router.post("/{evacuation_id}/corrections")
async def correct(
    evacuation_id: RowId, told: EvacueeCorrectionIn, by: By, tx: InTx, house: InHouse
) -> EvacuationFact:
    """Set persons back to waiting who were ticked in error."""
    return await ticks.correct(tx, by, evacuation_id, told, house.clock.now())


@router.post("/{evacuation_id}/returns")
async def bring_back(
    evacuation_id: RowId, told: EvacueeReturnIn, by: By, tx: InTx, house: InHouse
) -> EvacuationFact:
    """Enter who is home again, or missing."""
    return await ticks.bring_back(tx, by, evacuation_id, told, house.clock.now())


@router.post("/{evacuation_id}/end")
async def end(
    evacuation_id: RowId, told: EvacuationEndIn, by: By, tx: InTx, house: InHouse
) -> EvacuationFact:
    """End an evacuation when each person moved is home or listed missing."""
    return await actions.end(tx, by, evacuation_id, told, house.clock.now())
