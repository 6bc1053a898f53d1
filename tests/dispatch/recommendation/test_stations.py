"""Teams stationed away from home, and who helps from outside, through the public API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.desk import Desk, problem
from tests.world import EAST_HILL, LAKE, RIVER, WEST

pytestmark = pytest.mark.database
FORWARD = {"region_code": EAST_HILL, "place": "东山林场", "reason": "森林火险红色预警"}


async def deploy(desk: Desk, team: int = LAKE, who: str = "officer", **told: Any) -> Any:
    return await desk.post(who, f"/api/teams/{team}/deployment", {**FORWARD, **told})


async def test_a_forward_deployed_team_stands_where_it_was_sent_and_goes_from_there(desk: Desk) -> None:
    incident = await desk.world.incident(lon=118.23, lat=28.53)
    path = f"/api/incidents/{incident.id}/recommendation"
    before = {one["team_id"]: one["distance_m"] for one in (await desk.read("officer", path))["offers"]}
    answer = await deploy(desk)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["region_name"], answer.json()["ordered_by"]) == ("东山村", "值班员甲")
    offers = {one["team_id"]: one for one in (await desk.read("officer", path))["offers"]}
    assert before[LAKE] > 10_000 > offers[LAKE]["distance_m"]
    assert "靠前驻防东山林场" in [reason["zh"] for reason in offers[LAKE]["reasons"]]
    (lake,) = [t for t in (await desk.read("officer", "/api/snapshot"))["teams"] if t["id"] == LAKE]
    assert (lake["stationed_at"], lake["region_code"]) == ("东山林场", WEST)
    problem(await deploy(desk), 409, "already_stationed")
    back = await desk.post("officer", f"/api/teams/{LAKE}/deployment/end")
    assert back.json()["ended_by"] == "值班员甲"
    after = {one["team_id"]: one["distance_m"] for one in (await desk.read("officer", path))["offers"]}
    assert after == before
    problem(await desk.post("officer", f"/api/teams/{LAKE}/deployment/end"), 409, "not_stationed")
    assert (await desk.world.types())[-2:] == ["team.stationed", "team.returned_home"]
    listed = await desk.read("officer", "/api/deployments")
    assert [(one["place"], one["ended_by"]) for one in listed] == [("东山林场", "值班员甲")]


async def test_two_who_station_one_team_in_the_same_instant_do_not_both_succeed(desk: Desk) -> None:
    answers = await asyncio.gather(deploy(desk), deploy(desk, who="second"))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"region_code": "110101000000"}, "region_code"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"reason": ""}, "reason"),
    ],
)
async def test_a_station_that_cannot_be_is_refused_by_field(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    refused = problem(await deploy(desk, **told), 422, "invalid_input")
    assert [one["name"] for one in refused["fields"]] == [field]


async def test_a_township_stations_its_own_teams_only_and_a_responder_none(desk: Desk) -> None:
    problem(await deploy(desk, LAKE, "east"), 404, "not_found")
    assert (await deploy(desk, RIVER, "east")).status_code == 201
    problem(await deploy(desk, RIVER, "crew"), 403, "not_permitted")


async def test_partners_are_entered_amended_and_retired_by_the_county(desk: Desk) -> None:
    told = {
        "kind": "neighbour",
        "name_zh": "邻县应急指挥中心",
        "phone": "0798-12350",
        "capabilities": ["boat"],
    }
    answer = await desk.post("lead", "/api/partners", told)
    assert answer.status_code == 201, answer.text
    key = answer.json()["id"]
    amended = await desk.ask(
        "lead", "PUT", f"/api/partners/{key}", {**told, "capabilities": ["boat", "medical"]}
    )
    assert amended.json()["capabilities"] == ["boat", "medical"]
    await desk.post("lead", f"/api/partners/{key}/retire")
    (kept,) = await desk.read("east", "/api/partners")
    assert not kept["active"]
    problem(await desk.post("east", "/api/partners", told), 403, "not_permitted")
    problem(await desk.post("officer", "/api/partners", told), 403, "not_permitted")
    wrong = {**told, "capabilities": ["magic"], "phone": "none"}
    assert len(problem(await desk.post("lead", "/api/partners", wrong), 422, "invalid_input")["fields"]) == 2
    assert (await desk.world.types())[-3:] == ["partner.registered", "partner.amended", "partner.retired"]
