"""Teams are entered, amended and retired through the public API; nobody overwrites what he has not read."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.desk import Desk, problem
from tests.dispatch.forces.pieces import BOAT, EXPERT, TEAM, made, put
from tests.world import EAST, EAST_BANK, HILL, LAKE, RIVER, WEST

pytestmark = pytest.mark.database
ODD = "𠮷野家🚒𪚥救援队"


async def test_a_team_is_entered_amended_and_retired_and_the_desk_follows(desk: Desk) -> None:
    team = await made(desk, "/api/teams", TEAM)
    assert (team["leader_name"], team["region_name"], team["revision"]) == ("山队长", "东镇", 1)
    assert (team["lon"], team["standby"], team["changed_by"]) == (118.21, True, "值班长")
    on_desk = {one["id"]: one for one in (await desk.read("officer", "/api/snapshot"))["teams"]}
    assert on_desk[team["id"]]["capabilities"] == ["boat", "evacuation"]
    path = f"/api/teams/{team['id']}"
    told = {**TEAM, "name_zh": ODD, "strength": 31, "leader_id": 1, "revision": 1}
    amended = (await put(desk, path, told)).json()
    assert (amended["name_zh"], amended["leader_name"], amended["revision"]) == (ODD, "江队长", 2)
    members = await desk.read("lead", f"{path}/members")
    assert [(m["person"]["name"], m["role"]) for m in members["members"]] == [
        ("江队长", "leader"),
        ("山队长", "member"),
    ]
    retired = (await desk.post("lead", f"{path}/retire", {"revision": 2})).json()
    assert (retired["active"], retired["dispatchable"]) == (False, False)
    assert team["id"] not in {t["id"] for t in (await desk.read("officer", "/api/snapshot"))["teams"]}
    listed = {one["id"]: one for one in await desk.read("officer", "/api/teams")}
    assert listed[team["id"]]["active"] is False  # nothing is deleted
    again = (await put(desk, path, {**told, "revision": 3})).json()
    assert (again["active"], again["dispatchable"]) == (True, True)
    assert [t for t in await desk.world.types() if t.startswith("team.")] == [
        "team.registered",
        "team.amended",
        "team.retired",
        "team.amended",
    ]


async def test_the_second_of_two_savers_is_told_who_was_first_and_nothing_is_lost(desk: Desk) -> None:
    team = await made(desk, "/api/teams", TEAM)
    path = f"/api/teams/{team['id']}"
    desk.world.later(hours=10)  # the form lay open all day
    first = await put(desk, path, {**TEAM, "phone": "0799-5550102", "revision": 1}, "leader")
    assert first.status_code == 200, first.text
    second = await put(desk, path, {**TEAM, "strength": 40, "revision": 1})
    refused = problem(second, 409, "stale_form")
    assert "带班领导" in refused["zh"]
    assert "带班领导 changed" in refused["en"]
    (kept,) = [t for t in await desk.read("lead", "/api/teams") if t["id"] == team["id"]]
    assert (kept["phone"], kept["strength"], kept["revision"]) == ("0799-5550102", 30, 2)
    problem(await desk.post("lead", f"{path}/retire", {"revision": 1}), 409, "stale_form")


async def test_two_who_save_in_the_same_instant_do_not_both_succeed(desk: Desk) -> None:
    team = await made(desk, "/api/teams", TEAM)
    path = f"/api/teams/{team['id']}"
    answers = await asyncio.gather(
        *(
            put(desk, path, {**TEAM, "strength": 40 + n, "revision": 1}, who)
            for n, who in enumerate(("lead", "leader"))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_leader_named_on_the_page_of_people_makes_an_open_form_stale(desk: Desk) -> None:
    team = await made(desk, "/api/teams", TEAM)
    path = f"/api/teams/{team['id']}"
    told = {"members": [{"person_id": 1, "role": "leader"}]}
    answer = await put(desk, f"{path}/members", told)
    assert answer.status_code == 200, answer.text
    problem(await put(desk, path, {**TEAM, "revision": 1}), 409, "stale_form")


async def test_a_team_that_is_out_promised_or_stationed_away_is_not_retired_nor_moved(desk: Desk) -> None:
    async def refused(team_id: int) -> dict[str, Any]:
        path = f"/api/teams/{team_id}/retire"
        return problem(await desk.post("lead", path, {"revision": 1}), 409, "team_is_out")

    await desk.world.send(RIVER)
    assert "正在执行任务" in (await refused(RIVER))["zh"]
    moved = {**TEAM, "region_code": WEST, "revision": 1, "name_zh": "江河", "call_sign": "江一"}
    problem(await put(desk, f"/api/teams/{RIVER}", moved), 409, "team_is_out")
    incident = await desk.world.incident()
    told = {"team_id": HILL, "starts_at": "2025-06-18T12:00:00Z"}
    await made(desk, f"/api/incidents/{incident.id}/reservations", told, "officer")
    assert "预派" in (await refused(HILL))["zh"]
    station = {"region_code": EAST_BANK, "reason": "值守"}
    await made(desk, f"/api/teams/{LAKE}/deployment", station, "officer")
    assert "东岸村驻防" in (await refused(LAKE))["zh"]


async def test_a_team_with_squads_stays_and_belongs_to_nobody_below_it(desk: Desk) -> None:
    above = await made(desk, "/api/teams", {**TEAM, "dispatchable": False})
    squad = {**TEAM, "name_zh": "民兵一排", "call_sign": "民二", "parent_id": above["id"]}
    below = await made(desk, "/api/teams", squad)
    refused = problem(
        await desk.post("lead", f"/api/teams/{above['id']}/retire", {"revision": 1}), 409, "team_has_squads"
    )
    assert "民兵一排" in refused["zh"]
    circle = {**TEAM, "parent_id": below["id"], "revision": 1}
    found = problem(await put(desk, f"/api/teams/{above['id']}", circle), 422, "invalid_input")
    assert [f["name"] for f in found["fields"]] == ["parent_id"]


async def test_a_name_or_call_sign_is_borne_by_one_team(desk: Desk) -> None:
    problem(await desk.post("lead", "/api/teams", {**TEAM, "call_sign": "江一"}), 409, "team_name_taken")
    problem(await desk.post("lead", "/api/teams", {**TEAM, "name_zh": "江河救援队"}), 409, "team_name_taken")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name_zh": "长" * 10_000}, "name_zh"),
        ({"name_zh": "  "}, "name_zh"),
        ({"phone": "不知道"}, "phone"),
        ({"kind": "rescue"}, "kind"),
        ({"capabilities": ["fly"]}, "capabilities"),
        ({"strength": 100_000}, "strength"),
        ({"standby_strength": 31}, "body"),
        ({"lon": 118.0}, "body"),
        ({"region_code": "110101000000"}, "region_code"),
        ({"leader_id": 4711}, "leader_id"),
        ({"unit_id": 4711}, "unit_id"),
        ({"parent_id": 4711}, "parent_id"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(desk: Desk, told: dict[str, Any], field: str) -> None:
    refused = problem(await desk.post("lead", "/api/teams", {**TEAM, **told}), 422, "invalid_input")
    assert [fault["name"] for fault in refused["fields"]] == [field]
    assert all(fault["zh"] and fault["en"] for fault in refused["fields"])


async def test_a_township_keeps_its_own_teams_only(desk: Desk) -> None:
    assert {t["region_code"] for t in await desk.read("east", "/api/teams")} == {EAST}
    team = await made(desk, "/api/teams", TEAM, "east")
    problem(await desk.post("east", "/api/teams", {**TEAM, "region_code": WEST}), 403, "not_permitted")
    told = {**TEAM, "revision": 1}
    problem(await put(desk, f"/api/teams/{team['id']}", told, "west"), 404, "not_found")
    problem(await desk.post("west", f"/api/teams/{team['id']}/retire", {"revision": 1}), 404, "not_found")
    problem(await desk.post("officer", "/api/teams", TEAM), 403, "not_permitted")
    problem(await desk.get("crew", "/api/teams"), 403, "not_permitted")


async def test_a_team_that_moves_leaves_the_desk_of_its_old_place(desk: Desk) -> None:
    team = await made(desk, "/api/teams", TEAM)
    path = f"/api/teams/{team['id']}"
    moved = (await put(desk, path, {**TEAM, "region_code": WEST, "revision": 1})).json()
    assert moved["region_code"] == WEST
    for who, there in (("east", False), ("west", True), ("officer", True)):
        seen = {t["id"] for t in (await desk.read(who, "/api/snapshot"))["teams"]}
        assert (team["id"] in seen) is there
    (left, arrived) = (await desk.world.events())[-2:]
    assert (left["type"], left["team"], arrived["type"]) == ("team.moved_away", None, "team.amended")


async def test_one_entry_is_read_as_it_stands_by_whom_it_concerns(desk: Desk) -> None:
    team = await made(desk, "/api/teams", TEAM)
    piece = await made(desk, "/api/equipment", {**BOAT, "team_id": team["id"]})
    expert = await made(desk, "/api/experts", {**EXPERT, "region_code": EAST})
    for what, entry in (("teams", team), ("equipment", piece), ("experts", expert)):
        path = f"/api/{what}/{entry['id']}"
        assert (await desk.read("east", path))["revision"] == 1
        problem(await desk.get("west", path), 404, "not_found")
        problem(await desk.get("crew", path), 403, "not_permitted")
        problem(await desk.get("lead", f"/api/{what}/4711"), 404, "not_found")
