"""The document of emergency broadcast (应急广播播发单)."""

from __future__ import annotations

from app.broadcast.actions import viewing
from app.db import Tx
from app.desk.broadcast_paper import page_of
from app.desk.documents.office import Made, Office
from app.desk.prints.page import clean
from app.org.rules.access import Viewer, require

_OPEN = frozenset({"draft", "submitted", "returned", "approved", "issued", "playing"})


async def broadcast_sheet(tx: Tx, by: Viewer, broadcast_id: int, _part: str, office: Office) -> Made:
    """Make the sheet of a broadcast with the result of every terminal; it is filed when it is over."""
    require(by, "see_desk")
    sheet = await viewing.sheet(tx, by, broadcast_id)
    table = await viewing.delivered(tx, by, broadcast_id)
    told = sheet.broadcast
    return Made(
        f"broadcast:{broadcast_id}",
        f"应急广播播发单 {clean(told.title)}".strip(),
        f"应急广播播发单 {told.ebmid or broadcast_id}",
        (page_of(sheet, table, office.zone),),
        number=told.ebmid or "",
        incident_ids=(sheet.cause_id,) if sheet.cause_kind == "incident" and sheet.cause_id else (),
        unfinished=("播发尚未结束", "the broadcast is not over yet") if told.state in _OPEN else None,
    )
