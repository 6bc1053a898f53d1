"""People and units over HTTP: who may, within which scope; nobody is deleted, each counts once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.duty.departure.actions import depart
from app.org.commands import DepartureIn
from app.sheets import MEDIA_TYPE
from tests.api.desk import Desk, problem
from tests.duty.county import CENTRE, LEADER, cell, settle_in
from tests.duty.county import Desk as Rosters
from tests.org.sheet import people_sheet
from tests.world import EAST, EAST_BANK, FOREST, HILL, RIVER, WEST, ZONE

pytestmark = pytest.mark.database
NEW = {"name": "邹敏", "region_code": EAST, "phones": [{"number": "13800000077"}]}


async def made(desk: Desk, path: str, told: dict[str, Any], who: str = "lead") -> dict[str, Any]:
    answer = await desk.post(who, path, told)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def patched(desk: Desk, path: str, told: dict[str, Any], who: str = "lead") -> dict[str, Any]:
    answer = await desk.ask(who, "PATCH", path, told)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_person_has_several_numbers_and_the_first_is_the_one_others_see(desk: Desk) -> None:
    told = {
        **NEW,
        "title": "护林员",
        "phones": [{"number": "0799-5550199"}, {"number": "13800000077", "label": "home"}],
        "call_sign": "林九",
        "satellite_number": "17400000009",
        "beidou_number": "0500199",
        "qualifications": ["护林员"],
        "full_time": True,
    }
    person = await made(desk, "/api/people", told)
    assert [(p["number"], p["label"]) for p in person["phones"]] == [
        ("0799-5550199", "office"),
        ("13800000077", "home"),
    ]
    shown = await desk.read("officer", f"/api/people/{person['id']}")
    assert (shown["call_sign"], shown["region_path"], shown["holds"]) == ("林九", "樟川市东镇", [])
    rows = await desk.world.rows("SELECT phones[1] AS first FROM person WHERE id = :id", id=person["id"])
    assert rows == [{"first": "0799-5550199"}]
    swapped = [{"number": "13800000077"}, {"number": "0799-5550199"}]
    await patched(desk, f"/api/people/{person['id']}", {"phones": swapped, "title": "所长"})
    events = await desk.world.events()
    assert [e["type"] for e in events] == ["person.registered", "person.amended"]
    assert events[1]["changed"] == ["phone_labels", "phones", "post"]


@pytest.mark.parametrize(
    ("told", "field", "zh"),
    [
        ({**NEW, "phones": [{"number": "12x"}]}, "phones.0", "电话号码"),
        ({**NEW, "phones": [{"number": "119"}, {"number": "119"}]}, "body", "两次"),
        ({**NEW, "satellite_number": "abc"}, "body", "卫星号码"),
        ({**NEW, "beidou_number": "123456789"}, "body", "北斗卡号"),
        ({**NEW, "name": " "}, "name", "不能为空"),
        ({**NEW, "region_code": "990182000000"}, "region_code", "没有这个地区"),
        ({**NEW, "unit_id": 99}, "unit_id", "没有这个单位"),
        ({**NEW, "active": False}, "active", "没有这个字段"),
    ],
)
async def test_what_cannot_be_is_told_in_both_languages(
    desk: Desk, told: dict[str, Any], field: str, zh: str
) -> None:
    document = problem(await desk.post("lead", "/api/people", told), 422, "invalid_input")
    fault = next(f for f in document["fields"] if f["name"] == field)
    assert zh in fault["zh"] and fault["en"]


async def test_one_person_is_registered_once_and_namesakes_are_two(desk: Desk) -> None:
    await made(desk, "/api/people", NEW)
    known = problem(await desk.post("lead", "/api/people", NEW), 409, "person_known")
    assert "樟川市东镇" in known["zh"]
    await made(desk, "/api/people", {**NEW, "phones": [{"number": "13800000078"}]})


async def test_numbers_are_for_those_who_see_the_desk_and_each_sees_his_own_part(desk: Desk) -> None:
    def firsts(page: Any) -> list[str]:
        return [person["phones"][0]["number"] for person in page["people"] if person["phones"]]

    assert len(firsts(await desk.read("auditor", "/api/people"))) == 5
    assert firsts(await desk.read("west", "/api/people")) == ["13800000003", "13800000004"]
    page = await desk.read("admin", "/api/people")
    assert (page["total"], firsts(page)) == (5, [])
    assert (await desk.read("admin", "/api/people?text=13800000001"))["total"] == 0
    assert (await desk.read("lead", "/api/people?text=13800000001"))["total"] == 1
    assert (await desk.read("admin", "/api/people/1"))["phones"] == []
    problem(await desk.get("admin", "/api/people/export.xlsx"), 403, "not_permitted")
    for path in ("/api/people", "/api/people/1", "/api/units", "/api/people/totals"):
        problem(await desk.get("crew", path), 403, "not_permitted")
    problem(await desk.get("west", "/api/people/1"), 404, "not_found")
    for path in ("/api/offices", "/api/responsibilities", "/api/groups", f"/api/teams/{RIVER}/members"):
        problem(await desk.get("admin", path), 403, "not_permitted")


async def test_a_township_keeps_its_own_people_and_only_those(desk: Desk) -> None:
    person = await made(desk, "/api/people", NEW, who="east")
    for who, status in (("west", 404), ("officer", 403), ("auditor", 403), ("admin", 403)):
        path = f"/api/people/{person['id']}"
        assert (await desk.ask(who, "PATCH", path, {"title": "x"})).status_code == status
        assert (await desk.post(who, f"{path}/deactivate")).status_code == status
    problem(await desk.post("west", "/api/people", NEW), 403, "not_permitted")
    path = f"/api/people/{person['id']}"
    problem(await desk.ask("east", "PATCH", path, {"region_code": WEST}), 403, "not_permitted")
    assert (await patched(desk, path, {"region_code": WEST}))["region_code"] == WEST
    problem(await desk.get("east", path), 404, "not_found")


async def test_who_still_has_shifts_stays_until_they_are_given_to_somebody_else(desk: Desk) -> None:
    world = desk.world
    await world.do(settle_in)
    await Rosters(world).publish([cell(LEADER, 100, "07-01 08:00"), cell(LEADER, 101, "07-02 08:00")])
    refused = problem(await desk.post("lead", "/api/people/100/deactivate"), 409, "shifts_to_give")
    (shift,) = refused["fields"]
    assert shift["zh"] == "07-01 08:00–07-02 08:00 樟川市应急指挥中心 带班领导"
    assert "leader in charge" in shift["en"] and "值班100" in refused["zh"]
    assert (await desk.read("lead", "/api/people/100"))["active"]
    gone = (await desk.post("lead", "/api/people/100/deactivate", {"force": True})).json()
    assert not gone["active"]
    rows = await world.rows("SELECT state FROM shift WHERE person_id = 100")
    assert rows == [{"state": "planned"}]  # for the coverage alarm to find
    event = (await world.events())[-1]
    assert (event["type"], event["shifts_left"]) == ("person.deactivated", 1)
    assert (await desk.read("lead", f"/api/people?unit_id={CENTRE}&left=true"))["total"] == 1
    assert (await patched(desk, "/api/people/100", {"active": True}))["active"]
    world.later(days=30)  # what lies behind binds nobody
    lead, now = world.people["lead"], world.clock.now()
    assert not (await world.do(lambda tx: depart(tx, lead, 101, DepartureIn(), now, ZONE))).active


async def test_a_team_whose_leader_leaves_has_none_on_every_screen(desk: Desk) -> None:
    await desk.post("lead", "/api/people/1/deactivate")
    team = next(t for t in (await desk.read("crew", "/api/snapshot"))["teams"] if t["id"] == RIVER)
    assert (team["leader_name"], team["leader_phone"]) == (None, None)
    event = (await desk.world.events())[-1]
    assert (event["type"], event["team_id"], event["leader_name"]) == ("team.leader_changed", RIVER, None)


async def test_a_person_in_two_teams_counts_once(desk: Desk) -> None:
    for team, people in ((RIVER, (1, 2, 5)), (HILL, (2, 5)), (FOREST, (4,))):
        told = {
            "members": [{"person_id": p, "role": "leader" if p == people[0] else "member"} for p in people]
        }
        answer = await desk.ask("lead", "PUT", f"/api/teams/{team}/members", told)
        assert answer.status_code == 200, answer.text
    totals = await desk.read("lead", "/api/people/totals")
    assert (totals["people"], totals["memberships"], totals["in_teams"], totals["in_several"]) == (5, 6, 4, 2)
    assert totals["by_kind"] == [{"kind": "rescue", "teams": 4, "people": 4}]
    east = await desk.read("east", "/api/people/totals")
    assert (east["people"], east["in_teams"]) == (3, 3)
    members = (await desk.read("east", f"/api/teams/{RIVER}/members"))["members"]
    assert [(m["person"]["id"], m["role"], m["other_teams"]) for m in members] == [
        (1, "leader", 0),
        (2, "member", 1),
        (5, "member", 1),
    ]
    twice = {"members": [{"person_id": 1, "role": "leader"}, {"person_id": 2, "role": "leader"}]}
    problem(await desk.ask("lead", "PUT", f"/api/teams/{RIVER}/members", twice), 422, "invalid_input")
    problem(await desk.ask("west", "PUT", f"/api/teams/{RIVER}/members", {"members": []}), 404, "not_found")


async def test_units_stand_below_one_or_two_superiors_and_never_in_a_circle(desk: Desk) -> None:
    station = await made(
        desk,
        "/api/units",
        {
            "kind": "township",
            "name_zh": "东镇所",
            "region_code": EAST,
            "parent_id": 1,
            "business_parent_id": None,
        },
    )
    point = await made(
        desk,
        "/api/units",
        {"kind": "township", "name_zh": "服务点", "region_code": EAST_BANK, "parent_id": station["id"]},
    )
    path = f"/api/units/{station['id']}"
    circle = problem(
        await desk.ask("lead", "PATCH", path, {"business_parent_id": point["id"]}), 409, "circle_of_units"
    )
    assert "东镇所 → 服务点 → 东镇所" in circle["zh"]
    problem(await desk.ask("lead", "PATCH", path, {"parent_id": station["id"]}), 409, "circle_of_units")
    same = problem(await desk.ask("lead", "PATCH", path, {"business_parent_id": 1}), 422, "invalid_input")
    assert "同一单位" in same["zh"]
    assert (await patched(desk, path, {"parent_id": None, "business_parent_id": 1}))["parent_id"] is None
    problem(await desk.post("lead", "/api/units", {**NEW_UNIT, "kind": "castle"}), 422, "invalid_input")
    problem(await desk.post("west", "/api/units", NEW_UNIT), 403, "not_permitted")
    used = problem(await desk.post("lead", f"{path}/deactivate"), 409, "unit_in_use")
    assert "1 个下级单位(服务点)" in used["zh"]
    person = await made(desk, "/api/people", {**NEW, "region_code": EAST_BANK, "unit_id": point["id"]})
    used = problem(await desk.post("lead", f"/api/units/{point['id']}/deactivate"), 409, "unit_in_use")
    assert "邹敏" in used["zh"]
    await patched(desk, f"/api/people/{person['id']}", {"unit_id": None})
    for unit in (point, station):
        assert not (await desk.post("lead", f"/api/units/{unit['id']}/deactivate")).json()["active"]
    closed = problem(
        await desk.post("lead", "/api/people", {**NEW, "unit_id": station["id"]}), 422, "invalid_input"
    )
    assert "已停用" in closed["zh"]
    assert (await patched(desk, path, {"active": True}))["active"]


NEW_UNIT = {"kind": "township", "name_zh": "东镇所", "region_code": EAST}


async def test_two_who_put_units_under_each_other_at_once_take_turns(desk: Desk) -> None:
    one, two = [await made(desk, "/api/units", NEW_UNIT) for _ in range(2)]
    answers = await asyncio.gather(
        desk.ask("lead", "PATCH", f"/api/units/{one['id']}", {"parent_id": two["id"]}),
        desk.ask("leader", "PATCH", f"/api/units/{two['id']}", {"parent_id": one["id"]}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_station_with_too_few_posts_is_marked_and_the_county_says_how_many(desk: Desk) -> None:
    unit = await made(desk, "/api/units", NEW_UNIT)
    assert unit["staffing"] == "short"
    for n in range(6):
        told = {"name": f"员{n}", "region_code": EAST, "unit_id": unit["id"], "full_time": n < 2}
        await made(desk, "/api/people", told)
    units = {u["id"]: u for u in await desk.read("east", "/api/units")}
    assert (units[unit["id"]]["staffing"], units[unit["id"]]["full_time"]) == ("enough", 2)
    kind = {"name_zh": "乡镇", "name_en": "Township", "min_posts": 7, "min_full_time": 2}
    problem(await desk.ask("east", "PUT", "/api/units/kinds/township", kind), 403, "not_permitted")
    assert (await desk.ask("lead", "PUT", "/api/units/kinds/township", kind)).status_code == 200
    assert (await desk.read("lead", "/api/people/totals"))["stations_short"] == 1
    more = {**kind, "min_full_time": 8}
    problem(await desk.ask("lead", "PUT", "/api/units/kinds/township", more), 422, "invalid_input")
    assert [k["code"] for k in await desk.read("east", "/api/units/kinds")] == ["centre", "township"]


async def test_people_are_found_by_unit_and_by_those_below(desk: Desk) -> None:
    unit = await made(desk, "/api/units", {**NEW_UNIT, "parent_id": 1})
    await made(desk, "/api/people", {**NEW, "unit_id": unit["id"]})
    assert (await desk.read("lead", "/api/people?unit_id=1"))["total"] == 0
    assert (await desk.read("lead", "/api/people?unit_id=1&below=true"))["total"] == 1
    assert (await desk.read("lead", f"/api/people?region={EAST[:9]}&text=%25"))["total"] == 0
    assert (await desk.read("lead", f"/api/people?region={EAST[:9]}&limit=2"))["total"] == 4
    assert len((await desk.read("lead", "/api/people?limit=2&offset=4"))["people"]) == 2


async def send(desk: Desk, data: bytes, *, apply: bool, who: str = "lead") -> Any:
    headers = {"Cookie": f"zhishou_session=token-{who}", "Content-Type": MEDIA_TYPE}
    return await desk.client.post(
        f"/api/people/import?apply={str(apply).lower()}", content=data, headers=headers
    )


async def test_a_sheet_is_looked_at_first_and_taken_whole_or_not_at_all(desk: Desk) -> None:
    headers = ("姓名", "地区", "电话", "职务")
    good = ["邹敏", "东镇", "13800000077", "员"], ["江队长", "东镇", "13800000001", "队长"]
    told = (await send(desk, people_sheet(*good, headers=headers), apply=False)).json()
    assert (told["created"], told["amended"], told["faults"], told["applied"]) == (1, 1, [], False)
    assert told["rows"][1]["changed"] == ["title"]
    assert await desk.world.types() == []
    bad = people_sheet(*good, ["某人", "南镇", None, None], headers=headers)
    refused = problem(await send(desk, bad, apply=True), 422, "invalid_input")
    assert [f["name"] for f in refused["fields"]] == ["B4"]
    assert (await desk.read("lead", "/api/people"))["total"] == 5
    assert (await send(desk, people_sheet(*good, headers=headers), apply=True)).json()["applied"]
    assert (await desk.world.types())[0] == "person.imported"
    sheet = (await desk.get("lead", "/api/people/export.xlsx")).content
    told = (await send(desk, sheet, apply=True)).json()
    assert (told["unchanged"], told["created"], told["amended"], told["faults"]) == (6, 0, 0, [])
    west = (await send(desk, sheet, apply=False, who="west")).json()
    assert west["unchanged"] == 2 and west["faults_total"] == 4
    problem(await send(desk, sheet, apply=True, who="officer"), 403, "not_permitted")
    problem(await send(desk, b"x" * (2 * 1024 * 1024 + 1), apply=False), 413, "too_large")


async def test_three_thousand_people_come_in_one_sheet(desk: Desk) -> None:
    rows = [[f"邹{chr(0x4E00 + n)}", "东镇", 13910000000 + n] for n in range(3000)]
    sheet = people_sheet(*rows, headers=("姓名", "地区", "电话"))
    assert (await send(desk, sheet, apply=True)).json()["created"] == 3000
    assert (await send(desk, sheet, apply=True)).json()["unchanged"] == 3000
    assert len(await desk.world.types()) == 1


async def test_a_number_of_the_county_next_door_is_nobodys(desk: Desk) -> None:
    sheet = people_sheet([999, "某人"], [3, "湖队长"], headers=("编号", "姓名"))
    told = (await send(desk, sheet, apply=False, who="east")).json()
    assert [fault["cell"] for fault in told["faults"]] == ["A2", "A3"]
