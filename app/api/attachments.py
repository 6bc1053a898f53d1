"""Attachments of incidents: add, list, read, withdraw."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.attachments import actions, vault
from app.dispatch.attachments.commands import AttachmentIn
from app.dispatch.attachments.facts import AttachmentFact
from app.dispatch.attachments.tables import Attachment
from app.dispatch.commands import ReasonIn
from app.refusals import NotFound

router = APIRouter(
    prefix="/api/incidents/{incident_id}/attachments", tags=["incidents"], route_class=DeskRoute
)
ANY_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
# What a document may do when a browser opens it after all: nothing.
HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class Shown(BaseModel):
    """How a file is to be given out; neither: the original."""

    thumb: bool = False  # a small picture of a photo
    picture: bool = False  # a photo to be looked at


def shelf_of(house: House) -> actions.Shelf:
    """Return where this house keeps files."""
    return actions.Shelf(house.settings.data, house.settings.attachment_limit_mb)


@router.get("")
async def listed(incident_id: RowId, by: By, tx: InTx) -> list[AttachmentFact]:
    """Return the attachments, the oldest first, the withdrawn ones too."""
    return await actions.listed(tx, by, incident_id)


@router.post("", status_code=201, openapi_extra=ANY_FILE)
async def attach(
    incident_id: RowId,
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    told: Annotated[AttachmentIn, Query()],
) -> AttachmentFact:
    """Add a file; the body is its content. What it is, is told by the content."""
    content = await request.body()
    return await actions.attach(tx, by, incident_id, told, content, shelf_of(house), house.clock.now())


@router.get(
    "/{attachment_id}/content",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def content(
    incident_id: RowId,
    attachment_id: RowId,
    by: By,
    tx: InTx,
    house: InHouse,
    shown: Annotated[Shown, Query()],
) -> Response:
    """Return the content to be saved as it came; or, drawn anew, a photo to be looked at."""
    row = await actions.readable(tx, by, incident_id, attachment_id)
    return await given_out(house, row, shown)


async def given_out(house: House, row: Attachment, shown: Shown) -> Response:
    """Return the answer that carries a file: the original saved under its name, never sniffed, never run."""
    drawn = shown.thumb or shown.picture
    read = vault.thumbnail if shown.thumb else vault.picture if shown.picture else vault.read
    found = await asyncio.to_thread(read, house.settings.data, row.sha256)
    if found is None:
        raise NotFound("该附件的内容", "content of this attachment")
    where = "inline" if drawn else "attachment"
    return Response(
        found,
        media_type="image/jpeg" if drawn else row.media_type,
        headers={
            "Content-Disposition": f"{where}; filename*=UTF-8''{quote(row.name, safe='')}",
            "Content-Security-Policy": HARMLESS,
        },
    )


@router.post("/{attachment_id}/withdrawal", status_code=201)
async def withdraw(
    incident_id: RowId, attachment_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse
) -> AttachmentFact:
    """Let the content be given out no longer, with a reason."""
    return await actions.withdraw(tx, by, incident_id, attachment_id, told.reason, house.clock.now())
