"""Equipment through the public API, and what its readiness means for who is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.desk import Desk, problem
from tests.dispatch.forces.pieces import BOAT, made, put, repair
from tests.dispatch.recommendation.test_advise import advice, name_people, out
from tests.world import EAST, LAKE, RIVER

pytestmark = pytest.mark.database


async def boats(desk: Desk, incident_id: int, who: str = "officer") -> dict[str, Any]:
    return await advice(desk, incident_id, who, needs=[{"capability": "boat", "teams": 1}])


async def test_a_team_whose_only_boat_is_in_repair_is_not_offered_for_boats_and_both_languages_say_why(
    desk: Desk,
) -> None:
    incident = await desk.world.incident()
    before = await boats(desk, incident.id)
    (offer,) = before["offers"]
    assert (offer["team_id"], offer["picked_for"]) == (RIVER, ["boat"])
    assert "舟艇:未登记冲锋舟、橡皮艇,按队伍能力计" in [why["zh"] for why in offer["reasons"]]
    boat = await made(desk, "/api/equipment", {**BOAT, "operator_ids": [1]})
    assert [one["team_id"] for one in (await boats(desk, incident.id))["offers"]] == [RIVER]
    broken = await repair(desk, boat)
    told = await boats(desk, incident.id)
    assert told["offers"] == []
    assert out(told) == {RIVER: "equipment_unready"}
    assert [(one["zh"], one["en"]) for one in told["left_out"]] == [
        ("舟艇:冲锋舟1号在修", "boat: 冲锋舟1号 is in repair")
    ]
    (need,) = told["needs"]
    assert need["short"]["zh"] == "舟艇还缺 1 支(1 支装备不可用);江河救援队舟艇:冲锋舟1号在修"
    (team,) = [t for t in await desk.read("officer", "/api/teams") if t["id"] == RIVER]
    assert [lack["zh"] for lack in team["lacking"]] == ["舟艇:冲锋舟1号在修"]
    assert (team["pieces"], team["pieces_ready"]) == (1, 0)
    ready = {"readiness": "ready", "revision": broken["revision"]}
    await desk.post("officer", f"/api/equipment/{boat['id']}/readiness", ready)
    assert [one["team_id"] for one in (await boats(desk, incident.id))["offers"]] == [RIVER]


async def test_who_brings_something_else_is_offered_for_that_with_what_it_lacks(desk: Desk) -> None:
    incident = await desk.world.incident()
    await repair(desk, await made(desk, "/api/equipment", BOAT))
    wanted = [{"capability": "boat", "teams": 1}, {"capability": "search_rescue", "teams": 1}]
    told = await advice(desk, incident.id, needs=wanted)
    river = {one["team_id"]: one for one in told["offers"]}[RIVER]
    assert "boat" not in river["picked_for"]
    assert "舟艇:冲锋舟1号在修" in [why["zh"] for why in river["reasons"]]


async def test_a_ready_boat_needs_an_operator_on_duty(desk: Desk) -> None:
    incident = await desk.world.incident()
    boat = await made(desk, "/api/equipment", {**BOAT, "operator_ids": [1, 5]})
    assert [one["name"] for one in boat["operators"]] == ["江队长", "护林员老周"]
    assert out(await boats(desk, incident.id)) == {}
    await name_people(desk, RIVER, 1)  # he stands on the list of today
    assert out(await boats(desk, incident.id)) == {}
    await desk.world.run("UPDATE standby_person SET person_id = 2")  # somebody else does
    told = await boats(desk, incident.id)
    assert [one["zh"] for one in told["left_out"]] == ["舟艇:冲锋舟1号无操作员在岗"]
    await desk.world.run("DELETE FROM standby_person")
    await desk.world.run("DELETE FROM standby_list")
    await desk.world.run(
        "INSERT INTO leave (stream, person_id, kind, starts_at, ends_at, reason, place, in_area, state,"
        " asked_by, asked_at, remark) SELECT '990181', p, 'annual', '2025-06-17', '2025-06-19', '', '', true,"
        " 'approved', '', '2025-06-17', '' FROM unnest(ARRAY[1, 5]) p"
    )
    assert out(await boats(desk, incident.id)) == {RIVER: "operator_missing"}


async def test_readiness_is_journaled_with_what_it_was(desk: Desk) -> None:
    boat = await made(desk, "/api/equipment", BOAT)
    told = {
        "readiness": "limited",
        "reason": "只可近岸",
        "since": "2025-06-17T00:00:00Z",
        "inspection_due": "2026-01-31",
        "revision": 1,
    }
    answer = await desk.post("officer", f"/api/equipment/{boat['id']}/readiness", told)
    assert answer.json()["ready_since"] == "2025-06-17T00:00:00Z"
    (event,) = [e for e in await desk.world.events() if e["type"] == "equipment.readiness_set"]
    assert (event["before"], event["equipment"]["readiness"]) == ("ready", "limited")
    assert event["changed"] == ["readiness", "inspection_due"]
    told = {"readiness": "missing", "reason": "", "revision": 2}
    refused = problem(
        await desk.post("officer", f"/api/equipment/{boat['id']}/readiness", told), 422, "invalid_input"
    )
    assert "须写明原因" in refused["zh"]


async def test_two_savers_of_one_piece_do_not_both_succeed(desk: Desk) -> None:
    boat = await made(desk, "/api/equipment", BOAT)
    path = f"/api/equipment/{boat['id']}"
    told = {**BOAT, "revision": 1}
    ready = {"readiness": "missing", "reason": "被盗", "revision": 1}
    answers = await asyncio.gather(
        put(desk, path, {**told, "name": "🚤𠮷祥号"}), desk.post("officer", f"{path}/readiness", ready)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (stale,) = [answer for answer in answers if answer.status_code == 409]
    assert stale.json()["code"] == "stale_form"


async def test_a_piece_is_amended_given_to_another_and_retired(desk: Desk) -> None:
    boat = await made(desk, "/api/equipment", BOAT)
    path = f"/api/equipment/{boat['id']}"
    moved = {**BOAT, "team_id": LAKE, "plate": "樟川艇0001", "seats": 8, "licence_due": "2026-12-31"}
    given = (await put(desk, path, {**moved, "revision": 1})).json()
    assert (given["keeper_name"], given["plate"], given["revision"]) == ("西湖救援队", "樟川艇0001", 2)
    unit = {**BOAT, "team_id": None, "unit_id": 1, "revision": 2}
    assert (await put(desk, path, unit)).json()["keeper_name"] == "樟川市应急指挥中心"
    problem(await desk.post("lead", "/api/equipment", BOAT), 409, "equipment_number_taken")
    retired = (await desk.post("lead", f"{path}/retire", {"revision": 3})).json()
    assert retired["active"] is False
    assert (await desk.read("lead", "/api/equipment"))["total"] == 0
    assert (await desk.read("lead", "/api/equipment?retired=true"))["total"] == 1
    await made(desk, "/api/equipment", BOAT)  # the number is free again
    problem(await put(desk, path, {**unit, "revision": 4}), 409, "equipment_number_taken")


async def test_a_township_keeps_and_sees_its_own_equipment(desk: Desk) -> None:
    boat = await made(desk, "/api/equipment", BOAT, "east")
    assert (await desk.read("east", "/api/equipment"))["total"] == 1
    assert (await desk.read("west", "/api/equipment"))["total"] == 0
    refused = problem(
        await desk.post("east", "/api/equipment", {**BOAT, "team_id": LAKE, "number": "2"}),
        422,
        "invalid_input",
    )
    assert [fault["name"] for fault in refused["fields"]] == ["team_id"]
    told = {"readiness": "missing", "reason": "被盗", "revision": 1}
    path = f"/api/equipment/{boat['id']}"
    problem(await desk.post("west", f"{path}/readiness", told), 404, "not_found")
    problem(await put(desk, path, {**BOAT, "revision": 1}, "west"), 404, "not_found")
    problem(await desk.post("west", f"{path}/retire", {"revision": 1}), 404, "not_found")
    taken = problem(
        await desk.post("west", "/api/equipment", {**BOAT, "team_id": LAKE}), 409, "equipment_number_taken"
    )
    assert "江河救援队" not in taken["zh"]  # whose it is, is another township's matter
    problem(await desk.get("crew", "/api/equipment"), 403, "not_permitted")
    problem(await desk.post("officer", "/api/equipment", {**BOAT, "number": "3"}), 403, "not_permitted")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": "长" * 10_000}, "name"),
        ({"number": ""}, "number"),
        ({"kind": "submarine"}, "kind"),
        ({"unit_id": 1}, "body"),
        ({"team_id": 4711}, "team_id"),
        ({"operator_ids": [4711]}, "operator_ids"),
        ({"operator_ids": list(range(1, 23))}, "operator_ids"),
        ({"seats": -1}, "seats"),
        ({"licence_due": "1999-01-01"}, "licence_due"),
        ({"readiness": "in_repair"}, "body"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(desk: Desk, told: dict[str, Any], field: str) -> None:
    refused = problem(await desk.post("lead", "/api/equipment", {**BOAT, **told}), 422, "invalid_input")
    assert [fault["name"] for fault in refused["fields"]] == [field]


async def test_equipment_is_found_by_kind_readiness_place_and_words(desk: Desk) -> None:
    boat = await made(desk, "/api/equipment", BOAT)
    await made(desk, "/api/equipment", {**BOAT, "kind": "pump", "name": "水泵%", "number": "ZB-2"})
    await repair(desk, boat)

    async def found(query: str) -> list[str]:
        return [one["number"] for one in (await desk.read("lead", f"/api/equipment?{query}"))["equipment"]]

    assert await found("") == ["ZB-001", "ZB-2"]  # what is not ready stands first
    assert await found("kind=pump") == ["ZB-2"]
    assert await found("readiness=in_repair") == ["ZB-001"]
    assert await found(f"region={EAST}") == ["ZB-001", "ZB-2"]
    assert await found(f"team_id={LAKE}") == []
    assert await found("text=%25") == ["ZB-2"]  # a sign of the database is a letter like others
    assert await found("text=江河&limit=1&offset=1") == ["ZB-2"]
