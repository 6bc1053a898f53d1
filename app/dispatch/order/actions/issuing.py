"""An order gets its number and goes out; an amended one goes out again as its next version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.order.actions.drafting import own, put_parts, write
from app.dispatch.order.actions.sending import send, stop, wait
from app.dispatch.order.actions.telling import tell
from app.dispatch.order.commands import IssueIn, OrderAmendIn
from app.dispatch.order.facts import OrderFact
from app.dispatch.order.refusals import LeaderMustConsent
from app.dispatch.order.rules.steps import check_order, order_closed, state_after
from app.dispatch.order.rules.supervise import Waits
from app.dispatch.order.rules.words import number_of
from app.dispatch.order.store import parts
from app.dispatch.order.tables import DispatchOrder, OrderRecipient, OrderVersion
from app.filing.rules.numbers import series_of
from app.filing.store.series import next_running
from app.org import store as org
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput


@dataclass(frozen=True, slots=True)
class Series:
    """How a county numbers its orders, its waiting times and its zone."""

    short_name: str
    name: str
    waits: Waits
    zone: ZoneInfo


async def issue(tx: Tx, by: Viewer, order_id: int, told: IssueIn, now: datetime, series: Series) -> OrderFact:
    """Issue a draft: number, messages and clocks in one transaction.

    Raises LeaderMustConsent, StaleOrder, IllegalStep, NotFound, NotPermitted, InvalidInput.
    """
    order = await own(tx, by, order_id, told.revision)
    await issued(tx, by, order, told, now, series)
    return await tell(tx, by, order, "order.issued", now)


async def issued(
    tx: Tx, by: Viewer, order: DispatchOrder, told: IssueIn, now: datetime, series: Series
) -> None:
    """Issue a locked draft and tell nobody yet."""
    check_order(order.state, "issue")
    if told.issued_as != "oral_consent" and not by.may("approve_duty"):
        raise LeaderMustConsent
    if told.consent_at is not None and told.consent_at > now:
        raise InvalidInput(
            FieldFault("consent_at", "同意时间不能晚于现在", "consent cannot lie in the future")
        )
    order.issued_as = told.issued_as
    order.consent_of = told.consent_of if told.issued_as == "oral_consent" else by.name
    order.consent_at = told.consent_at or now
    await _number(tx, order, now, series)
    order.state, order.issued_by, order.issued_at = "issued", by.name, now
    order.revision += 1
    live = [part for part in await parts.rows(tx, order.id or 0) if part.state != "released"]
    for part in live:
        await _begin(tx, order, part, now, series)
    await _keep(tx, by, order, live, "", now)


async def amend(
    tx: Tx, by: Viewer, order_id: int, told: OrderAmendIn, now: datetime, series: Series
) -> OrderFact:
    """Issue the next version under the same number; whoever still has something to do acknowledges anew.

    Raises StaleOrder, IllegalStep, NotFound, NotPermitted, InvalidInput.
    """
    order = await own(tx, by, order_id, told.revision)
    check_order(order.state, "amend")
    told = await write(tx, by, order, told, series.waits)
    order.version, order.revision = order.version + 1, order.revision + 1
    everybody = await put_parts(tx, by, order, told, now)
    live = [part for part in everybody if part.state != "released"]
    for part in everybody:
        await stop(tx, part, now, read=False)
    for part in live:
        tasks = await parts.task_rows(tx, part.id or 0)
        if part.state == "closed" and state_after([task.state for task in tasks]) == "closed":
            continue
        await _begin(tx, order, part, now, series)
    if order_closed([part.state for part in live]):
        order.state, order.closed_at = "closed", now
    await _keep(tx, by, order, live, told.reason, now)
    return await tell(tx, by, order, "order.amended", now)


async def _number(tx: Tx, order: DispatchOrder, now: datetime, series: Series) -> None:
    year = now.astimezone(series.zone).year
    place, name = order.region_code.rstrip("0"), series.short_name
    if len(place) > 6:  # a township numbers its own orders by its own name
        region = await org.region(tx, order.region_code)
        name = region.name_zh if region else order.region_code
    key = order.region_code
    order.series, order.year = (f"{key}:drill" if order.drill else key), year
    kept = series_of("order", key, drill=order.drill)
    order.running = await next_running(tx, order.stream, kept, year)
    order.number = number_of(f"{name}{series.name}", year, order.running, drill=order.drill)


async def _begin(tx: Tx, order: DispatchOrder, part: OrderRecipient, now: datetime, series: Series) -> None:
    """Start a round: the receipt is due, then the report of what is open."""
    if part.sent_at is not None:
        part.round += 1
    part.state, part.sent_at = "sent", now
    part.acknowledged_at = part.reported_at = part.closed_at = None
    part.ack_told = part.report_told = 0
    part.ack_due_at = now + timedelta(seconds=order.ack_within_s)
    tasks = await parts.task_rows(tx, part.id or 0)
    part.report_due_at = min((t.due_at for t in tasks if t.due_at and t.state == "open"), default=None)
    wait(order, part, series.waits)
    await send(tx, order, part, now, series.zone)


async def _keep(
    tx: Tx, by: Viewer, order: DispatchOrder, live: list[OrderRecipient], reason: str, now: datetime
) -> None:
    lines = [f"{part.name}:{task.text}" for part in live for task in await parts.task_rows(tx, part.id or 0)]
    content = {"title": order.title, "text": order.text, "tasks": lines}
    tx.add(
        OrderVersion(
            order_id=order.id or 0,
            version=order.version,
            content=content,
            reason=reason,
            made_by=by.name,
            made_at=now,
        )
    )
