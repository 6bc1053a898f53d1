"""The late-report sheet (迟报核查表): exported with its proof, kept, printed again as it was."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path
from fastapi.responses import Response

from app.api.house import By, InHouse, InTx
from app.api.prints import TYPES
from app.api.route import DeskRoute
from app.commands import RowId
from app.desk.late_sheet_paper import TITLE, press_of
from app.desk.prints.page import NoPrintFont
from app.reporting.sheet import actions
from app.reporting.sheet.facts import LateSheetFact, LateSheetIn, LateSheetMade

router = APIRouter(prefix="/api", tags=["reporting"], route_class=DeskRoute)
SheetForm = Annotated[Literal["json", "pdf", "docx"], Path()]
_KINDS = {**TYPES, "json": "application/json"}
_FILES: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in _KINDS.values()}}}


@router.post("/incidents/{incident_id}/reporting/late-sheets", status_code=201)
async def export(incident_id: RowId, told: LateSheetIn, by: By, tx: InTx, house: InHouse) -> LateSheetMade:
    """Prove the journal and return the sheet; a new edition is kept only where it says something new."""
    press = press_of(house.settings.print_fonts, house.settings.zone)
    now = house.clock.now()
    return await actions.export(tx, by, house.reporting, incident_id, told.receiver, now, press)


@router.get("/incidents/{incident_id}/reporting/late-sheets")
async def editions(incident_id: RowId, by: By, tx: InTx) -> list[LateSheetFact]:
    """Return the editions of an incident that this desk and those below it made, the latest first."""
    return await actions.listed(tx, by, incident_id)


@router.get("/late-sheets/{sheet_id}.{form}", response_class=Response, responses=_FILES)
async def paper(sheet_id: RowId, form: SheetForm, by: By, tx: InTx) -> Response:
    """Return an edition byte by byte as it was made."""
    edition, kept = await actions.paper(tx, by, sheet_id, form)
    if kept is None:
        raise NoPrintFont
    name = quote(f"{TITLE}-{edition.incident_id}-{edition.edition}.{form}", safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "X-Content-SHA256": kept.sha256,
    }
    return Response(kept.data, media_type=_KINDS[form], headers=headers)
