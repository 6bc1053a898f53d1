"""The call book over HTTP: who is called for a place; a changed leader is one edit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.desk import Desk, problem
from tests.api.test_people import made, patched
from tests.duty.county import settle_in
from tests.world import COUNTY, EAST, EAST_BANK, EAST_HILL, RIVER

pytestmark = pytest.mark.database
PATH = f"/api/responsible?region_code={EAST_BANK}"


async def ids(desk: Desk, path: str = PATH, who: str = "lead") -> list[list[int]]:
    told = await desk.read(who, path)
    return [[call["person"]["id"] for call in level["call"]] for level in told["levels"]]


async def test_a_changed_leader_is_one_edit_wherever_the_office_stands(desk: Desk) -> None:
    leader = {"kind": "township_leader", "title": "镇长", "region_code": EAST, "person_id": 1}
    office = (await made(desk, "/api/offices", leader))["id"]
    for place, point in ((EAST, ""), (EAST_BANK, "青石水库"), (EAST_HILL, "北坡")):
        told = {"kind": "township_leader", "region_code": place, "point": point, "office_id": office}
        await made(desk, "/api/responsibilities", told)
    group = {"name_zh": "防指成员", "region_code": COUNTY, "members": [{"office_id": office}, {"unit_id": 1}]}
    made_group = await made(desk, "/api/groups", group)
    dam = f"{PATH}&point=%E9%9D%92%E7%9F%B3%E6%B0%B4%E5%BA%93"
    assert (await ids(desk), await ids(desk, dam)) == ([[], [1], []], [[1], [], [], []])
    before = await desk.world.head()
    answer = await desk.ask("lead", "PUT", f"/api/offices/{office}/holder", {"person_id": 2})
    assert answer.json()["person"]["name"] == "山队长"
    assert (await ids(desk), await ids(desk, dam)) == ([[], [2], []], [[2], [], [], []])
    (kept,) = await desk.read("lead", "/api/groups")
    assert [m["person"]["id"] for m in kept["members"] if m["person"]] == [2]
    assert await desk.world.types(before) == ["office.filled"]
    used = problem(await desk.ask("lead", "DELETE", f"/api/offices/{office}"), 409, "office_in_use")
    assert "4 处" in used["zh"]
    assert (await desk.ask("lead", "DELETE", f"/api/groups/{made_group['id']}")).status_code == 204
    held = (await desk.read("lead", "/api/people/2"))["holds"]
    assert sorted(h["what"] for h in held) == ["office", *["responsibility"] * 3, "team"]


async def test_a_successor_takes_over_everything_in_one_edit(desk: Desk) -> None:
    await made(desk, "/api/offices", {**CONTACT, "person_id": 1})
    for person in (1, 2):  # whoever answers already does so once
        told = {"kind": "contact", "region_code": EAST, "person_id": person}
        await made(desk, "/api/responsibilities", told)
    group = {"name_zh": "防指成员", "region_code": COUNTY, "members": [{"person_id": 1}]}
    await made(desk, "/api/groups", group)
    crew = {"members": [{"person_id": 1, "role": "leader"}, {"person_id": 2}]}
    await desk.ask("lead", "PUT", f"/api/teams/{RIVER}/members", crew)
    before = await desk.world.head()
    answer = await desk.post("lead", "/api/people/1/succeed", {"person_id": 2})
    assert answer.status_code == 200, answer.text
    assert (await desk.read("lead", "/api/people/1"))["holds"] == []
    assert await ids(desk) == [[2], [], []]
    members = (await desk.read("lead", f"/api/teams/{RIVER}/members"))["members"]
    assert [(m["person"]["id"], m["role"]) for m in members] == [(2, "leader")]
    river = next(t for t in (await desk.read("crew", "/api/snapshot"))["teams"] if t["id"] == RIVER)
    assert (river["leader_name"], river["leader_phone"]) == ("山队长", "13800000002")
    types = await desk.world.types(before)
    assert types[0] == "person.succeeded" and set(types[1:]) == {"team.leader_changed"}
    await desk.post("lead", "/api/people/5/deactivate")
    problem(await desk.post("lead", "/api/people/2/succeed", {"person_id": 5}), 409, "person_has_left")
    problem(await desk.post("lead", "/api/people/2/succeed", {"person_id": 2}), 422, "invalid_input")
    problem(await desk.post("west", "/api/people/3/succeed", {"person_id": 2}), 404, "not_found")


CONTACT = {"kind": "contact_a", "title": "应急管理员A角", "region_code": EAST_BANK}


async def test_a_village_has_one_contact_a_and_one_b_and_a_vacant_office_is_told(desk: Desk) -> None:
    a = await made(desk, "/api/offices", {**CONTACT, "person_id": 1})
    await made(
        desk, "/api/offices", {**CONTACT, "kind": "contact_b", "title": "应急管理员B角", "person_id": 2}
    )
    problem(await desk.post("lead", "/api/offices", CONTACT), 409, "office_taken")
    assert await ids(desk) == [[1, 2], [], []]
    await desk.post("lead", "/api/people/1/deactivate")
    told = await desk.read("lead", PATH)
    assert [v["title"] for v in told["levels"][0]["vacant"]] == ["应急管理员A角"]
    gone = await desk.ask("lead", "PUT", f"/api/offices/{a['id']}/holder", {"person_id": 1})
    problem(gone, 422, "invalid_input")
    problem(
        await desk.ask("west", "PUT", f"/api/offices/{a['id']}/holder", {"person_id": 3}), 404, "not_found"
    )
    assert (await desk.ask("lead", "DELETE", f"/api/offices/{a['id']}")).status_code == 204


async def test_who_answers_for_a_place_is_entered_ordered_changed_and_ended(desk: Desk) -> None:
    first = {"kind": "contact", "region_code": EAST, "person_id": 1, "ordinal": 2}
    one = await made(desk, "/api/responsibilities", first, who="east")
    await made(desk, "/api/responsibilities", {**first, "person_id": 2, "ordinal": 1}, who="east")
    problem(await desk.post("east", "/api/responsibilities", first), 409, "already_responsible")
    problem(await desk.post("west", "/api/responsibilities", first), 403, "not_permitted")
    both = {**first, "office_id": 1}
    problem(await desk.post("east", "/api/responsibilities", both), 422, "invalid_input")
    assert await ids(desk, who="east") == [[], [2, 1], []]
    path = f"/api/responsibilities/{one['id']}"
    await patched(desk, path, {"ordinal": 0}, who="east")
    assert await ids(desk, who="east") == [[], [1, 2], []]
    await patched(desk, path, {"person_id": 5}, who="east")
    assert await ids(desk, who="east") == [[], [5, 2], []]
    problem(await desk.ask("east", "PATCH", path, {"person_id": 2}), 409, "already_responsible")
    assert (await desk.ask("east", "DELETE", path)).status_code == 204
    assert [d["person"]["id"] for d in await desk.read("lead", "/api/responsibilities")] == [2]
    problem(await desk.get("west", PATH), 404, "not_found")
    unknown = "/api/responsible?region_code=990181100999"
    problem(await desk.get("lead", unknown), 404, "not_found")
    told = await desk.read("admin", PATH)
    assert told["levels"][1]["call"][0]["person"]["phones"] == []


async def test_groups_are_made_amended_and_deleted_and_their_names_are_their_own(desk: Desk) -> None:
    group = {"name_zh": "防指成员", "region_code": EAST, "members": [{"person_id": 1}, {"person_id": 1}]}
    one = await made(desk, "/api/groups", group, who="east")
    assert (one["people"], len(one["members"])) == (1, 1)
    problem(await desk.post("east", "/api/groups", group), 409, "group_name_taken")
    problem(await desk.post("east", "/api/groups", {**group, "region_code": COUNTY}), 403, "not_permitted")
    bad = {**group, "members": [{"unit_id": 99}, {"office_id": 7}]}
    refused = problem(await desk.ask("east", "PUT", f"/api/groups/{one['id']}", bad), 422, "invalid_input")
    assert [f["name"] for f in refused["fields"]] == ["members.unit_id.99", "members.office_id.7"]
    changed = {**group, "name_zh": "森防指成员", "members": [{"unit_id": 1}, {"person_id": 2}]}
    answer = await desk.ask("east", "PUT", f"/api/groups/{one['id']}", changed)
    assert [m["name"] for m in answer.json()["members"]] == ["樟川市应急指挥中心", "山队长"]
    assert await desk.read("west", "/api/groups") == []
    problem(await desk.ask("west", "DELETE", f"/api/groups/{one['id']}"), 404, "not_found")
    assert (await desk.ask("east", "DELETE", f"/api/groups/{one['id']}")).status_code == 204
    types = [t for t in await desk.world.types() if t.startswith("group.")]
    assert types == ["group.registered", "group.amended", "group.deleted"]


async def test_the_call_list_names_who_is_on_duty_now_and_who_is_away(desk: Desk) -> None:
    await desk.world.do(settle_in)
    for person in (200, 201):
        told = {"kind": "contact", "region_code": EAST, "person_id": person}
        await made(desk, "/api/responsibilities", told)
    await desk.world.run(
        "INSERT INTO shift (stream, post_id, seat_id, person_id, starts_at, ends_at, source, state, made_at)"
        " SELECT '990181', 2, seat, person, :now, :end, 'override', 'planned', :now"
        " FROM (VALUES (7, 200), (6, 202)) AS v(seat, person)",
        now=(now := desk.world.clock.now()),
        end=now + timedelta(hours=8),
    )
    await desk.world.run(
        "INSERT INTO leave (stream, person_id, kind, starts_at, ends_at, reason, place, in_area, state,"
        " asked_by, asked_at, remark)"
        " VALUES ('990181', 201, 'sick', :now, :end, '腰伤', '', true, 'approved', '甲', :now, '')",
        now=now,
        end=now + timedelta(days=2),
    )
    listed = await desk.read("lead", PATH)
    assert [(one["name"], one["role"], one["phone"]) for one in listed["on_duty"]] == [
        ("值班202", "leader_in_charge", "19900000202"),
        ("值班200", "duty_officer", "19900000200"),
    ]
    assert listed["on_duty"][0]["why_zh"] == "东镇应急管理所当班(替班或代行)"
    assert listed["on_duty_ids"] == [200]
    (away,) = listed["away"]
    assert (away["person_id"], away["kind"]) == (201, "sick") and "腰伤" not in str(listed)
    later = await desk.read("lead", f"{PATH}&at=2025-06-30T00:00:00Z")
    assert later["on_duty"] == [] and later["away"] == []
