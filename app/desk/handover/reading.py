"""A hand-over's sheet as somebody may read it."""

from __future__ import annotations

from app.db import Tx
from app.desk.handover.actions import sign as signing
from app.desk.handover.actions.guard import sees
from app.desk.handover.facts import HandoverSheet
from app.desk.handover.rules.items import KINDS
from app.desk.handover.store import sheets
from app.dispatch.secrecy import store as secrecy
from app.duty import store as duty
from app.org.rules.access import Viewer, require
from app.refusals import NotFound


async def sheet_for(tx: Tx, by: Viewer, handover_id: int) -> HandoverSheet:
    """Return a whole sheet, its items in reading order, with who may sign now.

    Raises NotFound, NotPermitted.
    """
    require(by, "see_desk")
    head = await sheets.head(tx, by.stream, handover_id)
    post = await duty.row(tx, by.stream, head.post_id) if head else None
    if head is None or post is None or not sees(by, post):
        raise NotFound("该交接单", "hand-over")
    hidden = (await secrecy.sealed(tx, by.stream)).hidden_from(by)
    rows = await sheets.items(tx, handover_id)
    facts = [sheets.item_fact(row) for row in rows if row.incident_id not in hidden]
    facts.sort(key=lambda item: (KINDS.index(item.kind), item.due_at is None, item.due_at, item.id))
    signers = await signing.signers_now(tx, by.stream, handover_id) if head.state == "open" else []
    return HandoverSheet(**dict(head), sheet=facts, signers=signers)
