"""Receipt, report and close-out of one recipient's part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from app.db import Tx
from app.delivery.actions import move, note
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.delivery.store import unended_of_recipient
from app.dispatch.commands import earlier
from app.dispatch.order.actions.drafting import own
from app.dispatch.order.actions.sending import stop, wait
from app.dispatch.order.actions.telling import Answered, answered, changed
from app.dispatch.order.commands import CloseOutIn, FeedbackIn, OrderReceiptIn
from app.dispatch.order.facts import OrderRecipientDetail
from app.dispatch.order.refusals import NothingReported, VoucherMissing
from app.dispatch.order.rules.steps import check_recipient, order_closed, state_after
from app.dispatch.order.rules.supervise import Waits
from app.dispatch.order.store import orders, parts
from app.dispatch.order.tables import DispatchOrder, OrderAnswer, OrderRecipient, OrderTask
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.org.store import DeviceFact
from app.refusals import FieldFault, InvalidInput, NotFound
from app.wire import Actor

Kind = Literal["acknowledged", "progress", "done", "accepted", "returned"]


async def show(tx: Tx, by: Viewer, recipient_id: int, now: datetime) -> None:
    """Note that the app showed the order: its messages are delivered. Nothing happens a second time."""
    order, part = await _part(tx, by, recipient_id)
    if not parts.is_mine(by, part, order.region_code):
        raise NotFound("该指令", "order")
    shown = [row for row in await unended_of_recipient(tx, recipient_id) if row.channel == "app"]
    for row in shown:
        if move(row, "deliver", now):
            await note(tx, row, now, actor(by))


async def acknowledge(
    tx: Tx, by: Viewer, recipient_id: int, told: OrderReceiptIn, now: datetime, waits: Waits
) -> OrderRecipientDetail:
    """Acknowledge an order (签收), for oneself or on another's behalf.

    Raises IllegalStep, VoucherMissing, NotFound, NotPermitted.
    """
    order, part = await _for_answer(tx, by, recipient_id, told)
    check_recipient(order.state, part.state, "acknowledge")
    said = _said(order, part, "acknowledged", by.name, told, now)
    await _acknowledged(tx, order, part, said, now)
    wait(order, part, waits)
    return await _tell(tx, by, order, part, "order.acknowledged", said, now)


async def acknowledge_by_text(tx: Tx, device: DeviceFact, now: datetime) -> bool:
    """Take a text 6 from a device for the receipt of the order sent there last; False if none waits."""
    recipient_id = await parts.waiting_at_device(tx, device.stream, device.id)
    if recipient_id is None:
        return False
    order_id = await parts.order_of(tx, device.stream, recipient_id)
    order = await orders.locked(tx, device.stream, order_id or 0)
    part = await parts.locked(tx, recipient_id)
    if order is None or order.state != "issued" or part.state != "sent":
        return False
    told = OrderReceiptIn(channel=CHANNEL_OF_FAMILY[device.family])
    said = _said(order, part, "acknowledged", device.holder_name or device.label, told, now)
    await _acknowledged(tx, order, part, said, now)
    part.next_step_at = part.report_due_at  # whoever watches knows the waiting times
    entry = await answered(tx, order, part, "order.acknowledged", said)
    await journal.append(tx, order.stream, now, [entry])
    return True


async def feedback(
    tx: Tx, by: Viewer, recipient_id: int, told: FeedbackIn, now: datetime, waits: Waits
) -> OrderRecipientDetail:
    """Report on an order: progress, or tasks that are done. Who reports has acknowledged.

    Raises IllegalStep, VoucherMissing, InvalidInput, NotFound, NotPermitted.
    """
    order, part = await _for_answer(tx, by, recipient_id, told)
    check_recipient(order.state, part.state, "feedback")
    tasks = await parts.task_rows(tx, recipient_id)
    done = _named(tasks, told.done_task_ids, "open", "done_task_ids")
    kind: Kind = "done" if done else "progress"
    said = _said(order, part, kind, by.name, told, now, told.text, [task.id or 0 for task in done])
    if part.state == "sent":
        await _acknowledged(tx, order, part, said, now)
    else:
        tx.add(said)
    for task in done:
        task.state = "reported"
    _settle(part, tasks, now)
    wait(order, part, waits)
    return await _tell(tx, by, order, part, f"order.{kind}", said, now)  # type: ignore[arg-type]


async def close_out(
    tx: Tx, by: Viewer, recipient_id: int, told: CloseOutIn, now: datetime, waits: Waits
) -> OrderRecipientDetail:
    """Accept reported tasks (销号), or return them with the reason and a new deadline; the last acceptance of
    the last recipient closes the order.

    Raises IllegalStep, NothingReported, InvalidInput, NotFound, NotPermitted.
    """
    order_id = await parts.order_of(tx, by.stream, recipient_id)
    order = await own(tx, by, order_id or 0)
    part = await parts.locked(tx, recipient_id)
    check_recipient(order.state, part.state, "accept" if told.accepted else "return")
    tasks = await parts.task_rows(tx, recipient_id)
    judged = _named(tasks, told.task_ids, "reported", "task_ids") or [
        t for t in tasks if t.state == "reported"
    ]
    if not judged:
        raise NothingReported
    if told.due_at is not None and told.due_at <= now:
        raise InvalidInput(FieldFault("due_at", "新的时限须晚于现在", "the new deadline must lie ahead"))
    kind: Kind = "accepted" if told.accepted else "returned"
    ids = [task.id or 0 for task in judged]
    said = _said(order, part, kind, by.name, OrderReceiptIn(), now, told.remark, ids)
    tx.add(said)
    for task in judged:
        task.state = "accepted" if told.accepted else "open"
        task.due_at = task.due_at if told.accepted else told.due_at or task.due_at
    if not told.accepted:  # a new round: its silence is acted upon anew
        part.round, part.report_told = part.round + 1, 0
    _settle(part, tasks, now)
    if part.state == "closed":
        part.closed_by = by.name
    wait(order, part, waits)
    return await _tell(tx, by, order, part, f"order.{kind}", said, now)  # type: ignore[arg-type]


async def _part(tx: Tx, by: Viewer, recipient_id: int) -> tuple[DispatchOrder, OrderRecipient]:
    order_id = await parts.order_of(tx, by.stream, recipient_id)
    order = await orders.locked(tx, by.stream, order_id) if order_id is not None else None
    if order is None or order.issued_at is None or await orders.visible(tx, by, order.id or 0) is None:
        raise NotFound("该指令", "order")
    part = await parts.locked(tx, recipient_id)
    if part.state == "released":
        raise NotFound("该指令", "order")
    return order, part


async def _for_answer(
    tx: Tx, by: Viewer, recipient_id: int, told: OrderReceiptIn
) -> tuple[DispatchOrder, OrderRecipient]:
    """Return order and recipient, locked, if this person may answer. Raises VoucherMissing, NotFound."""
    order, part = await _part(tx, by, recipient_id)
    if parts.is_mine(by, part, order.region_code):
        return order, part
    if not (by.may("command") and by.covers(order.region_code) and by.covers(part.region_code)):
        raise NotFound("该指令", "order")
    if told.channel == "app" or not told.voucher:
        raise VoucherMissing
    return order, part


def _said(
    order: DispatchOrder,
    part: OrderRecipient,
    kind: Kind,
    by: str,
    told: OrderReceiptIn,
    now: datetime,
    text: str = "",
    task_ids: Sequence[int] = (),
) -> OrderAnswer:
    """Write what was said with its three times; nothing was said before the order was sent, nor after now."""
    told_at = max(earlier(told.told_at, now), part.sent_at or now)
    happened_at = max(earlier(told.happened_at, told_at), part.sent_at or now)
    return OrderAnswer(
        recipient_id=part.id or 0,
        version=order.version,
        kind=kind,
        text=text,
        task_ids=list(task_ids),
        channel=told.channel,
        voucher=told.voucher,
        by=by,
        happened_at=min(happened_at, told_at),
        told_at=told_at,
        entered_at=now,
    )


async def _acknowledged(
    tx: Tx, order: DispatchOrder, part: OrderRecipient, said: OrderAnswer, now: datetime
) -> None:
    tx.add(said)
    part.state, part.acknowledged_at, part.acked_version = "acknowledged", said.happened_at, order.version
    part.acknowledged_by, part.ack_channel = said.voucher or said.by, said.channel
    await stop(tx, part, now, read=said.channel == "app")


def _named(tasks: Sequence[OrderTask], ids: Sequence[int], state: str, field: str) -> list[OrderTask]:
    found = [task for task in tasks if task.id in ids]
    if len(found) != len(set(ids)) or any(task.state != state for task in found):
        words = (
            "任务不属于该单位,或不在可办状态",
            "not a task of this recipient, or not in a state for this",
        )
        raise InvalidInput(FieldFault(field, *words))
    return found


def _settle(part: OrderRecipient, tasks: Sequence[OrderTask], now: datetime) -> None:
    part.state = state_after([task.state for task in tasks])
    part.reported_at = (part.reported_at or now) if part.state != "acknowledged" else None
    part.closed_at = now if part.state == "closed" else None
    part.report_due_at = min((t.due_at for t in tasks if t.due_at and t.state == "open"), default=None)


async def _tell(
    tx: Tx,
    by: Viewer,
    order: DispatchOrder,
    part: OrderRecipient,
    type_: Answered,
    said: OrderAnswer,
    now: datetime,
) -> OrderRecipientDetail:
    who: Actor = actor(by)
    await tx.flush()
    everybody = await parts.rows(tx, order.id or 0)
    entries = [await answered(tx, order, part, type_, said)]
    if order_closed([one.state for one in everybody]):
        order.state, order.closed_at, order.revision = "closed", now, order.revision + 1
        entries.append(await changed(tx, order, "order.closed"))
    await journal.append(tx, order.stream, now, entries, who)
    (found,) = await parts.detailed(tx, by, [await parts.fact(tx, part.id or 0)])
    return found
