"""Make, open and revoke wall screens."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.journal import store as journal
from app.org import store as org
from app.org.accounts import LoggedIn, open_session, token_hash
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store.sessions import end_logins
from app.org.tables import NO_PASSWORD, Account
from app.org.walls import store
from app.org.walls.events import WallChanged
from app.org.walls.facts import NewWall, WallFact, WallIn
from app.org.walls.tables import WallScreen
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal

MOST = 50
# As long as browsers keep a cookie (RFC 6265bis, 400 days); whoever opens the wall's address begins anew.
LIFETIME = timedelta(days=400)


class NoSuchWall(Refusal):
    """The token of a wall screen is wrong or was revoked."""

    code = "no_such_wall"

    def __init__(self) -> None:
        super().__init__(
            "大屏地址无效或已停用,请向指挥中心索取新的",
            "this wall's address is wrong or was revoked: ask for a new one",
        )


async def listed(tx: Tx, by: Viewer) -> list[WallFact]:
    """Return the wall screens within one's scope."""
    require(by, "manage_people")
    return await store.listed(tx, by.stream, by.scope)


async def make(tx: Tx, by: Viewer, told: WallIn, now: datetime) -> NewWall:
    """Make a wall screen. Raises InvalidInput for a place out of reach or when there are too many."""
    require(by, "manage_people")
    scope = by.scope if told.region_code is None else _prefix(told.region_code)
    known = told.region_code is None or await org.region(tx, told.region_code) is not None
    if not by.covers(scope) or not known:
        raise InvalidInput(FieldFault("region_code", "不在您的辖区内", "not within your scope"))
    if sum(one.revoked_at is None for one in await store.listed(tx, by.stream, by.scope)) >= MOST:
        raise InvalidInput(
            FieldFault("name", f"最多{MOST}个大屏,请先停用旧的", f"{MOST} walls at most: revoke one")
        )
    token = secrets.token_urlsafe(32)
    account = Account(
        username=f"wall-{secrets.token_hex(4)}",
        password_hash=NO_PASSWORD,
        name_zh=told.name,
        role="wall",
        stream=by.stream,
        scope=scope,
    )
    tx.add(account)
    await tx.flush()
    assert account.id is not None
    tx.add(WallScreen(account_id=account.id, token_hash=token_hash(token), made_by=by.name, made_at=now))
    await tx.flush()
    fact = await store.fact(tx, by.stream, account.id)
    await journal.append(tx, by.stream, now, [_entry("wall.made", fact)], actor(by))
    return NewWall(**fact.model_dump(), path=f"/wall?token={token}")


async def revoke(tx: Tx, by: Viewer, wall_id: int, now: datetime) -> WallFact:
    """Take a wall screen down: its token opens nothing, and what it shows ends. Raises NotFound."""
    require(by, "manage_people")
    found = await store.locked(tx, by.stream, by.scope, wall_id)
    if found is None:
        raise NotFound("该大屏", "wall screen")
    wall, account = found
    wall.revoked_at, wall.revoked_by = now, by.name
    account.active = False
    await end_logins(tx, wall_id)
    await tx.flush()
    fact = await store.fact(tx, by.stream, wall_id)
    await journal.append(tx, by.stream, now, [_entry("wall.revoked", fact)], actor(by))
    return fact


async def opened(tx: Tx, token: str, address: str, now: datetime) -> LoggedIn:
    """Let a display in by its token. Raises NoSuchWall."""
    found = await store.by_token(tx, token_hash(token))
    if found is None:
        raise NoSuchWall
    wall, account = found
    wall.opened_at = now
    return await open_session(tx, account, address, now, LIFETIME)


def _prefix(region_code: str) -> str:
    """Return what the codes of all places within a place begin with."""
    if region_code.endswith("000000"):
        return region_code[:6]
    return region_code.removesuffix("000")


def _entry(type_: Literal["wall.made", "wall.revoked"], fact: WallFact) -> journal.Entry:
    return journal.Entry(
        WallChanged(type=type_, wall=fact), Concern((fact.scope.ljust(12, "0"),), audience="audit")
    )
