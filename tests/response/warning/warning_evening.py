"""Everything that can happen to warnings, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.codecs import cn12379
from app.db import Tx
from app.response.warning.actions import desk, sources, watching
from app.response.warning.actions.intake import receive
from app.response.warning.commands import WarningSourceIn, WarningVouchIn
from tests.response.warning.bulletins import notice, push, xml
from tests.world import EAST, STREAM, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def warning_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of warnings."""
    by, lead, now = world.people["officer"], world.people["lead"], world.clock.now()
    made = await do(lambda tx: sources.make(tx, lead, WarningSourceIn(name="省平台"), now))
    await do(lambda tx: sources.revoke(tx, lead, made.id, now))
    second = now + timedelta(seconds=1)
    came = await do(lambda tx: receive(tx, push(), xml("Red", now), now))
    await do(lambda tx: receive(tx, push(), xml("Yellow", second, of=now, codes=[EAST]), now))
    await do(lambda tx: desk.acknowledge(tx, by, came.warning_id, now))
    # A stranger's cancels: one is judged to be none, one to be right.
    for number, accept in enumerate((False, True)):
        strange = _strange(notice("Yellow", second, of=now, kind="Cancel"), number)
        waits = await do(lambda tx, data=strange: receive(tx, push(), data, now))  # type: ignore[misc]
        told = WarningVouchIn(accept=accept, reason="电话核实")
        await do(lambda tx, id_=waits.id, told=told: desk.vouch(tx, by, id_, told, now))  # type: ignore[misc]
    await do(lambda tx: receive(tx, push(), b"<alert/>", now))
    third = now + timedelta(seconds=3)
    other = await do(lambda tx: receive(tx, push(), xml("Blue", third, hours=1), now))
    drill = xml("Blue", now + timedelta(seconds=4), of=third, kind="Cancel", status="Exercise")
    await do(lambda tx: receive(tx, push(), drill, now))
    assert other.warning_id
    await do(lambda tx: watching.expire(tx, STREAM, third + timedelta(hours=2)))


def _strange(one: Any, number: int) -> bytes:
    """The same message, of another bureau."""
    unit = f"9901824160000{number}"
    name = unit + one.identifier[14:]
    return cn12379.write(replace(one, sender="邻县气象局", sender_code=unit, identifier=name))
