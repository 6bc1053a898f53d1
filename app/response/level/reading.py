"""Responses as they are read: one with everything, and the board of all."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.status_call.store import calls
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.response.level.facts import ResponseBoard, ResponseDetail, ResponseDutyFact
from app.response.level.rules.consequences import TABLE, strictest
from app.response.level.rules.proposing import proposed_levels
from app.response.level.store import responses

MOST_RUNNING, MOST_OVER = 50, 30


async def board(tx: Tx, by: Viewer, now: datetime, zone: ZoneInfo) -> ResponseBoard:
    """Return the responses a person may see, and the duty that follows. Raises NotPermitted."""
    require(by, "see_desk")
    duties = [await duty_of(tx, by, now, zone, drill=drill) for drill in (False, True)]
    return ResponseBoard(
        running=await responses.listed(tx, by, ("proposed", "active"), MOST_RUNNING),
        over=await responses.listed(tx, by, ("refused", "ended"), MOST_OVER),
        duties=[one for one in duties if one is not None],
        table=[responses.consequence_fact(level) for level in sorted(TABLE)],
    )


async def detail(tx: Tx, by: Viewer, response_id: int) -> ResponseDetail:
    """Return a response with every decision. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    found = await responses.seen(tx, by, response_id)
    if found is None:
        raise NotFound("该应急响应", "response")
    return ResponseDetail(
        **found.model_dump(),
        steps=await responses.steps(tx, response_id),
        consultations=await responses.consultations(tx, response_id),
        consequence=responses.consequence_fact(found.level) if found.level is not None else None,
        suggested=list(proposed_levels(found.warning_colour, found.event_level)),
    )


async def duty_of(
    tx: Tx, by: Viewer, now: datetime, zone: ZoneInfo, *, drill: bool
) -> ResponseDutyFact | None:
    """Return the duty for all responses in force, None where none is and none was."""
    level = strictest(one.level for one in await responses.active(tx, by.stream, drill=drill))
    held = await responses.duty(tx, by.stream, drill=drill)
    if level is None and (held is None or held.level is None):
        return None
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    due_at = None
    if held is not None and held.round_up_id is not None:
        last = await calls.last_of_series(tx, held.round_up_id)
        due_at = last.due_at if last.due_at > now - timedelta(minutes=1) else None
    return ResponseDutyFact(
        drill=drill,
        level=level,
        followed=held is not None and held.level == level,
        hazards=held.hazards if held is not None else "",
        since=held.since if held is not None else None,
        round_up_id=held.round_up_id if held is not None else None,
        due_at=due_at,
        period_id=held.period_id if held is not None else None,
        held_today=await responses.held_since(tx, by.stream, midnight, drill=drill),
        consequence=responses.consequence_fact(level) if level is not None else None,
    )
