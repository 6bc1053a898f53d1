"""Silence is acted upon (督办): a message again, then the head of the unit who is on duty at that instant."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.order.actions.issuing import Series
from app.dispatch.order.actions.sending import remind, standing_of, wait
from app.dispatch.order.actions.telling import concern_of
from app.dispatch.order.events import OrderSupervised
from app.dispatch.order.rules.supervise import next_step
from app.dispatch.order.store import orders, parts
from app.dispatch.order.tables import OrderSupervision
from app.duty.roster.on_call import to_call
from app.journal import store as journal

AGAIN_AFTER = timedelta(seconds=30)


async def put_off(tx: Tx, recipient_id: int, now: datetime) -> None:
    """Try a supervision that could not be taken again half a minute later, for the others' sake."""
    part = await parts.locked(tx, recipient_id)
    if part.next_step_at is not None and part.next_step_at <= now:
        part.next_step_at = now + AGAIN_AFTER


async def supervise(
    tx: Tx, stream: str, order_id: int, recipient_id: int, now: datetime, series: Series
) -> bool:
    """Take the supervision of one recipient that is due; False if another node was first or it was answered.

    The rows are locked and the timer is a column: it fires once, also after a restart.
    """
    order = await orders.locked(tx, stream, order_id)
    part = await parts.locked(tx, recipient_id)
    if order is None or part.next_step_at is None or part.next_step_at > now:
        return False
    step = next_step(standing_of(order, part), series.waits)
    if order.state != "issued" or step is None or step.at > now:
        wait(order, part, series.waits)
        if order.state != "issued":
            part.next_step_at = None
        return False
    if step.about == "acknowledgement":
        part.ack_told = step.step
    else:
        part.report_told = step.step
    called = await to_call(tx, stream, part.region_code, now) if step.step == 2 else []
    fired = OrderSupervision(
        recipient_id=recipient_id,
        round=part.round,
        about=step.about,
        step=step.step,
        due_at=step.at,
        fired_at=now,
        called=[one.model_dump(mode="json") for one in called],
    )
    tx.add(fired)
    wait(order, part, series.waits)
    await remind(tx, order, part, step.about, step.step, now, series.zone)
    await tx.flush()
    event = OrderSupervised(
        type="order.supervised",
        order=await orders.fact(tx, order_id),
        recipient=await parts.fact(tx, recipient_id),
        supervision=parts.supervision_fact(fired),
    )
    entry = journal.Entry(event, await concern_of(tx, order, [part]), order.incident_id)
    await journal.append(tx, stream, now, [entry])
    return True
