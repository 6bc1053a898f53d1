"""The recommendation through the public API: people from lists, returns and the roster at that instant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app.duty.roster.tables import Shift
from app.duty.standby.tables import ReadinessReturn, StandbyList, StandbyPerson
from tests.api.desk import Desk, problem
from tests.duty.county import TOWN_LEADER, TOWNSHIP, settle_in
from tests.world import EAST, FOREST, HILL, LAKE, RIVER, STREAM

pytestmark = pytest.mark.database
TODAY = date(2025, 6, 18)


async def put(desk: Desk, table: Any, **row: Any) -> int:
    async def work(tx: Any) -> int:
        done = await tx.execute(insert(table).values(stream=STREAM, **row).returning(table.id))
        return int(done.scalar_one())

    return await desk.world.do(work)


async def name_people(desk: Desk, team: int, *people: int | None) -> None:
    """Name people for a township's standby list of today; None: somebody who is in no register."""
    now = desk.world.clock.now()
    listed = await put(
        desk, StandbyList, region_code=EAST, day=TODAY, team_id=team, version=1, required=12, key_day=True,
        entered_by="东镇值班员", entered_at=now, late=False,
    )  # fmt: skip
    for number, person in enumerate(people):
        await put(
            desk, StandbyPerson, list_id=listed, day=TODAY, name=f"队员{number}",
            phone=f"1370000{number:04d}", person_id=person, since=now, named_by="东镇值班员", named_at=now,
        )  # fmt: skip


