"""What can happen in call-and-respond, brought about once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.response.call_and_respond.actions import (
    calling,
    clock,
    listing,
    reporting,
    same,
    starting,
    verifying,
    widening,
)
from app.response.call_and_respond.commands import (
    CalloutActionIn,
    CalloutAreaIn,
    CalloutCallIn,
    CalloutEndIn,
    CalloutEntryIn,
    CalloutHandOffIn,
    CalloutLimitsIn,
    CalloutListIn,
    CalloutMinutesIn,
    CalloutReportIn,
    CalloutRoundIn,
    CalloutSameIn,
    CalloutVerifyIn,
)
from tests.world import COUNTY, EAST, EAST_BANK, STREAM, WEST, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def callout_evening(world: World, do: Do) -> None:
    """The list is refreshed and filed; a round is started, climbed, answered, acted on, verified, told on."""
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now
    someone = (await world.rows("SELECT id FROM person WHERE active ORDER BY id LIMIT 1"))[0]["id"]
    entry = CalloutEntryIn(role="county_head", person_id=someone)
    told = CalloutListIn(region_code=COUNTY, entries=[entry])
    await do(lambda tx: listing.set_list(tx, lead, told, now()))
    await do(lambda tx: listing.remind(tx, STREAM, now(), ZONE))
    spring = now().replace(month=3, day=25) + timedelta(days=365)
    await do(lambda tx: listing.remind(tx, STREAM, spring, ZONE))
    await do(lambda tx: listing.file_list(tx, lead, now(), ZONE))
    minutes = CalloutMinutesIn(county=10, township=10, village=30, feedback=30, person=5, channel=2, retry=2)
    table = CalloutLimitsIn(red=minutes, orange=minutes, yellow=minutes, blue=minutes, reason="县级预案")
    await do(lambda tx: listing.set_limits(tx, leader, table, now()))
    body = CalloutRoundIn(title="暴雨红色预警", colour="red", region_codes=[EAST])
    round_id = (await do(lambda tx: starting.start(tx, lead, body, now(), ZONE))).id
    held = await world.rows(
        "SELECT id, region_code FROM callout_target WHERE round_id = :id AND tier = 'village' ORDER BY id",
        id=round_id,
    )
    bank = next(row["id"] for row in held if row["region_code"] == EAST_BANK)
    hill = next(row["id"] for row in held if row["region_code"] != EAST_BANK)
    no = CalloutCallIn(result="no_answer", name="甲")
    yes = CalloutCallIn(result="answered", name="甲", words="收到")
    await do(lambda tx: calling.record(tx, lead, bank, no, now(), ZONE))
    await do(lambda tx: calling.record(tx, lead, bank, yes, now(), ZONE))
    world.later(minutes=31)
    await do(lambda tx: clock.look(tx, STREAM, now(), ZONE))
    to = CalloutHandOffIn(to="派出所")
    await do(lambda tx: calling.hand_off(tx, lead, hill, to, now()))
    done = CalloutReportIn(actions=[CalloutActionIn(kind="evacuated", done=3, planned=3)])
    await do(lambda tx: reporting.report(tx, lead, bank, done, now()))
    await do(lambda tx: verifying.draw_villages(tx, lead, round_id, now()))
    found = CalloutVerifyIn(outcome="agrees")
    await do(lambda tx: verifying.verify(tx, lead, bank, found, now()))
    wider = CalloutAreaIn(region_codes=[WEST])
    await do(lambda tx: widening.widen(tx, lead, round_id, wider, now(), ZONE))
    lower = CalloutSameIn(kind="cancelled", words="雨停")
    new = (await do(lambda tx: same.tell_the_same(tx, lead, round_id, lower, now()))).id
    await do(lambda tx: starting.end(tx, lead, new, CalloutEndIn(), now()))
