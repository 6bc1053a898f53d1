"""Spot calls by the centre (有核实): villages are drawn by lot, asked, and what they say is compared."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.duty.spot_check.rules.draw import draw
from app.org.rules.access import Viewer
from app.response.call_and_respond.actions.access import (
    require_at_centre,
    round_for_centre,
    target_for_desk,
)
from app.response.call_and_respond.actions.telling import target_fact, tell, tell_round
from app.response.call_and_respond.commands import CalloutVerifyIn
from app.response.call_and_respond.events import CalloutVerified
from app.response.call_and_respond.facts import CalloutRoundFact, CalloutTargetFact
from app.response.call_and_respond.refusals import (
    CalloutDrawn,
    CalloutNoneAnswered,
    CalloutNotDrawn,
    CalloutOver,
)
from app.response.call_and_respond.rules.limits import read
from app.response.call_and_respond.rules.loop import sample
from app.response.call_and_respond.store import targets
from app.response.call_and_respond.tables import CalloutCall

RECHECK_WITHIN = timedelta(minutes=15)


async def draw_villages(tx: Tx, by: Viewer, round_id: int, now: datetime) -> CalloutRoundFact:
    """Draw the villages that are asked, among those that answered; the seed is kept, so anybody can redo it.

    Raises NotPermitted, NotFound, CalloutOver, CalloutDrawn, CalloutNoneAnswered.
    """
    row = await round_for_centre(tx, by, round_id)
    if row.state != "running":
        raise CalloutOver
    if row.drawn_at is not None:
        raise CalloutDrawn
    villages = [one for one in await targets.of_round(tx, round_id) if one.tier == "village"]
    pool = {one.ordinal: one for one in villages if one.answered_at is not None}
    if not pool:
        raise CalloutNoneAnswered
    count = min(len(pool), sample(len(villages), read(row.limits).verify_percent))
    row.draw_seed = f"{round_id}:{now.isoformat()}"
    for ordinal in draw(pool, count, row.draw_seed):
        pool[ordinal].drawn = True
    row.drawn_at, row.drawn_by = now, by.name
    return await tell_round(tx, by, row, "callout.drawn", now)


async def verify(
    tx: Tx, by: Viewer, target_id: int, told: CalloutVerifyIn, now: datetime
) -> CalloutTargetFact:
    """Keep what a spot call found. A village that reported and passed nothing on is red, and its township
    has to see to it at once: that stands against its name.

    Raises NotPermitted, NotFound, CalloutOver, CalloutNotDrawn.
    """
    require_at_centre(by)
    row, target = await target_for_desk(tx, by, target_id)
    if not target.drawn:
        raise CalloutNotDrawn
    target.outcome, target.verified_words = told.outcome, told.words
    target.verified_at, target.verified_by = now, by.name
    tx.add(
        CalloutCall(
            target_id=target_id,
            name=told.asked,
            means="phone",
            purpose="verify",
            result="no_answer" if told.outcome == "unreached" else "answered",
            words=told.words,
            at=now,
            by=by.name,
            entered_at=now,
        )
    )
    if told.outcome == "not_passed_on":
        tx.add(
            CalloutCall(
                target_id=target_id,
                means="phone",
                purpose="recheck",
                result="due",
                words="核实发现报了未转,立即逐户通知并重新反馈,列入问责核查",
                at=now,
                by=by.name,
                entered_at=now,
                due_at=now + RECHECK_WITHIN,
                owner=target.caller,
            )
        )
    fact = await target_fact(tx, target, now)
    event = CalloutVerified(type="callout.verified", title=row.title, drill=row.drill, target=fact)
    await tell(tx, by, row.stream, event, [target.region_code], now)
    return fact
