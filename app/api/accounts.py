"""Accounts (账号管理): who may log in, as what, for which places; logins that hold; what happened to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.org.administration import actions, store
from app.org.administration.commands import AccountIn, AccountPatch, PasswordIn
from app.org.administration.facts import AuditFact, UserAccount
from app.org.rules.access import require, require_for_county

router = APIRouter(prefix="/api/accounts", tags=["accounts"], route_class=DeskRoute)

LoginId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse) -> list[UserAccount]:
    """Return every account of the county with the logins that hold."""
    require_for_county(by, "manage_accounts")
    return await store.listed(tx, by.stream, house.clock.now())


@router.get("/audit")
async def audit(
    by: By,
    tx: InTx,
    before: Annotated[int | None, Query(ge=1, description="the last seq that is known")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[AuditFact]:
    """Return logins, refusals and changes of accounts, the latest first; for auditors."""
    require(by, "audit")
    return await store.audit(tx, by.stream, before, limit)


@router.post("", status_code=201)
async def open_account(told: AccountIn, by: By, tx: InTx, house: InHouse) -> UserAccount:
    """Open an account."""
    return await actions.open_account(tx, by, told, house.clock.now())


@router.patch("/{account_id}")
async def amend(account_id: RowId, told: AccountPatch, by: By, tx: InTx, house: InHouse) -> UserAccount:
    """Change the fields that are named; other rights or a closed account end its logins."""
    return await actions.amend(tx, by, account_id, told, house.clock.now())


@router.post("/{account_id}/password")
async def set_password(account_id: RowId, told: PasswordIn, by: By, tx: InTx, house: InHouse) -> UserAccount:
    """Give the account a new password and end its logins."""
    return await actions.set_password(tx, by, account_id, told, house.clock.now())


@router.delete("/{account_id}/logins")
async def end_logins(account_id: RowId, by: By, tx: InTx, house: InHouse) -> UserAccount:
    """End every login of an account; its screens close at once."""
    return await actions.end_logins(tx, by, account_id, None, house.clock.now())


@router.delete("/{account_id}/logins/{login}")
async def end_login(account_id: RowId, login: LoginId, by: By, tx: InTx, house: InHouse) -> UserAccount:
    """End one login of an account."""
    return await actions.end_logins(tx, by, account_id, login, house.clock.now())
