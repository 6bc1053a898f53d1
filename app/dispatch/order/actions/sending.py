"""An order leaves by the means a recipient has: the app, else a device that carries text, else a call.

A drill's is read in the app, or told by somebody who calls: no device, no SMS, nothing that rings outside.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.actions import move
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.delivery.tables import Delivery
from app.dispatch.order.actions.telling import concern_of
from app.dispatch.order.rules.supervise import Standing, Waits, next_step
from app.dispatch.order.rules.words import due_word, reminder_for, text_for, withdrawal_for
from app.dispatch.order.store import addressees, parts
from app.dispatch.order.tables import DispatchOrder, OrderRecipient
from app.filing.rules.numbers import DRILL_MARK, marked

HOLDS = timedelta(hours=2)  # an order that lay longer on a channel is never fired


def kind_of(part: OrderRecipient) -> tuple[str, int]:
    """Return which column names the recipient, and its number."""
    for kind in ("unit_id", "team_id", "person_id"):
        if (id_ := getattr(part, kind)) is not None:
            return kind, int(id_)
    raise AssertionError("a recipient is one of three")


def standing_of(order: DispatchOrder, part: OrderRecipient) -> Standing:
    """Return what a recipient owes."""
    return Standing(
        part.state,
        part.ack_due_at,
        part.report_due_at,
        part.ack_told,
        part.report_told,
        steps=1 if order.drill else 2,
    )


def wait(order: DispatchOrder, part: OrderRecipient, waits: Waits) -> None:
    """Set when the recipient's silence is next acted upon."""
    step = next_step(standing_of(order, part), waits)
    part.next_step_at = step.at if step else None


async def send(tx: Tx, order: DispatchOrder, part: OrderRecipient, now: datetime, zone: ZoneInfo) -> None:
    """Write the first message to a recipient of an issued order, and by which means it went."""
    kind, id_ = kind_of(part)
    tasks = await _task_words(tx, part)
    due = due_word(part.report_due_at, now, zone)
    number = order.number or ""
    if order.version > 1:
        number += f"(第{order.version}版)"
    if await addressees.has_app(tx, order.stream, kind, id_):
        part.reach = "app"
        await _post(
            tx,
            order,
            part,
            "app",
            f"{kind[:-3]}:{id_}",
            text_for("app", number, order.title.removeprefix(DRILL_MARK), tasks, due),
            now,
        )
        return
    channel = await _by_device(tx, order, part, lambda c: text_for(c, number, order.title, tasks, due), now)
    part.reach = "device" if channel else "none"


async def remind(
    tx: Tx, order: DispatchOrder, part: OrderRecipient, about: str, step: int, now: datetime, zone: ZoneInfo
) -> None:
    """Remind a recipient in the app; where the receipt is missing, send the order by a second channel too."""
    number = order.number or ""
    kind, id_ = kind_of(part)
    if part.reach == "app":
        await _post(
            tx, order, part, "app", f"{kind[:-3]}:{id_}", reminder_for("app", number, about, step), now
        )
    if about == "report" and part.reach == "app":
        return
    tasks = await _task_words(tx, part)
    due = due_word(part.report_due_at, now, zone)
    again = about == "acknowledgement" and step == 1 and part.reach == "app"
    await _by_device(
        tx,
        order,
        part,
        lambda c: (
            text_for(c, number, order.title, tasks, due) if again else reminder_for(c, number, about, step)
        ),
        now,
    )


async def say_withdrawn(
    tx: Tx, order: DispatchOrder, part: OrderRecipient, reason: str, now: datetime, zone: ZoneInfo
) -> None:
    """Tell a recipient that an order is withdrawn: in the app, else through a device that carries text."""
    kind, id_ = kind_of(part)
    number = order.number or ""
    at = due_word(now, now, zone)
    if part.reach == "app":
        await _post(
            tx, order, part, "app", f"{kind[:-3]}:{id_}", withdrawal_for("app", number, at, reason), now
        )
        return
    await _by_device(tx, order, part, lambda c: withdrawal_for(c, number, at, reason), now)


async def stop(tx: Tx, part: OrderRecipient, now: datetime, *, read: bool) -> None:
    """Stop what is still on its way; what was `read` in the app has evidently been delivered."""
    for row in await deliveries.unended_of_recipient(tx, part.id or 0):
        if row.state in ("submitted", "accepted"):  # in the air: hear its feedback, never send it again
            row.expires_at = min(row.expires_at, now)
        else:
            move(row, "deliver" if read and row.channel == "app" else "cancel", now)


async def _task_words(tx: Tx, part: OrderRecipient) -> str:
    """Return what a recipient has to do; the mark of a drill stands once, before the whole message."""
    rows = await parts.task_rows(tx, part.id or 0)
    return ";".join(task.text.removeprefix(DRILL_MARK) for task in rows)


async def _post(
    tx: Tx,
    order: DispatchOrder,
    part: OrderRecipient,
    channel: str,
    address: str,
    body: str,
    now: datetime,
    device_id: int | None = None,
) -> None:
    concern = await concern_of(tx, order, [part])
    tx.add(
        Delivery(
            stream=order.stream,
            order_recipient_id=part.id,
            team_id=part.team_id,
            device_id=device_id,
            concern_regions=list(concern.region_codes),
            concern_teams=list(concern.team_ids),
            restricted=concern.restricted,
            readers=list(concern.readers),
            channel=channel,
            address=address,
            body=marked(body, drill=order.drill),
            drill=order.drill,
            queued_at=now,
            expires_at=now + HOLDS,
        )
    )


async def _by_device(
    tx: Tx, order: DispatchOrder, part: OrderRecipient, words: Callable[[str], str], now: datetime
) -> str | None:
    if order.drill:
        return None
    kind, id_ = kind_of(part)
    device = await addressees.text_device(tx, kind, id_, list(CHANNEL_OF_FAMILY))
    if device is None:
        return None
    channel = CHANNEL_OF_FAMILY[device.family]
    await _post(tx, order, part, channel, device.number, words(channel), now, device.device_id)
    return channel
