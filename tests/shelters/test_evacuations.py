"""Villages are moved out, ticked person by person, and brought home: S02 step 5, S03 step 7, S11 step 6."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from docx import Document

from tests.api.desk import problem
from tests.shelters.refuges import PARK, SCHOOL, Refuges, sheet_of
from tests.supplies.sheets import sheet_of as stock_sheet
from tests.world import EAST_BANK, EAST_HILL, SECRET_KIND, WEST_LAKE, ZONE

pytestmark = pytest.mark.database


async def test_86_people_are_ticked_by_1505_two_of_them_by_knocking(refuges: Refuges) -> None:
    """S02 step 5: the order at 14:20, everybody out by 15:05, two by knocking at the door."""
    world = refuges.desk.world
    incident = await world.incident()
    await refuges.settled(EAST_BANK, 86)
    await refuges.at(datetime(2025, 11, 5, 14, 20, tzinfo=ZONE))
    deadline = datetime(2025, 11, 5, 15, 10, tzinfo=ZONE).isoformat()
    number = await refuges.ordered(EAST_BANK, incident_id=incident.id, deadline=deadline)
    await refuges.opened(PARK)
    people = await refuges.people(number)
    assert len(people) == 86 and {one["state"] for one in people} == {"waiting"}
    ids = [one["id"] for one in people]
    path = f"/api/evacuations/{number}/ticks"
    world.later(minutes=20)
    half = await refuges.do(path, "east", people=ids[:60], shelter_id=PARK, means="transport")
    assert (half["evacuation"]["tally"]["moved"], half["evacuation"]["tally"]["waiting"]) == (60, 26)
    world.later(minutes=25)
    await refuges.do(path, "east", people=ids[60:84], shelter_id=PARK)
    out = await refuges.do(
        path, people=ids[84:], shelter_id=PARK, means="door_knock", channel="radio", voucher="村干部"
    )
    tally = out["villages"][0]["tally"]
    assert (tally["total"], tally["moved"], tally["door_knock"], tally["waiting"]) == (86, 86, 2, 0)
    last = (await refuges.people(number))[-1]
    assert last["happened_at"] == "2025-11-05T07:05:00Z"  # 15:05
    assert (last["entered_by"], last["shelter_name"], last["voucher"]) == (
        "值班员甲",
        "滨江公园应急避难场所",
        "村干部",
    )
    (park,) = [one for one in await refuges.desk.read("officer", "/api/shelters") if one["id"] == PARK]
    assert park["present"] == 86  # nobody has counted yet: the lists say who is there
    timeline = await refuges.desk.read("officer", f"/api/incidents/{incident.id}/timeline")
    assert any("人员转移" in line["zh"] and "86/86" in line["zh"] for line in timeline["entries"])


async def test_640_come_home_one_by_one_and_the_end_waits_for_the_last(refuges: Refuges) -> None:
    """S03 step 7: the return list 640/640."""
    for village, count in ((EAST_BANK, 300), (EAST_HILL, 200), (WEST_LAKE, 140)):
        await refuges.settled(village, count)
    number = await refuges.ordered(EAST_BANK, EAST_HILL, WEST_LAKE)
    await refuges.opened(PARK)
    ids = [one["id"] for one in await refuges.people(number)]
    assert len(ids) == 640
    path = f"/api/evacuations/{number}"
    await refuges.do(f"{path}/ticks", people=ids, shelter_id=PARK)
    early = await refuges.desk.post("officer", f"{path}/returns", {"people": [ids[0], 99999]})
    problem(early, 404, "not_found")
    refuges.desk.world.later(hours=1)
    await refuges.do(f"{path}/returns", people=ids[:639])
    answer = await refuges.desk.post("officer", f"{path}/end", {"reason": "解除"})
    assert "640 人中还有 1 人" in problem(answer, 409, "not_all_back")["zh"]
    await refuges.do(f"{path}/returns", people=ids[639:], back="missing", note="电话不通")
    found = await refuges.do(f"{path}/returns", people=ids[639:], note="找到了")
    assert (found["evacuation"]["tally"]["home"], found["evacuation"]["tally"]["missing"]) == (640, 0)
    (park,) = [one for one in await refuges.desk.read("officer", "/api/shelters") if one["id"] == PARK]
    assert park["present"] == 0
    problem(await refuges.desk.post("east", f"{path}/end", {"reason": "x"}), 404, "not_found")
    ended = await refuges.do(f"{path}/end", reason="监测正常,解除")
    assert ended["evacuation"]["ended_by"] == "值班员甲"
    late = await refuges.desk.post("officer", f"{path}/ticks", {"people": ids[:1]})
    problem(late, 409, "evacuation_over")


async def test_four_refuse_with_reason_witness_and_paper(refuges: Refuges) -> None:
    """S11 step 6: 4 refuse → names, reason, witness, the photograph of the signature."""
    await refuges.settled(EAST_BANK, 40)
    number = await refuges.ordered(EAST_BANK)
    ids = [one["id"] for one in await refuges.people(number)]
    path = f"/api/evacuations/{number}"
    answer = await refuges.desk.post("officer", f"{path}/refusals", {"people": ids[:4], "reason": "看家"})
    problem(answer, 422, "invalid_input")
    told: dict[str, Any] = {"reason": "不愿离开", "witness": "民警王刚", "attachment": "签字照片 IMG_0412"}
    out = await refuges.do(f"{path}/refusals", people=ids[:4], **told)
    assert out["evacuation"]["tally"]["refused"] == 4
    refused = [one for one in await refuges.people(number) if one["state"] == "refused"]
    assert [one["attachment"] for one in refused] == ["签字照片 IMG_0412"] * 4
    changed_mind = await refuges.do(f"{path}/ticks", people=ids[:1], means="own_way")
    assert changed_mind["evacuation"]["tally"]["moved"] == 1
    assert (await refuges.people(number))[0]["witness"] == ""
    answer = await refuges.desk.post("officer", f"{path}/refusals", {"people": ids[:1], **told})
    assert "已转移" in problem(answer, 422, "invalid_input")["zh"]


async def test_a_tick_is_idempotent_and_can_be_set_back(refuges: Refuges) -> None:
    await refuges.settled(EAST_BANK, 4)
    number = await refuges.ordered(EAST_BANK)
    ids = [one["id"] for one in await refuges.people(number)]
    path = f"/api/evacuations/{number}"
    closed = await refuges.desk.post("officer", f"{path}/ticks", {"people": ids, "shelter_id": SCHOOL})
    assert "先开启" in problem(closed, 409, "shelter_is_closed")["zh"]
    await refuges.opened(SCHOOL)
    at = (refuges.desk.world.clock.now() - timedelta(minutes=30)).isoformat()
    await refuges.do(f"{path}/ticks", people=ids[:2], shelter_id=SCHOOL, happened_at=at)
    head = await refuges.desk.world.head()
    await refuges.do(f"{path}/ticks", people=ids[:2], shelter_id=SCHOOL, means="door_knock")
    assert await refuges.desk.world.head() == head  # the same tick of another desk says nothing new
    assert (await refuges.people(number))[0]["means"] == "assembly"
    not_yet = await refuges.desk.post("officer", f"{path}/returns", {"people": ids})
    assert "2 人没有转移记录" in problem(not_yet, 409, "not_moved_yet")["zh"]
    back = await refuges.do(f"{path}/corrections", people=ids, reason="误登")
    assert back["evacuation"]["tally"]["waiting"] == 4
    assert (await refuges.desk.world.events())[-1]["count"] == 2


async def test_who_is_counted_after_the_tick_is_not_counted_twice(refuges: Refuges) -> None:
    await refuges.settled(EAST_BANK, 10)
    number = await refuges.ordered(EAST_BANK)
    ids = [one["id"] for one in await refuges.people(number)]
    await refuges.opened(SCHOOL)
    world, path = refuges.desk.world, f"/api/evacuations/{number}"

    async def present() -> int:
        card = await refuges.desk.read("officer", f"/api/shelters/{SCHOOL}")
        return int(card["shelter"]["present"])

    await refuges.do(f"{path}/ticks", people=ids[:6], shelter_id=SCHOOL)
    assert await present() == 6
    world.later(minutes=10)
    await refuges.counted(SCHOOL, 8)  # two came of themselves
    assert await present() == 8
    world.later(minutes=10)
    await refuges.do(f"{path}/ticks", people=ids[6:], shelter_id=SCHOOL)
    assert await present() == 12
    world.later(minutes=10)
    await refuges.do(f"{path}/returns", people=ids[:3])
    assert await present() == 9


async def test_names_are_for_those_who_command_or_keep_and_events_name_nobody(refuges: Refuges) -> None:
    await refuges.settled(EAST_BANK, 3)
    await refuges.settled(WEST_LAKE, 2)
    number = await refuges.ordered(EAST_BANK, WEST_LAKE)
    assert len(await refuges.people(number, "east")) == 3
    assert len(await refuges.people(number, "west")) == 2
    page = await refuges.desk.read("east", f"/api/evacuations/{number}")
    assert (page["evacuation"]["tally"]["total"], len(page["villages"])) == (3, 1)
    for path in ("people", "list.docx", "return.pdf"):
        answer = await refuges.desk.get("auditor", f"/api/evacuations/{number}/{path}")
        problem(answer, 403, "not_permitted")
    problem(await refuges.desk.get("auditor", "/api/evacuations/residents.xlsx"), 403, "not_permitted")
    assert (await refuges.desk.read("auditor", "/api/evacuations"))[0]["evacuation"]["tally"]["total"] == 5
    foreign = [one["id"] for one in await refuges.people(number, "west")]
    answer = await refuges.desk.post("east", f"/api/evacuations/{number}/ticks", {"people": foreign})
    problem(answer, 404, "not_found")
    assert "户主1" not in str(await refuges.desk.world.events())


async def test_an_evacuation_for_a_secret_incident_is_seen_by_few(refuges: Refuges) -> None:
    await refuges.settled(EAST_BANK, 3)
    incident = await refuges.desk.world.incident(event_code=SECRET_KIND)
    number = await refuges.ordered(EAST_BANK, incident_id=incident.id)
    assert await refuges.desk.read("east", "/api/evacuations") == []
    problem(await refuges.desk.get("east", f"/api/evacuations/{number}/people"), 404, "not_found")


async def test_lists_are_printed_a_village_after_the_other(refuges: Refuges) -> None:
    await refuges.settled(EAST_BANK, 5)
    number = await refuges.ordered(EAST_BANK)
    ids = [one["id"] for one in await refuges.people(number)]
    path = f"/api/evacuations/{number}"
    await refuges.do(f"{path}/ticks", people=ids[:2], means="own_way")
    whole = Document(io.BytesIO((await refuges.desk.get("officer", f"{path}/list.docx")).content))
    words = [cell.text for table in whole.tables for row in table.rows for cell in row.cells]
    assert {"户主1", "轮椅", "投亲靠友", "自行转移"} <= set(words)
    await refuges.do(f"{path}/returns", people=ids[:1])
    home = Document(io.BytesIO((await refuges.desk.get("officer", f"{path}/return.docx")).content))
    words = [cell.text for table in home.tables for row in table.rows for cell in row.cells]
    assert words.count("已返家") == 1 and "家人4" not in words
    pdf = await refuges.desk.get("officer", f"{path}/list.pdf?village={EAST_BANK}")
    assert pdf.content.startswith(b"%PDF")


async def test_households_come_from_a_sheet_that_is_looked_at_first(refuges: Refuges) -> None:
    path = "/api/evacuations/residents/import"

    async def send(sheet: bytes, query: str = "", who: str = "east") -> object:
        headers = {"Cookie": f"zhishou_session=token-{who}"}
        return await refuges.desk.client.post(path + query, content=sheet, headers=headers)

    assert (
        await refuges.desk.post("officer", "/api/evacuations", {"villages": [EAST_BANK], "reason": "x"})
    ).json()["code"] == "nobody_to_move"
    rows = (
        ("东岸村", None, "张三", "张三", 13800001111, None),
        (None, EAST_BANK, "张三", "张小", None, "婴儿"),
        ("西湖村", None, "李四", "李四", None, None),
        ("东岸村", None, "张三", "张三", None, None),
        ("东岸村", None, "", "无户", "call me", None),
    )
    told = (await send(sheet_of(*rows))).json()  # type: ignore[attr-defined]
    assert (told["applied"], told["created"], told["faults_total"]) == (False, 2, 4)
    assert [one["cell"] for one in told["faults"]] == ["A4", "D5", "C6", "E6"]
    refused = await send(sheet_of(*rows), "?apply=true")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    done = (await send(sheet_of(*rows[:2]), "?apply=true")).json()  # type: ignore[attr-defined]
    assert (done["applied"], done["created"]) == (True, 2)
    again = (await send(sheet_of(*rows[:2]), "?apply=true")).json()  # type: ignore[attr-defined]
    assert (again["created"], again["unchanged"]) == (0, 2)
    assert (await send(stock_sheet())).status_code == 422  # type: ignore[attr-defined]
    sheet = (await refuges.desk.get("east", "/api/evacuations/residents.xlsx")).content
    same = (await send(sheet)).json()  # type: ignore[attr-defined]
    assert (same["unchanged"], same["faults_total"]) == (2, 0)
    number = await refuges.ordered(EAST_BANK)
    guest = {"village_code": EAST_BANK, "household": "客人", "name": "王五"}
    added = await refuges.do(f"/api/evacuations/{number}/people", status=201, **guest)
    assert added["evacuation"]["tally"]["total"] == 3
    twice = await refuges.desk.post("officer", f"/api/evacuations/{number}/people", guest)
    problem(twice, 409, "evacuee_twice")
