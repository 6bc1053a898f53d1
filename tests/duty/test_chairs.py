"""Chairs that are filled and left: by a stand-in for somebody planned no longer, at the end of a holiday."""

from __future__ import annotations

import pytest

from app.duty.presence.actions import gaps
from tests.api.desk import Desk as Api
from tests.api.desk import problem
from tests.duty.county import TOWN_OFFICER, TOWNSHIP, Desk, cell, moment
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database
POST = f"/api/duty/posts/{TOWNSHIP}"


async def manned_desk(desk: Desk) -> None:
    world = desk.world
    await world.run("UPDATE login_session SET expires_at = '2026-01-01'")
    await world.run("UPDATE duty_post SET keeps_presence = true WHERE id = :id", id=TOWNSHIP)
    await world.run("UPDATE duty_seat SET needed = 1 WHERE id = :id", id=TOWN_OFFICER)


async def test_a_stand_in_comes_although_who_was_missed_is_not_on_the_roster_any_more(
    desk: Desk, api: Api
) -> None:
    await manned_desk(desk)
    world = desk.world
    await desk.publish([cell(TOWN_OFFICER, 201, "07-01 08:00")], post=TOWNSHIP)
    desk.at("07-01 08:15")
    await world.do(lambda tx: gaps.look(tx, STREAM, world.clock.now(), ZONE))
    query = "SELECT id FROM coverage_gap WHERE kind = 'not_arrived' AND filled_at IS NULL"
    (gap,) = await world.rows(query)
    off = {"seat_id": TOWN_OFFICER, "remove_person_id": 201, "reason": "生病"}
    until = {"starts_at": world.clock.now().isoformat(), "ends_at": moment("07-02 08:00").isoformat()}
    assert (await api.post("lead", f"{POST}/overrides", {**off, **until})).status_code == 201
    world.later(minutes=1)
    filled = await api.post("lead", f"{POST}/stand-ins", {"person_id": 204, "gap_id": gap["id"]})
    assert filled.status_code == 201, filled.text
    assert (204, "07-01 08:16", "07-02 08:00") in await desk.shifts(TOWN_OFFICER)


async def test_at_the_end_of_the_holidays_the_last_one_may_go(desk: Desk, api: Api) -> None:
    await manned_desk(desk)
    world = desk.world
    await world.run("UPDATE duty_seat SET days = 'holidays' WHERE id = :id", id=TOWN_OFFICER)
    last = cell(TOWN_OFFICER, 201, "10-08 08:00")
    await desk.publish(
        [last], post=TOWNSHIP, month=last.starts_at.date().replace(day=1), accepting=["COVERAGE_GAP"]
    )
    desk.at("10-08 08:00")
    came = await api.post("lead", "/api/duty/presence/arrival", {"person_id": 201})
    assert came.status_code == 201, came.text
    await world.run("UPDATE account SET person_id = 201 WHERE username = 'east'")
    desk.at("10-09 07:00")
    problem(await api.post("east", "/api/duty/presence/departure", {}), 409, "empty_desk")
    desk.at("10-09 08:00")
    assert (await api.post("east", "/api/duty/presence/departure", {})).status_code == 200
