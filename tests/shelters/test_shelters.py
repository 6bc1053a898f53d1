"""Shelters open, are counted, fill up and close: S01 step 8, S03 step 4, S11 step 6."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.api.desk import problem
from tests.shelters.refuges import PARK, POINT, SCHOOL, WESTERN, Refuges
from tests.world import EAST, EAST_BANK, SECRET_KIND, WEST, ZONE

pytestmark = pytest.mark.database


async def test_23_residents_reach_the_refuge_point_at_night(refuges: Refuges) -> None:
    """S01 step 8: 03:41 the point opens with a head-count of 23, and the incident's story says so."""
    world = refuges.desk.world
    incident = await world.incident()
    await refuges.at(datetime(2025, 6, 18, 3, 41, tzinfo=ZONE))
    made = await refuges.opened(
        SCHOOL, incident_id=incident.id, heads=23, channel="telephone", voucher="临溪镇值班员"
    )
    assert (made["present"], made["nearly_full"]) == (23, False)
    opening = made["opening"]
    assert (opening["incident_id"], opening["incident_number"]) == (incident.id, incident.number)
    assert opening["opened_at"] == "2025-06-17T19:41:00Z"
    card = await refuges.desk.read("officer", f"/api/shelters/{SCHOOL}")
    assert [(one["heads"], one["voucher"]) for one in card["counts"]] == [(23, "临溪镇值班员")]
    timeline = await refuges.desk.read("officer", f"/api/incidents/{incident.id}/timeline")
    assert any("东镇中心小学安置点 23/100" in line["zh"] for line in timeline["entries"])
    again = await refuges.desk.post("officer", f"/api/shelters/{SCHOOL}/opening", {"reason": "再开"})
    assert "已开启" in problem(again, 409, "shelter_is_open")["zh"]


async def test_only_refuges_up_the_wind_are_offered(refuges: Refuges) -> None:
    """S03 step 4: a wind from the south-east; the plume goes north-west, people go the other way."""
    scene = "lon=118.205&lat=28.505"
    everything = await refuges.desk.read("officer", f"/api/shelters/near?{scene}")
    assert [one["shelter"]["id"] for one in everything] == [SCHOOL, PARK, POINT, WESTERN]
    assert [one["upwind"] for one in everything] == [None] * 4
    north_east = await refuges.desk.read("officer", f"/api/shelters/near?{scene}&wind_from=45&upwind=true")
    assert [one["shelter"]["id"] for one in north_east] == [SCHOOL, POINT]
    south_east = await refuges.desk.read("officer", f"/api/shelters/near?{scene}&wind_from=135&upwind=true")
    assert south_east == []
    uphill = await refuges.desk.read("officer", f"/api/shelters/near?{scene}&above_m=70&within_m=5000")
    assert [one["shelter"]["id"] for one in uphill] == [SCHOOL, POINT]
    with_room = await refuges.desk.read("officer", f"/api/shelters/near?{scene}&room=200")
    assert [one["shelter"]["id"] for one in with_room] == [PARK, WESTERN]


async def test_at_95_percent_the_nearest_with_room_is_proposed_once(refuges: Refuges) -> None:
    """S11 step 6: the second refuge is proposed of itself; told once until it was emptier between."""
    await refuges.opened(SCHOOL)
    assert (await refuges.counted(SCHOOL, 94))["nearly_full"] is False
    head = await refuges.desk.world.head()
    assert (await refuges.counted(SCHOOL, 95))["nearly_full"] is True
    await refuges.counted(SCHOOL, 99)
    told = [e for e in await refuges.desk.world.events(head) if e["type"] == "shelter.nearly_full"]
    assert [(e["proposed"]["shelter"]["id"], e["proposed"]["room"]) for e in told] == [(POINT, 60)]
    card = await refuges.desk.read("officer", f"/api/shelters/{SCHOOL}")
    assert card["proposed"]["shelter"]["id"] == POINT
    await refuges.opened(POINT, heads=60)
    card = await refuges.desk.read("officer", f"/api/shelters/{SCHOOL}")
    assert card["proposed"]["shelter"]["id"] == PARK  # the point is full itself
    await refuges.counted(SCHOOL, 20)
    await refuges.counted(SCHOOL, 130)  # more than it takes is a fact: it is told, not refused
    types = await refuges.desk.world.types(head)
    assert types.count("shelter.nearly_full") == 3


async def test_a_head_count_told_late_takes_its_place_in_the_curve(refuges: Refuges) -> None:
    world = refuges.desk.world
    start = world.clock.now()
    await refuges.opened(SCHOOL)
    world.later(hours=3)
    await refuges.counted(SCHOOL, 60)
    at = (start + timedelta(hours=1)).isoformat()
    told_at = (start + timedelta(hours=2)).isoformat()
    shown = await refuges.counted(SCHOOL, 30, happened_at=at, told_at=told_at, channel="satellite_phone")
    assert shown["present"] == 60  # what is known last counts, not what was entered last
    card = await refuges.desk.read("officer", f"/api/shelters/{SCHOOL}")
    assert [one["heads"] for one in card["counts"]] == [30, 60]
    late = card["counts"][0]
    assert late["counted_at"] < late["told_at"] < late["entered_at"]
    future = (world.clock.now() + timedelta(hours=1)).isoformat()
    answer = await refuges.desk.post(
        "officer", f"/api/shelters/{SCHOOL}/counts", {"heads": 1, "happened_at": future}
    )
    problem(answer, 422, "invalid_input")


