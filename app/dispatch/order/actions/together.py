"""Several orders go out in one action, and orders are taken back so that everybody hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.order.actions.drafting import drafted, own
from app.dispatch.order.actions.issuing import Series, issued
from app.dispatch.order.actions.sending import say_withdrawn, stop
from app.dispatch.order.actions.telling import changed
from app.dispatch.order.commands import IssueIn, OrderIn
from app.dispatch.order.rules.steps import check_order
from app.dispatch.order.store import parts
from app.journal.store import Entry
from app.org.rules.access import Viewer


async def send_together(
    tx: Tx, by: Viewer, told: Sequence[OrderIn], consent: IssueIn, now: datetime, series: Series
) -> tuple[list[int], list[Entry]]:
    """Issue orders; return their numbers in the table in turn, and what the caller's journal says of them.

    Raises LeaderMustConsent, InvalidInput, NotFound, NotPermitted: then none of them goes out.
    """
    ids: list[int] = []
    entries: list[Entry] = []
    for one in told:
        order = await drafted(tx, by, one, now, series.waits)
        await issued(tx, by, order, consent, now, series)
        entries.append(await changed(tx, order, "order.issued"))
        ids.append(order.id or 0)
    return ids, entries


async def take_back(
    tx: Tx, by: Viewer, order_id: int, reason: str, now: datetime, zone: ZoneInfo
) -> Entry | None:
    """Withdraw an issued order and tell it to everybody it went out to; None for one that is over already.

    Raises NotFound, NotPermitted.
    """
    order = await own(tx, by, order_id)
    if order.state != "issued":
        return None
    check_order(order.state, "withdraw")
    order.state, order.revision = "withdrawn", order.revision + 1
    order.withdrawn_by, order.withdrawn_at, order.withdrawn_reason = by.name, now, reason
    for part in await parts.rows(tx, order_id):
        part.next_step_at = None
        await stop(tx, part, now, read=False)
        if part.sent_at is not None and part.state not in ("released", "closed"):
            await say_withdrawn(tx, order, part, reason, now, zone)
    return await changed(tx, order, "order.withdrawn")
