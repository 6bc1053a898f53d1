"""API tokens (接口令牌): made, listed and revoked by who may make them; told once."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.org.tokens import actions
from app.org.tokens.facts import NewToken, TokenFact, TokenIn

router = APIRouter(prefix="/api/tokens", tags=["accounts"], route_class=DeskRoute)


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse) -> list[TokenFact]:
    """Return one's own tokens, or all of the county to who keeps its accounts."""
    return await actions.listed(tx, by, house.clock.now())


@router.post("", status_code=201)
async def make(told: TokenIn, by: By, tx: InTx, house: InHouse) -> NewToken:
    """Make a token, which is told once. Send no Idempotency-Key: answers are kept."""
    return await actions.make(tx, by, told, house.clock.now())


@router.post("/{token_id}/revoke")
async def revoke(token_id: RowId, by: By, tx: InTx, house: InHouse) -> TokenFact:
    """End a token at once: its requests are refused and its pushes end, on every node."""
    return await actions.revoke(tx, by, token_id, house.clock.now())
