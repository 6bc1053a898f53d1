"""The record of call-and-respond (预警叫应记录): every call of a round, answered or not."""

from __future__ import annotations

from collections import defaultdict

from app.db import Tx
from app.desk.callout_paper import name_of, page_of
from app.desk.documents.office import Made, Office
from app.org.rules.access import Viewer
from app.response.call_and_respond.facts import CalloutCallFact
from app.response.call_and_respond.reading import round_detail
from app.response.call_and_respond.store import targets


async def call_and_respond_record(tx: Tx, by: Viewer, round_id: int, _part: str, office: Office) -> Made:
    """Make the record of a round, as far as one's scope goes; it is filed when the round has ended."""
    told = await round_detail(tx, by, round_id, office.now)
    calls: defaultdict[int, list[CalloutCallFact]] = defaultdict(list)
    for row in await targets.calls(tx, [one.id for one in told.targets]):
        calls[row.target_id].append(targets.call_fact(row))
    page = page_of(told, calls, office.zone)
    return Made(
        f"call_and_respond_record:{round_id}",
        f"{page.title} {told.title}",
        name_of(told),
        (page,),
        unfinished=None if told.state == "ended" else ("该轮叫应尚未结束", "the round has not ended yet"),
    )