async def test_a_shelter_closes_with_a_reason_when_nobody_is_left(refuges: Refuges) -> None:
    path = f"/api/shelters/{SCHOOL}/closing"
    answer = await refuges.desk.post("officer", path, {"reason": "解除"})
    assert "先开启" in problem(answer, 409, "shelter_is_closed")["zh"]
    await refuges.opened(SCHOOL, heads=3)
    answer = await refuges.desk.post("officer", path, {"reason": "解除"})
    assert "还有 3 人" in problem(answer, 409, "shelter_not_empty")["zh"]
    await refuges.counted(SCHOOL, 0)
    problem(await refuges.desk.post("officer", path, {"reason": ""}), 422, "invalid_input")
    assert (await refuges.do(path, reason="水退"))["opening"] is None
    card = await refuges.desk.read("officer", f"/api/shelters/{SCHOOL}")
    assert [one["close_reason"] for one in card["openings"]] == ["水退"]


async def test_a_township_keeps_its_own_shelters_and_an_auditor_none(refuges: Refuges) -> None:
    seen = await refuges.desk.read("east", "/api/shelters")
    assert [one["id"] for one in seen] == [SCHOOL, POINT]
    foreign = await refuges.desk.post("east", f"/api/shelters/{WESTERN}/opening", {"reason": "x"})
    problem(foreign, 404, "not_found")
    reading = await refuges.desk.post("auditor", f"/api/shelters/{SCHOOL}/opening", {"reason": "x"})
    problem(reading, 403, "not_permitted")
    told = {"level": "village", "grade": "village", "name_zh": "西湖村点", "region_code": WEST, "capacity": 9}
    problem(await refuges.desk.post("east", "/api/shelters", told), 404, "not_found")
    made = await refuges.do("/api/shelters", "east", 201, **{**told, "region_code": EAST})
    assert (made["lon"], made["lat"]) == (118.21, 28.51)
    taken = await refuges.desk.post("east", "/api/shelters", {**told, "region_code": EAST})
    problem(taken, 409, "shelter_name_taken")


async def test_for_which_secret_incident_a_shelter_is_open_only_few_know(refuges: Refuges) -> None:
    incident = await refuges.desk.world.incident(event_code=SECRET_KIND)
    await refuges.opened(SCHOOL, incident_id=incident.id, heads=5)
    (seen, *_) = [one for one in await refuges.desk.read("east", "/api/shelters") if one["id"] == SCHOOL]
    opening = seen["opening"]
    assert (opening["incident_id"], opening["incident_number"], opening["reason"]) == (None, "", "")
    assert seen["present"] == 5
    answer = await refuges.desk.post(
        "east", f"/api/shelters/{POINT}/opening", {"reason": "x", "incident_id": 1}
    )
    problem(answer, 404, "not_found")


async def test_who_goes_where_is_said_per_village(refuges: Refuges) -> None:
    await refuges.settled(EAST_BANK, 12)
    table = {one["village_code"]: one for one in await refuges.desk.read("officer", "/api/shelters/villages")}
    east_bank = table[EAST_BANK]
    assert east_bank["village_path"] == "樟川市东镇东岸村"
    assert (east_bank["shelter_id"], east_bank["alternative_id"], east_bank["residents"]) == (
        SCHOOL,
        PARK,
        12,
    )
    answer = await refuges.desk.ask(
        "east", "PUT", f"/api/shelters/villages/{EAST_BANK}", {"shelter_id": POINT, "alternative_id": SCHOOL}
    )
    assert answer.json()["shelter_name"] == "东岸村避灾安置点"
    answer = await refuges.desk.ask(
        "east", "PUT", f"/api/shelters/villages/{EAST_BANK}", {"shelter_id": WESTERN}
    )
    problem(answer, 404, "not_found")


async def test_who_saves_second_sees_that_somebody_else_was_first(refuges: Refuges) -> None:
    path = f"/api/shelters/{SCHOOL}"
    one = {"version": 1, "capacity": 120, "facilities": ["供水", "发电机"]}
    first = (await refuges.desk.ask("east", "PATCH", path, one)).json()
    assert (first["capacity"], first["facilities"], first["version"]) == (120, ["供水", "发电机"], 2)
    second = await refuges.desk.ask("officer", "PATCH", path, {"version": 1, "opener_phone": "13900000000"})
    assert "刚被他人修改" in problem(second, 409, "shelter_stale")["zh"]
    again = await refuges.desk.ask("officer", "PATCH", path, {"version": 2, "opener_phone": "13900000000"})
    assert (again.json()["capacity"], again.json()["opener_phone"]) == (120, "13900000000")
