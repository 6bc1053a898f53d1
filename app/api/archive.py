"""The archive: everything that was written in the journal, by its words."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.desk.archive import reading
from app.desk.archive.facts import ArchiveFound

router = APIRouter(prefix="/api/archive", tags=["archive"], route_class=DeskRoute)


@router.get("")
async def find(
    words: Annotated[str, Query(max_length=100)],
    by: By,
    tx: InTx,
    house: InHouse,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> ArchiveFound:
    """Find what was written of some words, the newest first: `东岸村 2025`. `before` a row: older ones."""
    return await reading.find(tx, by, words, before, house.settings.zone)
