"""Seal, open and end the emergency login. Who opens it tells every desk and leader in that transaction."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from app.db import Database, Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.duty.break_glass import store
from app.duty.break_glass.events import BreakGlassChanged
from app.duty.break_glass.facts import BreakGlassFact, OpenIn
from app.duty.break_glass.rules import BYTES, code_of, hashed
from app.duty.break_glass.tables import BreakGlass
from app.duty.roster.answering import shift_lead
from app.journal import store as journal
from app.org.accounts import LoggedIn, open_session, token_hash
from app.org.rules.access import Concern, Viewer, actor, require, require_for_county
from app.org.store import throttle
from app.org.store.sessions import end_session
from app.refusals import NotFound, Refusal
from app.wire import Actor


class WrongSheet(Refusal):
    """The code is of no sheet that lies sealed: it was mistyped, used, or replaced by a newer one."""

    code = "wrong_sheet"

    def __init__(self) -> None:
        super().__init__(
            "应急码不对、已用过或已被新的密封件取代",
            "the code is wrong, was used, or a newer sheet was sealed since",
        )


async def state(tx: Tx, by: Viewer) -> BreakGlassFact:
    """Return whether a sheet lies sealed, and the last that was opened."""
    require(by, "see_desk")
    return await store.fact(tx, by.stream)


async def seal(tx: Tx, stream: str, now: datetime) -> str:
    """Seal a new sheet and return its code, which stands nowhere else; the one before is void."""
    account = await store.account(tx, stream)
    assert account.id is not None
    await store.void(tx, stream, now)
    code = code_of(secrets.token_bytes(BYTES))
    tx.add(BreakGlass(stream=stream, account_id=account.id, code_hash=hashed(code), sealed_at=now))
    await _tell(tx, stream, "break_glass.sealed", account.id, "zhishou break-glass", "", "", now, None)
    return code


async def open_sealed(
    database: Database, stream: str, told: OpenIn, address: str, now: datetime, lifetime: timedelta
) -> LoggedIn:
    """Log in with the code of the sealed sheet, once. Raises WrongSheet.

    Nobody is kept out for others' wrong guesses: 125 bits need no waiting, and wrong ones are counted so that
    they slow down whatever else comes from their address.
    """
    async with database.transaction() as tx:
        found = await store.by_code(tx, stream, hashed(told.code))
        if found is not None:
            sheet, account = found
            opened = await open_session(tx, account, address, now, lifetime)
            sheet.opened_at, sheet.opened_by, sheet.opened_from = now, told.name, address
            sheet.reason, sheet.ends_at = told.reason, now + lifetime
            sheet.session_hash = token_hash(opened.token)
            await _alarm(tx, stream, told, now)
            who = replace(opened.viewer, name=f"{opened.viewer.name}({told.name})")
            await _tell(
                tx,
                stream,
                "break_glass.opened",
                sheet.account_id,
                told.name,
                address,
                told.reason,
                now,
                actor(who),
            )
            return opened
        await throttle.count_failure(tx, throttle.keys_of("break-glass", address), now)
    raise WrongSheet


async def close(tx: Tx, by: Viewer, now: datetime) -> BreakGlassFact:
    """End what a sheet opened, before its time. Raises NotPermitted, NotFound when nothing is open."""
    require_for_county(by, "manage_accounts")
    sheet = await store.last_opened(tx, by.stream, lock=True)
    if sheet is None or sheet.closed_at is not None or sheet.ends_at is None or sheet.ends_at <= now:
        raise NotFound("正在使用的应急账号", "emergency login in use")
    sheet.closed_at, sheet.closed_by = now, by.name
    await end_session(tx, sheet.session_hash or "")
    return await _tell(tx, by.stream, "break_glass.closed", sheet.account_id, by.name, "", "", now, actor(by))


async def _alarm(tx: Tx, stream: str, told: OpenIn, now: datetime) -> None:
    """Tell the leaders and who leads the shift, on every screen and by SMS."""
    whom = [*await store.leaders(tx, stream), *await shift_lead(tx, stream, now)]
    matter = Matter(
        topic="plain",
        key=f"break_glass:{now.isoformat()}",
        text=f"【应急账号】{told.name}拆封使用应急账号登录值守系统,事由:{told.reason}。如非授权请立即处置",
        regions=(stream.ljust(12, "0"),),
        text_en=f"Emergency login opened by {told.name}: {told.reason}. If nobody allowed it, act now",
    )
    await notices.tell(tx, stream, whom, matter, now)


async def _tell(
    tx: Tx,
    stream: str,
    kind: Literal["break_glass.sealed", "break_glass.opened", "break_glass.closed"],
    account_id: int,
    who: str,
    address: str,
    reason: str,
    now: datetime,
    by: Actor | None,
) -> BreakGlassFact:
    await tx.flush()
    fact = await store.fact(tx, stream)
    event = BreakGlassChanged(
        type=kind, account_id=account_id, username=who, address=address, reason=reason, break_glass=fact
    )
    concern = Concern((stream.ljust(12, "0"),))
    await journal.append(tx, stream, now, [journal.Entry(event, concern)], by)
    return fact
