"""The sheet for when power fails: now, or as it lies in the folder."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.desk.papersheet.folder import kept, read
from app.desk.papersheet.keeper import sheet_now
from app.org.rules.access import Viewer, require
from app.refusals import NotFound, NotPermitted
from app.wire import Fact

router = APIRouter(prefix="/api/paper-sheets", tags=["dark"], route_class=DeskRoute)
Day = Annotated[str, Path(pattern=r"^20\d\d-\d\d-\d\d$")]
Hour = Annotated[str, Path(pattern=r"^[0-2]\d$")]
_PDF = "application/pdf"


class PaperSheetFact(Fact):
    """A sheet in the folder: the hour of its day, in the county's time."""

    day: str
    hour: str
    bytes: int


def _require_centre(by: Viewer) -> None:
    require(by, "see_desk")
    if by.scope != by.stream or not by.may("see_restricted"):
        raise NotPermitted


@router.get("")
async def listed(by: By, house: InHouse) -> list[PaperSheetFact]:
    """Return the sheets that lie in this machine's folder, the latest first."""
    _require_centre(by)
    found = await asyncio.to_thread(kept, house.paper_folder)
    return [PaperSheetFact(day=day, hour=hour, bytes=size) for day, hour, size in found]


@router.get("/now.pdf", response_class=Response, responses={200: {"content": {_PDF: {}}}})
async def now(by: By, tx: InTx, house: InHouse) -> Response:
    """Return the sheet of this instant."""
    _require_centre(by)
    sheet = await sheet_now(tx, by.stream, house.clock.now(), house.settings.zone)
    from app.desk.papersheet.pdf import sheet_pdf

    return _pdf(await asyncio.to_thread(sheet_pdf, sheet, house.settings.print_fonts), "now")


@router.get("/{day}/{hour}.pdf", response_class=Response, responses={200: {"content": {_PDF: {}}}})
async def of_hour(day: Day, hour: Hour, by: By, house: InHouse) -> Response:
    """Return the sheet of an hour as it lies in the folder, for those who see personal data whole."""
    _require_centre(by)
    require(by, "see_personal")
    content = await asyncio.to_thread(read, house.paper_folder, day, hour)
    if content is None:
        raise NotFound("该时刻的纸质清单", "sheet of that hour")
    return _pdf(content, f"{day}-{hour}")


def _pdf(content: bytes, name: str) -> Response:
    return Response(
        content, media_type=_PDF, headers={"Content-Disposition": f'inline; filename="sheet-{name}.pdf"'}
    )
