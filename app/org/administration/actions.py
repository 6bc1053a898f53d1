"""Keep accounts: open, amend, close, give a new password, end logins. Nobody is deleted."""

from __future__ import annotations

import asyncio
from datetime import datetime

from app.db import Database, Tx
from app.journal import store as journal
from app.org import store as org
from app.org.accounts import BadCredentials, new_account, prove, token_hash
from app.org.administration import store
from app.org.administration.commands import AccountIn, AccountPatch, OwnPasswordIn, PasswordIn
from app.org.administration.events import AccountKept, KeptAs
from app.org.administration.facts import UserAccount
from app.org.passwords import password_hash
from app.org.rules.access import Concern, Viewer, actor, require_for_county
from app.org.store import people, sessions
from app.org.tables import NO_PASSWORD, Account
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal


class UsernameTaken(Refusal):
    """Another account has this name."""

    code = "username_taken"

    def __init__(self, username: str) -> None:
        super().__init__(f"用户名 {username} 已被使用", f"the user name {username} is in use")


class OwnAccount(Refusal):
    """Whoever keeps the accounts cannot lock himself out."""

    code = "own_account"

    def __init__(self) -> None:
        super().__init__(
            "不能停用自己的账号或更改自己的角色和辖区",
            "you cannot close your own account nor change its role or scope",
        )


async def open_account(tx: Tx, by: Viewer, told: AccountIn, now: datetime) -> UserAccount:
    """Open an account. Raises NotPermitted, UsernameTaken, InvalidInput."""
    require_for_county(by, "manage_accounts")
    if await store.is_taken(tx, told.username):
        raise UsernameTaken(told.username)
    await _require_possible(tx, by, told.scope, told.team_ids, told.person_id)
    row = await asyncio.to_thread(
        new_account, told.username, told.password, told.name, told.role, by.stream, told.scope, told.team_ids
    )
    row.person_id = told.person_id
    tx.add(row)
    await tx.flush()
    return await _tell(tx, by, row, "account.opened", now)


async def amend(tx: Tx, by: Viewer, account_id: int, told: AccountPatch, now: datetime) -> UserAccount:
    """Change what was named; other rights or a closed account end its logins.

    Raises NotFound, NotPermitted, OwnAccount, InvalidInput.
    """
    row = await _account_for(tx, by, account_id)
    values = {name: value for name, value in told.row().items() if getattr(row, name) != value}
    if not values:
        return await store.fact(tx, by.stream, account_id, now)
    if account_id == by.account_id and values.keys() & {"active", "role", "scope"}:
        raise OwnAccount
    await _require_possible(tx, by, told.scope or row.scope, told.team_ids or [], told.person_id)
    for name, value in values.items():
        setattr(row, name, value)
    if values.keys() & {"active", "role", "scope", "team_ids", "person_id"}:
        await sessions.end_logins(tx, account_id)  # a screen that is open shows what the old rights showed
    kind: KeptAs = "account.closed" if values.get("active") is False else "account.amended"
    changed = sorted("name" if name == "name_zh" else name for name in values)
    return await _tell(tx, by, row, kind, now, changed)


async def set_password(tx: Tx, by: Viewer, account_id: int, told: PasswordIn, now: datetime) -> UserAccount:
    """Give an account a new password and end its logins. Raises NotFound, NotPermitted."""
    row = await _account_for(tx, by, account_id)
    if row.password_hash == NO_PASSWORD:  # of a wall, a token, the sealed login
        raise NotFound("该账号", "account")
    row.password_hash = await asyncio.to_thread(password_hash, told.password)
    await sessions.end_logins(tx, account_id)
    return await _tell(tx, by, row, "account.password_set", now)


async def change_own(
    database: Database, by: Viewer, token: str, told: OwnPasswordIn, address: str, now: datetime
) -> None:
    """Change one's own password; every other login of the account ends.

    The current password is asked as at the login: a wrong one is counted, told to auditors and slows down.
    Raises InvalidInput (the current one is wrong, or the new one is the same), TooManyAttempts.
    """
    try:
        await prove(database, by.username, told.current, address, now)
    except BadCredentials:
        raise InvalidInput(FieldFault("current", "当前密码不对", "the current password is wrong")) from None
    if told.password == told.current:
        raise InvalidInput(
            FieldFault(
                "password", "新密码不能与当前密码相同", "the new password is the same as the current one"
            )
        )
    hashed = await asyncio.to_thread(password_hash, told.password)
    async with database.transaction() as tx:
        row = await store.locked(tx, by.stream, by.account_id)
        assert row is not None
        row.password_hash = hashed
        await sessions.end_other_logins(tx, by.account_id, token_hash(token))
        await _tell(tx, by, row, "account.password_set", now)


async def end_logins(tx: Tx, by: Viewer, account_id: int, login: str | None, now: datetime) -> UserAccount:
    """End all logins of an account, or one. Raises NotFound (also when no such login holds), NotPermitted."""
    row = await _account_for(tx, by, account_id)
    ended = await sessions.end_logins(tx, account_id, login)
    if ended == 0 and login is not None:
        raise NotFound("该登录", "login")
    if ended == 0:
        return await store.fact(tx, by.stream, account_id, now)
    return await _tell(tx, by, row, "account.logins_ended", now)


async def _account_for(tx: Tx, by: Viewer, account_id: int) -> Account:
    require_for_county(by, "manage_accounts")
    row = await store.locked(tx, by.stream, account_id)
    if row is None:
        raise NotFound("该账号", "account")
    return row


async def _require_possible(
    tx: Tx, by: Viewer, scope: str, team_ids: list[int], person_id: int | None
) -> None:
    """Raise InvalidInput for a place, team or person that is not the county's."""
    faults = []
    if not scope.startswith(by.stream) or await org.region(tx, scope.ljust(12, "0")) is None:
        faults.append(FieldFault("scope", "没有这个地区", "no such place"))
    if unknown := await store.unknown_teams(tx, by.stream, team_ids):
        faults.append(FieldFault("team_ids", f"没有队伍 {unknown[0]}", f"no team {unknown[0]}"))
    if person_id is not None and await people.fact(tx, by.stream, person_id) is None:
        faults.append(FieldFault("person_id", "没有这个人员", "no such person"))
    if faults:
        raise InvalidInput(*faults)


async def _tell(
    tx: Tx, by: Viewer, row: Account, kind: KeptAs, now: datetime, changed: list[str] | None = None
) -> UserAccount:
    await tx.flush()
    assert row.id is not None
    event = AccountKept(type=kind, username=row.username, account_id=row.id, changed=changed or [])
    concern = Concern((row.scope.ljust(12, "0"),), audience="audit")
    fact = await store.fact(tx, by.stream, row.id, now)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
