"""What can happen to notices, brought about once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.delivery.notices import actions
from app.delivery.notices.commands import NoticeIn
from app.org.tables import LoginSession
from tests.world import World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
CLERK = 106


async def notice_evening(world: World, do: Do) -> None:
    """One who is logged in is told, does not look, is told by SMS, reads it; another has a telephone only."""
    officer, now = world.people["officer"], world.clock.now
    second = replace(world.people["second"], person_id=CLERK)
    held = LoginSession(
        token_hash="of the clerk",
        account_id=second.account_id,
        created_at=now(),
        expires_at=now() + timedelta(days=1),
    )
    await world.run("UPDATE account SET person_id = :clerk WHERE username = 'second'", clerk=CLERK)

    async def log_in(tx: Tx) -> None:
        tx.add(held)

    await world.do(log_in)
    words = NoticeIn(person_ids=[CLERK, CLERK + 1], text="请来会商")
    told, _ = await do(lambda tx: actions.send(tx, officer, words, "evening", now()))
    world.later(minutes=3)
    await do(lambda tx: actions.follow(tx, now()))
    await do(lambda tx: actions.read(tx, second, told.id, now()))
    await world.run("UPDATE account SET person_id = NULL WHERE username = 'second'")
