"""How the county makes its documents, and a document of a noun as it stands now."""

from __future__ import annotations

import asyncio

from fastapi.responses import Response

from app.api.house import House
from app.api.prints import kept
from app.db import Tx
from app.desk.documents.actions import filing
from app.desk.documents.commands import DocumentFileIn
from app.desk.documents.library import load_library
from app.desk.documents.office import Office
from app.desk.documents.press import print_one
from app.desk.documents.rules.kinds import MadeKind
from app.org.rules.access import Viewer


async def office_of(house: House) -> Office:
    """Return how the county makes its documents; its templates are read each time."""
    told = house.settings
    library = await asyncio.to_thread(load_library, told.document_templates)
    return Office(
        told.county_short,
        told.zone,
        library,
        told.print_fonts,
        told.log_number_prefix,
        house.readiness,
        house.clock.now(),
    )


async def paper_of(
    tx: Tx, by: Viewer, house: House, kind: MadeKind, id_: int, form: str, part: str = ""
) -> Response:
    """Return a document of a kind as it stands now, laid out by its template; nothing is kept."""
    office = await office_of(house)
    told = DocumentFileIn.model_construct(kind=kind, id=id_, part=part, drill=False)
    laid, name = await filing.preview(tx, by, told, office)
    return kept(await print_one(laid, form, office.fonts), form, name)
