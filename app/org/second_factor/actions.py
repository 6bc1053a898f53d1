"""Set a second factor up, ask for it at login, take it away."""

from __future__ import annotations

import secrets
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.administration import store as accounts
from app.org.administration.events import AccountKept, KeptAs
from app.org.administration.facts import UserAccount
from app.org.rules.access import Concern, Viewer, actor, require_for_county
from app.org.second_factor import rules, store
from app.org.second_factor.facts import FactorState, PaperCodes
from app.org.second_factor.proof import proves, wrong_code
from app.org.second_factor.tables import SecondFactor
from app.refusals import NotFound, Refusal


class FactorStands(Refusal):
    """The account has a second factor: the old one goes first."""

    code = "factor_stands"

    def __init__(self) -> None:
        super().__init__(
            "本账号已启用二次验证,更换请先停用", "this account has a second factor: remove it first"
        )


async def state(tx: Tx, by: Viewer) -> FactorState:
    """Return how the viewer's own login is kept."""
    row = await store.of(tx, by.account_id)
    if row is None or row.confirmed_at is None:
        return FactorState(since=None, paper_left=0)
    return FactorState(since=row.confirmed_at, paper_left=len(row.paper))


async def begin(tx: Tx, by: Viewer, now: datetime) -> bytes:
    """Make a new secret for the viewer; it counts once `confirm` has seen a code. Raises FactorStands."""
    row = await store.of(tx, by.account_id)
    if row is not None and row.confirmed_at is not None:
        raise FactorStands
    secret = secrets.token_bytes(rules.SECRET_BYTES)
    if row is None:
        row = SecondFactor(account_id=by.account_id, secret=secret, begun_at=now)
        tx.add(row)
    row.secret, row.begun_at = secret, now
    await tx.flush()
    return secret


async def confirm(tx: Tx, by: Viewer, code: str, now: datetime) -> PaperCodes:
    """Let it count from now, and return the codes for paper. Raises NotFound, FactorStands, InvalidInput."""
    row = await store.of(tx, by.account_id)
    if row is None:
        raise NotFound("待确认的二次验证", "second factor to confirm")
    if row.confirmed_at is not None:
        raise FactorStands
    step = rules.matching_step(row.secret, rules.normal(code), now, row.last_step)
    if step is None:
        raise wrong_code()
    codes = [rules.paper_code(secrets.token_bytes(8)) for _ in range(rules.PAPER_CODES)]
    row.confirmed_at, row.last_step, row.paper = now, step, [rules.hashed(one) for one in codes]
    await _tell(tx, by, by.account_id, by.username, by.scope, "account.factor_added", now)
    return PaperCodes(codes=codes)


async def remove_own(tx: Tx, by: Viewer, code: str, now: datetime) -> FactorState:
    """Take the viewer's factor away, against one more code. Raises InvalidInput."""
    if not await proves(tx, by.account_id, code, now):
        raise wrong_code()
    return await _remove(tx, by, by.account_id, by.username, by.scope, now)


async def remove(tx: Tx, by: Viewer, account_id: int, now: datetime) -> UserAccount:
    """Take it away from one who lost his phone and his paper. Raises NotFound, NotPermitted."""
    require_for_county(by, "manage_accounts")
    account = await accounts.locked(tx, by.stream, account_id)
    if account is None:
        raise NotFound("该账号", "account")
    await _remove(tx, by, account_id, account.username, account.scope, now)
    return await accounts.fact(tx, by.stream, account_id, now)


async def _remove(
    tx: Tx, by: Viewer, account_id: int, username: str, scope: str, now: datetime
) -> FactorState:
    row = await store.of(tx, account_id)
    if row is not None:
        counted = row.confirmed_at is not None
        await tx.delete(row)
        if counted:
            await _tell(tx, by, account_id, username, scope, "account.factor_removed", now)
    return FactorState(since=None, paper_left=0)


async def _tell(
    tx: Tx, by: Viewer, account_id: int, username: str, scope: str, kind: KeptAs, now: datetime
) -> None:
    await tx.flush()
    event = AccountKept(type=kind, username=username, account_id=account_id)
    concern = Concern((scope.ljust(12, "0"),), audience="audit")
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
