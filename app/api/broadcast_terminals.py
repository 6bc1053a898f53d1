"""Loudspeakers (大喇叭终端): the register, marks for drills, repairs."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.broadcast.actions import after
from app.broadcast.commands import SpeakerDrillIn, SpeakerRepairDoneIn, SpeakerRepairIn, SpeakerRepairOwnerIn
from app.broadcast.rules.places import prefix_of
from app.broadcast.speaker_facts import SpeakerPageFact, SpeakerRepairFact
from app.broadcast.store import delivery, register
from app.commands import RegionCode, RowId
from app.org.rules.access import require

router = APIRouter(prefix="/api/broadcast-terminals", tags=["broadcasts"], route_class=DeskRoute)
State = Literal["", "running", "stopped", "fault", "recovered", "broadcasting", "unknown"]


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    region: Annotated[str, Query(pattern=r"^(\d{12})?$")] = "",
    state: State = "",
    words: Annotated[str, Query(max_length=60)] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> SpeakerPageFact:
    """Return a page of the register, those at fault first, and how many are in each state."""
    require(by, "see_desk")
    below = prefix_of(region) if region else ""
    return await register.page(tx, by, region=below, state=state, words=words, offset=offset, limit=limit)


@router.put("/drills/{region_code}")
async def mark(region_code: RegionCode, told: SpeakerDrillIn, by: By, tx: InTx) -> SpeakerPageFact:
    """Mark all terminals at or below a place: they may sound in a drill, or not."""
    require(by, "approve_broadcast")
    below = prefix_of(region_code)
    await register.mark(tx, by, below, drills=told.drills)
    return await register.page(tx, by, region=below)


@router.get("/repairs")
async def repairs(
    by: By,
    tx: InTx,
    house: InHouse,
    done: Annotated[bool, Query(description="those that are done, too")] = False,  # noqa: FBT002
) -> list[SpeakerRepairFact]:
    """Return the repairs of the scope, the first due first."""
    require(by, "see_desk")
    return await delivery.repairs(tx, by, house.clock.now(), done=done)


@router.post("/repairs", status_code=201)
async def open_repair(told: SpeakerRepairIn, by: By, tx: InTx, house: InHouse) -> SpeakerRepairFact:
    """Have a terminal repaired within 24 or 72 hours."""
    return await after.open_repair(tx, by, told, house.clock.now())


@router.put("/repairs/{repair_id}/owner")
async def take_repair(
    repair_id: RowId, told: SpeakerRepairOwnerIn, by: By, tx: InTx, house: InHouse
) -> SpeakerRepairFact:
    """Say who sees to a repair."""
    return await after.take_repair(tx, by, repair_id, told, house.clock.now())


@router.post("/repairs/{repair_id}/done")
async def finish_repair(
    repair_id: RowId, told: SpeakerRepairDoneIn, by: By, tx: InTx, house: InHouse
) -> SpeakerRepairFact:
    """Say that a terminal works again."""
    return await after.finish_repair(tx, by, repair_id, told, house.clock.now())
