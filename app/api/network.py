"""The centre's own public network: what waits for it, and what came too late to be sent."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.delivery.network import actions
from app.delivery.network.commands import LateDecisionIn, NetworkIn
from app.delivery.network.facts import CentreNetworkFact, LateMessageFact, NetworkView

router = APIRouter(prefix="/api/network", tags=["dark"], route_class=DeskRoute)


@router.get("")
async def view(by: By, tx: InTx, house: InHouse) -> NetworkView:
    """Return the network, what waits to leave, and what waits for a decision."""
    return await actions.view(tx, by, house.clock.now())


@router.post("")
async def say(told: NetworkIn, by: By, tx: InTx, house: InHouse) -> CentreNetworkFact:
    """Say that our network is away, that it is there, or that the silence is the units' own."""
    return await actions.say(tx, by, told, house.clock.now(), house.settings.zone)


@router.post("/late/{delivery_id}")
async def decide(
    delivery_id: RowId, told: LateDecisionIn, by: By, tx: InTx, house: InHouse
) -> LateMessageFact:
    """Decide about a message that was too old: once more with its first time on it, or never."""
    return await actions.decide(tx, by, delivery_id, told, house.clock.now(), house.settings.zone)
