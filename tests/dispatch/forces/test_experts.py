"""Experts through the public API; called in for an incident they stand in its log."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.desk import Desk, problem
from tests.dispatch.forces.pieces import EXPERT, made, put
from tests.world import EAST, SECRET_KIND, WEST

pytestmark = pytest.mark.database


async def test_an_expert_is_found_by_sector_and_words(desk: Desk) -> None:
    await made(desk, "/api/experts", EXPERT)
    other = {**EXPERT, "name_zh": "𡈽方🌊", "sector": "hazmat", "speciality": "堵漏"}
    await made(desk, "/api/experts", other)

    async def found(query: str) -> list[str]:
        return [one["name_zh"] for one in await desk.read("officer", f"/api/experts?{query}")]

    assert await found("") == ["沈知远", "𡈽方🌊"]
    assert await found("sector=hazmat") == ["𡈽方🌊"]
    assert await found("text=堤防") == ["沈知远"]
    assert await found("sector=mine") == []
    problem(await desk.post("lead", "/api/experts", EXPERT), 409, "expert_known")


async def test_a_call_is_recorded_and_stands_in_the_log_of_the_incident(desk: Desk) -> None:
    expert = await made(desk, "/api/experts", EXPERT)
    incident = await desk.world.incident()
    path = f"/api/incidents/{incident.id}/expert-calls"
    called = {
        "expert_id": expert["id"],
        "called_by": "值班员李某",
        "called_at": "2025-06-17T16:00:00Z",
        "outcome": "answered",
        "advice": "先在背水坡压渗\n再降水位",
    }
    call = await made(desk, path, called, "officer")
    assert (call["expert_name"], call["called_by"], call["entered_by"]) == (
        "沈知远",
        "值班员李某",
        "值班员甲",
    )
    assert call["called_at"] == "2025-06-17T16:00:00Z"
    await made(desk, path, {"expert_id": expert["id"], "outcome": "no_answer"}, "officer")
    assert [one["outcome"] for one in await desk.read("officer", path)] == ["no_answer", "answered"]
    line = (await desk.read("officer", f"/api/incidents/{incident.id}/timeline"))["entries"][-2]
    assert line["zh"] == (
        "专家会商:防汛抗旱专家沈知远 · 值班员李某呼叫 · 已接听,给出意见:先在背水坡压渗\n再降水位"
    )
    (kept,) = await desk.read("officer", "/api/experts")
    assert kept["calls"] == 2
    refused = problem(
        await desk.post("officer", path, {"expert_id": expert["id"], "outcome": "answered"}),
        422,
        "invalid_input",
    )
    assert "须写明意见" in refused["zh"]
    problem(await desk.post("officer", path, {**called, "expert_id": 4711}), 404, "not_found")
    problem(await desk.post("officer", "/api/incidents/4711/expert-calls", called), 404, "not_found")
    await desk.post("lead", f"/api/experts/{expert['id']}/retire", {"revision": 1})
    problem(await desk.post("officer", path, called), 404, "not_found")


async def test_who_may_not_know_an_incident_knows_no_call_for_it(desk: Desk) -> None:
    expert = await made(desk, "/api/experts", EXPERT)
    secret = await desk.world.incident(event_code=SECRET_KIND)
    path = f"/api/incidents/{secret.id}/expert-calls"
    called = {"expert_id": expert["id"], "outcome": "coming", "called_at": "2999-01-01T00:00:00Z"}
    problem(await desk.post("east", path, {**called, "called_at": None}), 404, "not_found")
    problem(await desk.get("east", path), 404, "not_found")
    problem(await desk.get("crew", path), 403, "not_permitted")
    now = {**called, "called_at": None}
    assert (await desk.post("officer", path, now)).status_code == 201


async def test_experts_of_the_county_are_there_for_every_township_its_own_for_itself(desk: Desk) -> None:
    county = await made(desk, "/api/experts", EXPERT)
    own = {**EXPERT, "name_zh": "东镇土专家", "region_code": EAST}
    local = await made(desk, "/api/experts", own, "east")
    names = [one["name_zh"] for one in await desk.read("west", "/api/experts")]
    assert names == ["沈知远"]
    path = f"/api/experts/{county['id']}"
    problem(await put(desk, path, {**EXPERT, "revision": 1}, "east"), 403, "not_permitted")
    path = f"/api/experts/{local['id']}"
    problem(await put(desk, path, {**own, "revision": 1}, "west"), 404, "not_found")
    problem(await put(desk, path, {**own, "region_code": WEST, "revision": 1}, "east"), 403, "not_permitted")
    problem(await desk.post("officer", "/api/experts", own), 403, "not_permitted")
    incident = await desk.world.incident()
    told = {"expert_id": county["id"], "outcome": "coming"}
    assert (await desk.post("east", f"/api/incidents/{incident.id}/expert-calls", told)).status_code == 201


async def test_the_second_saver_of_an_expert_is_told_and_a_retired_one_comes_back(desk: Desk) -> None:
    expert = await made(desk, "/api/experts", EXPERT)
    path = f"/api/experts/{expert['id']}"
    told = {**EXPERT, "title": "教授", "revision": 1}
    assert (await put(desk, path, told, "leader")).json()["revision"] == 2
    problem(await put(desk, path, {**EXPERT, "note": "x", "revision": 1}), 409, "stale_form")
    assert (await put(desk, path, {**told, "revision": 2})).json()["revision"] == 2  # nothing changed
    assert (await desk.post("lead", f"{path}/retire", {"revision": 2})).json()["active"] is False
    assert (await desk.post("lead", f"{path}/retire", {"revision": 2})).json()["revision"] == 3
    assert await desk.read("lead", "/api/experts") == []
    assert (await put(desk, path, {**told, "revision": 3})).json()["active"] is True


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name_zh": "长" * 10_000}, "name_zh"),
        ({"sector": "magic"}, "sector"),
        ({"phone": ""}, "phone"),
        ({"region_code": "110101000000"}, "region_code"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(desk: Desk, told: dict[str, Any], field: str) -> None:
    refused = problem(await desk.post("lead", "/api/experts", {**EXPERT, **told}), 422, "invalid_input")
    assert [fault["name"] for fault in refused["fields"]] == [field]
