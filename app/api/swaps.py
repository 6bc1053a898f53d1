"""Swaps: offered, taken, decided, filed, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.leave import NOBODY
from app.api.route import DeskRoute
from app.commands import RowId
from app.duty.swaps import store
from app.duty.swaps.actions import decision, offers
from app.duty.swaps.commands import FilingIn, SwapDecisionIn, SwapIn, TakeIn
from app.duty.swaps.facts import SwapFact

router = APIRouter(prefix="/api/duty/swaps", tags=["duty"], route_class=DeskRoute)
SHOWN_FOR = timedelta(days=31)


@router.get("")
async def listed(
    by: By, tx: InTx, house: InHouse, limit: Annotated[int, Query(ge=1, le=500)] = 200
) -> list[SwapFact]:
    """Return the swaps of the last month and later: of the scope, of oneself, and what one could take."""
    scope = by.scope if by.may("see_desk") else NOBODY
    return await store.listed(tx, by.stream, scope, by.person_id, house.clock.now() - SHOWN_FOR, limit)


@router.post("", status_code=201)
async def ask(told: SwapIn, by: By, tx: InTx, house: InHouse) -> SwapFact:
    """Offer a shift, or a part of it, with or without one in return."""
    return await offers.ask(tx, by, told, house.clock.now(), house.settings.zone)


@router.post("/{swap_id}/take")
async def take(swap_id: RowId, told: TakeIn, by: By, tx: InTx, house: InHouse) -> SwapFact:
    """Take an offered shift; a leader has yet to approve."""
    return await offers.take(tx, by, swap_id, told, house.clock.now(), house.settings.zone)


@router.post("/{swap_id}/decision")
async def decide(swap_id: RowId, told: SwapDecisionIn, by: By, tx: InTx, house: InHouse) -> SwapFact:
    """Approve or refuse as a leader; an approved swap is in the roster at once."""
    return await decision.decide(tx, by, swap_id, told, house.clock.now(), house.settings.zone)


@router.post("/{swap_id}/withdrawal")
async def withdraw(swap_id: RowId, by: By, tx: InTx, house: InHouse) -> SwapFact:
    """Take an offer back before it was decided."""
    return await offers.withdraw(tx, by, swap_id, house.clock.now())


@router.post("/{swap_id}/revocation")
async def revoke(swap_id: RowId, by: By, tx: InTx, house: InHouse) -> SwapFact:
    """Undo an approved swap from now on."""
    return await decision.revoke(tx, by, swap_id, house.clock.now(), house.settings.zone)


@router.post("/{swap_id}/filing")
async def file(swap_id: RowId, told: FilingIn, by: By, tx: InTx, house: InHouse) -> SwapFact:
    """Note under what number it was reported to the general duty office (报备)."""
    return await offers.file(tx, by, swap_id, told, house.clock.now())
