"""Who is told of duty's matters in person: of empty seats and circulars; nobody twice."""

from __future__ import annotations

from typing import Any

import pytest

from app.duty.presence.actions import gaps
from tests.duty.county import INTAKE, LEADER, Desk, cell
from tests.duty.spot_county import EAST_POST, Round, leader
from tests.world import STREAM, ZONE, World

pytestmark = pytest.mark.database


async def told(world: World, topic: str) -> list[dict[str, Any]]:
    return await world.rows(
        "SELECT person_id, step, text, key FROM notice WHERE topic = :topic ORDER BY id", topic=topic
    )


async def test_of_an_empty_seat_who_answers_is_told_at_each_stage_once(desk: Desk) -> None:
    world = desk.world
    await desk.publish([cell(LEADER, 110, "07-01 08:00", 48), cell(INTAKE, 102, "07-01 08:00")])

    async def look() -> None:
        for _ in range(2):
            await world.do(lambda tx: gaps.look(tx, STREAM, world.clock.now(), ZONE))

    desk.at("07-01 10:00")
    await look()
    early = [one for one in await told(world, "coverage") if "接报席07月02日08:00起缺" in one["text"]]
    assert [(one["person_id"], one["step"]) for one in early] == [(110, "none")], "a day ahead: no SMS"
    desk.at("07-02 07:00")
    await look()
    desk.at("07-02 08:00")
    await look()
    soon = [one for one in await told(world, "coverage") if "接报席07月02日08:00起缺" in one["text"]][1:]
    assert [(one["person_id"], one["step"], one["key"].split(":")[-1]) for one in soon] == [
        (110, "sms", "two_hours"),
        (110, "sms", "open"),
    ]


async def test_a_circular_asks_who_answers_for_each_unit_for_its_receipt(spot_round: Round) -> None:
    night = spot_round
    await night.begin(shares=[{"method": "phone", "count": 1}])
    (post,) = await night.findings()
    await night.check(post)
    await night.finish()
    path = f"/api/spot-checks/{night.id}/circular"
    await night.do("officer", path)
    await night.do("leader", f"{path}/sign", {"version": 1})
    assert await told(night.world, "circular") == []
    await night.do("officer", f"{path}/issue")
    found = await told(night.world, "circular")
    assert len(found) == 23
    (east,) = [one for one in found if one["person_id"] == leader(EAST_POST)]
    assert (east["step"], east["text"][-9:]) == ("sms", "值班室,请登录系统签收"[-9:])
