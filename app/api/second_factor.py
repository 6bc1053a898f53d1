"""The second factor of one's own login (二次验证), and its removal by who keeps the accounts."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.qr import qr_code
from app.api.route import DeskRoute
from app.commands import RowId
from app.org.administration.facts import UserAccount
from app.org.second_factor import actions, rules
from app.org.second_factor.commands import CodeIn
from app.org.second_factor.facts import FactorDraft, FactorState, PaperCodes

router = APIRouter(prefix="/api", tags=["accounts"], route_class=DeskRoute)


@router.get("/me/second-factor")
async def state(by: By, tx: InTx) -> FactorState:
    """Say whether a code is asked for at one's own login."""
    return await actions.state(tx, by)


@router.post("/me/second-factor", status_code=201)
async def begin(by: By, tx: InTx, house: InHouse) -> FactorDraft:
    """Return a new secret; it counts once a code of it was typed."""
    secret = await actions.begin(tx, by, house.clock.now())
    uri = rules.uri(secret, f"值守 {house.settings.stream}", by.username)
    return FactorDraft(secret=rules.base32(secret), uri=uri, qr=qr_code(uri))


@router.post("/me/second-factor/confirmation", status_code=201)
async def confirm(told: CodeIn, by: By, tx: InTx, house: InHouse) -> PaperCodes:
    """Let it count from now; the codes for paper are shown this once."""
    return await actions.confirm(tx, by, told.code, house.clock.now())


@router.post("/me/second-factor/removal")
async def remove_own(told: CodeIn, by: By, tx: InTx, house: InHouse) -> FactorState:
    """Take one's own factor away, against one more code."""
    return await actions.remove_own(tx, by, told.code, house.clock.now())


@router.delete("/accounts/{account_id}/second-factor")
async def remove(account_id: RowId, by: By, tx: InTx, house: InHouse) -> UserAccount:
    """Take it away from one who lost his phone and his codes on paper."""
    return await actions.remove(tx, by, account_id, house.clock.now())
