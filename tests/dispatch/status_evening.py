"""What can happen to status round-ups, brought about once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.dispatch.actions import intake
from app.dispatch.status_call.actions import answering, asking, reaching, repeats, summary
from app.dispatch.status_call.commands import (
    CancelIn,
    QuestionIn,
    RecipientsIn,
    RemindIn,
    RepeatIn,
    StatusAnswerIn,
    StatusCallIn,
)
from app.org import store as org
from app.signals import Text
from tests.world import EAST, STREAM, WEST, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
CARD = 2  # a card of the east that carries texts


async def status_evening(world: World, do: Do) -> None:
    """One round planned and called off; one asked, reminded, answered late, corrected, kept, repeated."""
    officer, east, now = world.people["officer"], world.people["east"], world.clock.now
    asked = QuestionIn(kind="number", text="在岗人数", unit="人", minimum=0)

    async def opened(hours: int, **more: Any) -> int:
        told = StatusCallIn(
            title="在岗情况",
            questions=[asked],
            recipients=RecipientsIn(region_codes=[EAST, WEST]),
            due_at=now() + timedelta(hours=hours),
            remind_before_min=None,
            **more,
        )
        return int((await do(lambda tx: asking.ask(tx, officer, told, now(), ZONE))).id)

    planned = await opened(9, opens_at=now() + timedelta(hours=8))
    await do(lambda tx: asking.cancel(tx, officer, planned, CancelIn(reason="改期"), now()))
    call = await opened(2)
    rows = await world.rows(
        "SELECT r.id FROM status_recipient r JOIN org_unit u ON u.id = r.unit_id"
        " WHERE r.call_id = :id AND u.region_code = :east ORDER BY r.id LIMIT 1",
        id=call,
        east=EAST,
    )
    mine = int(rows[0]["id"])
    await do(lambda tx: answering.read(tx, east, mine, now()))
    await do(lambda tx: reaching.remind(tx, officer, call, RemindIn(), now(), ZONE))

    async def mumble(tx: Tx) -> None:
        card = await org.device_by_id(tx, STREAM, CARD)
        assert card is not None
        await intake.hear_text(tx, card, Text("r-1", f"#{call} 1=很多", b""), b"", now())

    await do(mumble)
    world.later(hours=2, seconds=1)
    await do(lambda tx: repeats.look(tx, STREAM, now(), ZONE))
    for values, reason in (({"1": 7.0}, ""), ({"1": 8.0}, "漏算1人")):
        told = StatusAnswerIn(values=values, reason=reason)
        await do(lambda tx, told=told: answering.answer(tx, east, mine, told, now()))  # type: ignore[misc]
    await do(lambda tx: summary.keep(tx, officer, call, now()))
    await do(lambda tx: repeats.set_repeat(tx, officer, call, RepeatIn(every_hours=4), now(), ZONE))
    await do(lambda tx: repeats.stop(tx, officer, call, now()))
    await do(lambda tx: asking.close(tx, officer, call, now()))
