"""An evening on which everything happens that can happen to orders and instructions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.dispatch.instruction import actions as instruction
from app.dispatch.instruction.commands import InstructionCloseIn, InstructionIn, SplitIn
from app.dispatch.order.actions import answering, drafting, issuing
from app.dispatch.order.actions.issuing import Series
from app.dispatch.order.actions.supervising import supervise
from app.dispatch.order.commands import (
    CloseOutIn,
    FeedbackIn,
    IssueIn,
    OrderAmendIn,
    OrderEditIn,
    OrderIn,
    OrderReceiptIn,
    RecipientIn,
    TaskIn,
)
from app.dispatch.order.facts import OrderFact
from app.dispatch.order.rules.supervise import Waits
from tests.world import HILL, RIVER, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
MINUTE = timedelta(minutes=1)
SERIES = Series("樟", "应指令", Waits(3 * MINUTE, 7 * MINUTE, 60 * MINUTE), ZONE)
TO_RIVER: dict[str, Any] = {
    "title": "加强值守",
    "recipients": [RecipientIn(team_id=RIVER)],
    "tasks": [TaskIn(text="全员到岗")],
}


async def order_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of orders and instructions."""
    officer, now, waits = world.people["officer"], world.clock.now, SERIES.waits
    draft = await do(lambda tx: drafting.draft(tx, officer, OrderIn(**TO_RIVER), now(), waits))
    edited = OrderEditIn(**TO_RIVER, text="请落实", revision=1)
    draft = await do(lambda tx: drafting.edit(tx, officer, draft.id, edited, now(), waits))
    order = await _issued(world, do, draft)
    more = {**TO_RIVER, "recipients": [RecipientIn(team_id=RIVER), RecipientIn(team_id=HILL)]}
    amended = OrderAmendIn(**more, revision=order.revision, reason="增加一队")
    await do(lambda tx: issuing.amend(tx, officer, order.id, amended, now(), SERIES))
    await _answered(world, do, order.id)
    other = await do(lambda tx: drafting.draft(tx, officer, OrderIn(**TO_RIVER), now(), waits))
    await do(lambda tx: drafting.withdraw(tx, officer, other.id, "不再需要", now()))
    told = InstructionIn(leader_name="沈立", text="速办")
    said = await do(lambda tx: instruction.capture(tx, officer, told, now()))
    await do(lambda tx: instruction.split(tx, officer, said.id, SplitIn(**TO_RIVER), now(), SERIES))
    (task,) = await world.rows("SELECT id, recipient_id FROM order_task ORDER BY id DESC LIMIT 1")
    await _finish(world, do, task["recipient_id"], task["id"])
    ended = InstructionCloseIn(outcome="已落实")
    await do(lambda tx: instruction.close(tx, officer, said.id, ended, now()))


async def _issued(world: World, do: Do, draft: OrderFact) -> OrderFact:
    told = IssueIn(revision=draft.revision, issued_as="commander")
    leader, now = world.people["leader"], world.clock.now
    order: OrderFact = await do(lambda tx: issuing.issue(tx, leader, draft.id, told, now(), SERIES))
    return order


async def _answered(world: World, do: Do, order_id: int) -> None:
    crew, officer, now = world.people["crew"], world.people["officer"], world.clock.now
    river, hill = await world.rows(
        "SELECT r.id, t.id AS task FROM order_recipient r JOIN order_task t ON t.recipient_id = r.id "
        "WHERE r.order_id = :id AND t.state <> 'dropped' ORDER BY r.ordinal",
        id=order_id,
    )
    await do(lambda tx: answering.show(tx, crew, river["id"], now()))
    waits = SERIES.waits
    await do(lambda tx: answering.acknowledge(tx, crew, river["id"], OrderReceiptIn(), now(), waits))
    progress = FeedbackIn(text="正在集结")
    await do(lambda tx: answering.feedback(tx, crew, river["id"], progress, now(), waits))
    done = FeedbackIn(text="到岗", done_task_ids=[river["task"]])
    await do(lambda tx: answering.feedback(tx, crew, river["id"], done, now(), waits))
    back = CloseOutIn(accepted=False, remark="还差两人")
    await do(lambda tx: answering.close_out(tx, officer, river["id"], back, now(), waits))
    world.later(minutes=4)
    await do(lambda tx: supervise(tx, STREAM, order_id, hill["id"], now(), SERIES))
    await _finish(world, do, river["id"], river["task"])
    await _finish(world, do, hill["id"], hill["task"])


async def _finish(world: World, do: Do, recipient_id: int, task_id: int) -> None:
    officer, now, waits = world.people["officer"], world.clock.now, SERIES.waits
    told = FeedbackIn(text="已到岗", done_task_ids=[task_id], channel="telephone", voucher="队长")
    await do(lambda tx: answering.feedback(tx, officer, recipient_id, told, now(), waits))
    accepted = CloseOutIn(accepted=True)
    await do(lambda tx: answering.close_out(tx, officer, recipient_id, accepted, now(), waits))