async def advice(desk: Desk, incident_id: int, who: str = "officer", **ask: Any) -> dict[str, Any]:
    answer = await desk.post(who, f"/api/incidents/{incident_id}/recommendation", ask)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def offers(told: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {one["team_id"]: one for one in told["offers"]}


def out(told: dict[str, Any]) -> dict[int, str]:
    return {one["team_id"]: one["code"] for one in told["left_out"]}


async def test_the_offer_names_who_leads_the_post_of_the_teams_place_at_this_instant(desk: Desk) -> None:
    await desk.world.do(settle_in)
    now = desk.world.clock.now()
    shift = {"post_id": TOWNSHIP, "seat_id": TOWN_LEADER, "source": "roster", "made_at": now}
    await put(desk, Shift, person_id=200, starts_at=now - timedelta(hours=8), ends_at=now, **shift)
    await put(desk, Shift, person_id=201, starts_at=now, ends_at=now + timedelta(hours=8), **shift)
    incident = await desk.world.incident()
    river = offers(await desk.read("officer", f"/api/incidents/{incident.id}/recommendation"))[RIVER]
    assert river["contact"]["name"] == "值班201"  # the shift is half-open: the one before has gone
    assert river["contact"]["why_zh"] == "东镇应急管理所当班(按值班表)"
    desk.world.later(hours=8)
    later = offers(await advice(desk, incident.id))[RIVER]
    assert later["contact"] is None  # nobody is on duty there now: nobody is named


async def test_the_names_of_today_count_before_the_register(desk: Desk) -> None:
    await name_people(desk, RIVER, *[None] * 9)
    incident = await desk.world.incident()
    told = await advice(desk, incident.id)
    assert offers(told)[RIVER]["people"] == 9
    assert "备勤名单 9 人" in [r["zh"] for r in offers(told)[RIVER]["reasons"]]
    await desk.world.run("UPDATE standby_person SET state = 'struck', struck_at = named_at")
    assert out(await advice(desk, incident.id))[RIVER] == "nobody_named"


async def test_a_team_whose_return_reports_nobody_on_post_is_left_out(desk: Desk) -> None:
    now = desk.world.clock.now()
    await put(
        desk, ReadinessReturn, team_id=RIVER, day=TODAY, strength=12, on_post=0, on_leave=12, out=0, sick=0,
        key_day=False, late=False, returned_by="江队长", returned_at=now,
    )  # fmt: skip
    incident = await desk.world.incident()
    assert out(await advice(desk, incident.id))[RIVER] == "nobody_on_post"


async def test_who_goes_off_standby_in_the_evening_is_off_whatever_was_named_in_the_morning(
    desk: Desk,
) -> None:
    await name_people(desk, RIVER, None, None)
    incident = await desk.world.incident()
    desk.world.later(minutes=1)
    answer = await desk.post("east", f"/api/teams/{RIVER}/standby", {"standby": False})
    assert answer.status_code == 200, answer.text
    assert out(await advice(desk, incident.id))[RIVER] == "off_duty"
    desk.world.later(minutes=1)
    await desk.post("east", f"/api/teams/{RIVER}/standby", {"standby": True})
    assert RIVER in offers(await advice(desk, incident.id))


async def test_a_person_who_is_out_with_one_team_is_not_counted_in_another(desk: Desk) -> None:
    await desk.world.run(
        "INSERT INTO team_member (team_id, person_id, role) SELECT t, p, 'member'"
        " FROM unnest(ARRAY[1, 2]) t, unnest(ARRAY[1, 2, 5]) p"
    )
    incident = await desk.world.incident()
    assert offers(await advice(desk, incident.id))[HILL]["people"] == 6
    await desk.world.send(RIVER, incident.id)
    told = await advice(desk, incident.id)
    assert offers(told)[HILL]["people"] == 3
    assert "登记备勤 3 人(另 3 人已随他队出动)" in [r["zh"] for r in offers(told)[HILL]["reasons"]]
    assert out(told)[RIVER] == "already_here"
    await name_people(desk, HILL, 1, 2)  # by name both are out
    assert out(await advice(desk, incident.id))[HILL] == "people_elsewhere"


async def test_needs_by_hand_are_filled_and_what_is_short_is_said_with_who_could_help(desk: Desk) -> None:
    await desk.world.run(
        "INSERT INTO mutual_aid_partner (stream, kind, name_zh, name_en, phone, lon, lat, capabilities, note,"
        " active) VALUES ('990181', 'superior', '示例市应急指挥中心', 'Shili EOC', '0799-12350', NULL, NULL,"
        " '{medical}', '', true), ('990181', 'neighbour', '邻县', 'Neighbour', '0798-12350', 118.5, 28.6,"
        " '{medical,boat}', '', true)"
    )
    incident = await desk.world.incident()
    needs = [{"capability": "medical", "teams": 2}, {"capability": "boat", "teams": 1, "people": 6}]
    told = await advice(desk, incident.id, needs=needs)
    assert told["by_hand"] and told["card"] is None
    medical, boat = told["needs"]
    assert (medical["have_teams"], boat["have_teams"], boat["short"]) == (1, 1, None)
    assert medical["short"]["zh"] == "医疗救护还缺 1 支"
    assert [one["name_zh"] for one in medical["aid"]] == ["邻县", "示例市应急指挥中心"]
    picked = {team: one["picked_for"] for team, one in offers(told).items() if one["picked_for"]}
    assert picked == {RIVER: ["boat"], LAKE: ["medical"]}
    without = await advice(desk, incident.id, needs=needs, without=[RIVER])
    assert RIVER not in offers(without) and without["needs"][1]["short"]["code"] == "need_short"
    refused = await desk.post(
        "officer", f"/api/incidents/{incident.id}/recommendation", {"needs": [{"capability": "magic"}]}
    )
    problem(refused, 422, "invalid_input")


async def test_without_coordinates_nothing_can_be_recommended_and_the_answer_says_what_to_do(
    desk: Desk,
) -> None:
    incident = await desk.world.incident()
    await desk.world.run("UPDATE incident SET lon = NULL, lat = NULL")
    told = await advice(desk, incident.id)
    assert told["offers"] == [] and told["shortfall"]["code"] == "no_location"


async def test_two_incidents_at_once_share_the_teams_and_none_is_picked_twice(desk: Desk) -> None:
    first = await desk.world.incident(life_threat=True)
    second = await desk.world.incident(title="西湖村落水", lon=118.11, lat=28.41)
    before = await desk.world.head()
    ask = {"incident_ids": [first.id, second.id], "needs": [{"capability": "search_rescue", "teams": 2}]}
    answer = await desk.post("officer", "/api/recommendations", ask)
    assert answer.status_code == 200, answer.text
    told = answer.json()["advice"]
    picked = [{t for t, one in offers(each).items() if one["picked_for"]} for each in told]
    assert picked == [{RIVER, HILL}, {LAKE, FOREST}]
    assert await desk.world.head() == before  # what if: nothing was written
    twice = {"incident_ids": [first.id, first.id]}
    problem(await desk.post("officer", "/api/recommendations", twice), 422, "invalid_input")
    hidden = {"incident_ids": [first.id, second.id]}
    problem(await desk.post("boatman", "/api/recommendations", hidden), 403, "not_permitted")


async def test_a_township_that_would_be_bare_is_told_with_who_could_stand_in(desk: Desk) -> None:
    await desk.world.run(
        "UPDATE team SET kind = 'semi_pro', capabilities = array_append(capabilities, 'evacuation')"
    )
    await desk.world.run("UPDATE team SET standby = false WHERE id = :hill", hill=HILL)
    incident = await desk.world.incident()
    told = await advice(desk, incident.id, needs=[{"capability": "boat"}])
    (move,) = told["move_ups"]
    assert (move["region_name"], move["team_id"]) == ("东镇", LAKE)
    assert move["zh"].startswith("东镇将无队伍留守,建议西湖救援队前往补位")


async def test_a_team_that_is_out_already_is_no_cover_of_its_township(desk: Desk) -> None:
    await desk.world.run(
        "UPDATE team SET kind = 'semi_pro', capabilities = array_append(capabilities, 'evacuation')"
    )
    incident = await desk.world.incident()
    sent = await desk.post("officer", f"/api/incidents/{incident.id}/assignments", {"team_id": HILL})
    assert sent.status_code == 201, sent.text
    told = await advice(desk, incident.id, needs=[{"capability": "boat"}])
    (move,) = told["move_ups"]
    assert (move["region_name"], move["team_id"]) == ("东镇", LAKE), "the team on its way holds nothing"
