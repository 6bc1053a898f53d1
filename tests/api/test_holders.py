"""Whom a device can be given to: only for those who keep the register, only within their scope."""

from __future__ import annotations

import pytest

from tests.api.desk import Desk
from tests.world import EAST, World

pytestmark = pytest.mark.database


async def test_people_are_found_by_name_and_number_teams_by_name(desk: Desk) -> None:
    found = await desk.read("admin", "/api/holders?text=江")
    assert [(p["name"], p["phone"]) for p in found["people"]] == [("江队长", "13800000001")]
    assert [p["name"] for p in (await desk.read("admin", "/api/holders?text=13800000001"))["people"]] == [
        "江队长"
    ]
    assert [t["name"] for t in (await desk.read("admin", "/api/holders?text=东山"))["teams"]] == ["东山民兵"]


@pytest.mark.parametrize("text", ["", " ", "%25", "_", "%5C"])
async def test_a_wildcard_finds_nobody(desk: Desk, text: str) -> None:
    assert await desk.read("admin", f"/api/holders?text={text}") == {"people": [], "teams": []}


@pytest.mark.parametrize("who", ["officer", "east", "auditor", "crew"])
async def test_who_does_not_keep_the_register_finds_nobody(desk: Desk, who: str) -> None:
    answer = await desk.ask(who, "GET", "/api/holders?text=江")
    assert answer.status_code == 403


async def test_another_township_is_not_searched(desk: Desk, world: World) -> None:
    await world.run("UPDATE account SET scope = :scope WHERE username = 'admin'", scope=EAST[:9])
    found = await desk.read("admin", "/api/holders?text=队")
    assert sorted(p["name"] for p in found["people"]) == ["山队长", "江队长"]
    assert (await desk.read("admin", "/api/holders?text=13800000003"))["people"] == []
