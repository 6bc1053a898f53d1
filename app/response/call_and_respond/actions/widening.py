"""A running round is extended by the places that its cause has reached since; who was called stays called."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.org.rules.access import Viewer
from app.response.call_and_respond.actions.access import round_for_centre
from app.response.call_and_respond.actions.climbing import climb
from app.response.call_and_respond.actions.drawing import draw
from app.response.call_and_respond.actions.starting import due_words, freeze
from app.response.call_and_respond.actions.telling import tell_widened
from app.response.call_and_respond.commands import CalloutAreaIn
from app.response.call_and_respond.facts import CalloutRoundFact
from app.response.call_and_respond.refusals import CalloutNoNewPlace, CalloutOver
from app.response.call_and_respond.rules.widen import to_add, uncalled
from app.response.call_and_respond.store import targets


async def widen(
    tx: Tx, by: Viewer, round_id: int, told: CalloutAreaIn, now: datetime, zone: ZoneInfo
) -> CalloutRoundFact:
    """Call further places in a running round, each within its minutes from now.

    Raises NotPermitted, NotFound, CalloutOver, CalloutNobody, CalloutNoNewPlace.
    """
    row = await round_for_centre(tx, by, round_id)
    if row.state != "running" or row.kind != "alert":
        raise CalloutOver
    drawn = await draw(tx, by, told.region_codes, now)
    before = await targets.of_round(tx, round_id)
    new = to_add(drawn, {(one.tier, one.region_code) for one in before})
    if not new:
        raise CalloutNoNewPlace
    row.region_codes = [*row.region_codes, *uncalled(row.region_codes, told.region_codes)]
    row.widened_at = now
    first = max((one.ordinal for one in before), default=0) + 1
    held, people = await freeze(tx, row, new, now, first)
    await climb(tx, row, held, people, due_words(held, zone), now)
    return await tell_widened(tx, by, row, held, now)
