"""A leader declares that a response or a warning is in force: readiness is judged by it at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.desk import Desk as Api

pytestmark = pytest.mark.database
PATH = "/api/readiness/key-periods"
RESPONSE = {"kind": "response", "level": 3, "first": "2025-06-18", "reason": "强降雨"}


async def in_force(api: Api, day: str = "2025-06-18") -> list[str]:
    board = await api.read("officer", f"/api/readiness?day={day}")
    return [one["zh"] for one in board["key_periods"] if one["rule_id"] in {"response", "warning"}]


async def test_a_declared_response_makes_key_days_until_it_is_ended(api: Api) -> None:
    assert await in_force(api) == []
    made = await api.ask("leader", "POST", PATH, {**RESPONSE, "last": "2025-06-20"})
    assert (made.status_code, made.json()["name_zh"]) == (201, "Ⅲ级应急响应")
    assert [await in_force(api, f"2025-06-{day}") for day in (17, 18, 20, 21)] == [
        [],
        ["Ⅲ级应急响应"],
        ["Ⅲ级应急响应"],
        [],
    ]
    for _ in range(2):
        ended = await api.ask("leader", "POST", f"{PATH}/{made.json()['id']}/end")
        assert ended.json()["ended_by"] == "带班领导"
    assert await in_force(api) == []
    told = [e["type"] for e in await api.world.events()]
    assert told == ["readiness.period_declared", "readiness.period_ended"]


async def test_an_orange_warning_counts_and_the_list_shows_who_declared_it_and_why(api: Api) -> None:
    told = {"kind": "warning", "colour": "orange", "first": "2025-06-19", "reason": "暴雨橙色预警"}
    await api.ask("leader", "POST", PATH, told)
    assert await in_force(api, "2025-07-30") == ["橙色预警"]
    (one,) = await api.read("officer", PATH)
    assert (one["declared_by"], one["reason"], one["last"]) == ("带班领导", "暴雨橙色预警", None)


@pytest.mark.parametrize(
    ("who", "changes", "status"),
    [
        ("lead", {}, 403),
        ("east", {}, 403),
        ("leader", {"first": "2025-06-17"}, 422),
        ("leader", {"last": "2025-06-17"}, 422),
        ("leader", {"level": None}, 422),
        ("leader", {"colour": "red"}, 422),
        ("leader", {"reason": ""}, 422),
    ],
)
async def test_only_the_countys_leader_declares_and_only_what_makes_sense(
    api: Api, who: str, changes: dict[str, Any], status: int
) -> None:
    assert (await api.ask(who, "POST", PATH, {**RESPONSE, **changes})).status_code == status
