"""Scenario S15 through the public API: the fire season begins, somebody is short, a month is paid."""

from __future__ import annotations

import os
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from openpyxl import load_workbook

from app.duty.standby.watcher import Muster
from tests.api.desk import Desk, desk, problem
from tests.duty.key_period import BRIGADE, LINXI, SQUADS, TOWNSHIPS, ZHOUWEI, Season, crew, season
from tests.world import STREAM, WEST

__all__ = ["desk"]
pytestmark = pytest.mark.database

FIRST = "2025-10-01"
COPY_LIST = """
INSERT INTO standby_list (stream, region_code, day, version, required, key_day, entered_by, entered_at, late,
                          accepted_by, accepted_at, yuan_per_day)
SELECT stream, region_code, day + n, version, required, key_day, entered_by, entered_at, late, accepted_by,
       accepted_at, yuan_per_day
  FROM standby_list, generate_series(1, 30) n WHERE day = '2025-10-01'
"""
COPY_PERSONS = """
INSERT INTO standby_person (list_id, stream, day, name, phone, person_id, state, since, named_by, named_at,
                            accepted_by, accepted_at, struck_reason)
SELECT l.id, p.stream, l.day, p.name, p.phone, p.person_id, 'accepted', p.since, p.named_by, p.named_at,
       p.accepted_by, p.accepted_at, ''
  FROM standby_person p JOIN standby_list o ON o.id = p.list_id
  JOIN standby_list l ON l.region_code = o.region_code AND l.day > o.day
 WHERE o.day = '2025-10-01' AND p.state = 'accepted'
"""


@pytest.fixture
async def county(desk: Desk) -> Season:
    return await season(desk)


def _muster(at: Season) -> Muster:
    house = at.desk.house
    return Muster(house.database, house.clock, STREAM, house.readiness)


async def _everybody_but_zhouwei(at: Season) -> None:
    for code in TOWNSHIPS:
        if code != ZHOUWEI:
            await at.names(code, FIRST, crew(code))
            await at.accepted(code, FIRST)


async def test_the_rules_switch_at_midnight_by_calendar_without_a_restart(county: Season) -> None:
    county.at("09-30 23:59")
    before = await county.board()
    assert before["brigades"][0]["required"] == 88
    assert {one["state"] for one in before["townships"]} == {"not_required"}
    county.at("10-01 00:00")
    after = await county.board()
    assert [one["rule_id"] for one in after["key_periods"]] == ["fire", "holidays"]
    assert after["brigades"][0]["required"] == 110
    assert [one["required"] for one in after["townships"]] == [12] * 22
    assert {one["state"] for one in after["townships"]} == {"waiting"}  # due at 08:30


async def test_two_sick_make_the_brigade_red_until_a_leader_accepts_it(county: Season) -> None:
    county.at("10-01 08:10")
    seq = await county.desk.world.head()
    await county.returns(FIRST, sick=2)
    one = await county.brigade()
    assert (one["present"], one["required"], one["strength"], one["percent"]) == (108, 110, 110, 98)
    assert (one["state"], one["colour"]) == ("short", "red")
    assert [said["zh"] for said in one["reasons"]] == ["应到110人,实到108人,缺2人", "病2"]
    # Told at the first return already: whatever the squads bring, two are missing.
    assert (await county.types(seq)).count("readiness.short") == 1
    told = {"team_id": BRIGADE, "floor": 108, "until": "2025-10-03", "reason": "流感,后备队员已到位"}
    problem(await county.desk.post("lead", "/api/readiness/exemptions", told), 403, "not_permitted")
    granted = await county.desk.post("leader", "/api/readiness/exemptions", told)
    assert granted.status_code == 201, granted.text
    one = await county.brigade()
    assert (one["state"], one["colour"], one["required"]) == ("exempted", "amber", 110)
    assert one["exemption"]["reason"] == "流感,后备队员已到位"
    assert (await county.types(seq))[-2:] == ["readiness.exempted", "readiness.restored"]
    await county.returns(FIRST, sick=3, of=[BRIGADE])  # one more: that was not accepted
    assert (await county.brigade())["colour"] == "red"
    back = await county.desk.ask("leader", "DELETE", f"/api/readiness/exemptions/{granted.json()['id']}")
    assert back.status_code == 200
    assert (await county.brigade())["exemption"] is None


async def test_a_township_of_eleven_is_red_its_head_is_named_and_it_is_quiet_when_put_right(
    county: Season,
) -> None:
    county.at("10-01 08:20")
    await _everybody_but_zhouwei(county)
    seq = await county.desk.world.head()
    await county.names(ZHOUWEI, FIRST, crew(ZHOUWEI, 11), who="zhouwei")
    board = await county.board()
    red = [one["name_zh"] for one in board["townships"] if one["colour"] == "red"]
    assert red == ["洲尾乡"] and len(board["townships"]) == 22
    (short,) = [event for event in await county.desk.world.events(seq) if event["type"] == "standby.short"]
    assert short["level"]["contact"] == {"name": "洲尾乡长", "phone": "13907990201"}
    assert (short["level"]["present"], short["level"]["required"]) == (11, 12)

    county.at("10-01 10:06")
    seq = await county.desk.world.head()
    fixed = {"name": "队员补", "phone": "13920100099", "since": "2025-10-01T10:05:00+08:00"}
    path = f"/api/readiness/townships/{ZHOUWEI}/{FIRST}"
    answer = await county.desk.post("zhouwei", f"{path}/persons", fixed)
    assert answer.status_code == 201, answer.text
    assert answer.json()["persons"][-1]["since"] == "2025-10-01T02:05:00Z"
    assert await county.types(seq) == ["standby.added", "standby.restored"]
    assert (await county.township(ZHOUWEI))["state"] == "unaccepted"
    problem(await county.desk.post("zhouwei", f"{path}/acceptance", {"version": 2}), 403, "not_permitted")
    await county.accepted(ZHOUWEI, FIRST, who="zhouwei_head")
    assert (await county.township(ZHOUWEI))["colour"] == "green"


async def test_a_roll_call_of_ten_strikes_the_two_who_are_not_there(county: Season) -> None:
    county.at("10-01 08:20")
    drawn = TOWNSHIPS[:5]
    for code in drawn:
        await county.names(code, FIRST, crew(code))
        await county.accepted(code, FIRST)
    county.at("10-01 20:00")
    seq = await county.desk.world.head()
    for code, heads in zip(drawn, (12, 12, 10, 12, 12), strict=True):
        path = f"/api/readiness/townships/{code}/{FIRST}"
        held = (await county.desk.read("lead", path))["persons"]
        told: dict[str, Any] = {"counted": heads, "method": "video"}
        if heads < 12:
            refused = problem(
                await county.desk.post("lead", f"{path}/head-counts", told), 422, "invalid_input"
            )
            assert refused["zh"] == "名单12人,点到10人,请勾选缺席的2人"
            told |= {"absent": [held[3]["id"], held[7]["id"]], "reason": "20:00视频点名不在"}
        answer = await county.desk.post("lead", f"{path}/head-counts", told)
        assert answer.status_code == 201, answer.text
    struck = [one for one in await county.desk.world.events(seq) if one["type"] == "standby.struck"]
    assert [(one["region_code"], one["counted"], len(one["names"])) for one in struck] == [(drawn[2], 10, 2)]
    assert (await county.township(drawn[2]))["present"] == 10
    month = await county.desk.read("leader", "/api/readiness/allowances/2025-10")
    assert {one["region_code"]: one["yuan"] for one in month if one["region_code"] in drawn} == {
        code: "1000.00" if code == drawn[2] else "1200.00" for code in drawn
    }


async def test_a_person_named_in_two_townships_is_refused_and_the_other_place_is_named(
    county: Season,
) -> None:
    county.at("10-01 07:00")
    await county.names(LINXI, FIRST, crew(LINXI))
    double = [*crew(ZHOUWEI, 11), {"name": "老王", "phone": crew(LINXI)[0]["phone"]}]
    path = f"/api/readiness/townships/{ZHOUWEI}/{FIRST}"
    answer = await county.desk.ask("zhouwei", "PUT", path, {"version": 0, "persons": double})
    refused = problem(answer, 409, "listed_elsewhere")
    assert "东镇" in refused["zh"] and "老王" in refused["zh"]
    assert (await county.desk.get("zhouwei", path)).status_code == 404  # nothing of it was taken
    await county.names(ZHOUWEI, "2025-10-02", double, who="zhouwei")  # another day is another day
    # A registered person is the same whether called by number or by name and telephone.
    known = {"name": "湖队长", "phone": "13800000003"}
    await county.names(WEST, FIRST, [{"person_id": 3}])
    answer = await county.desk.ask("zhouwei", "PUT", path, {"version": 0, "persons": [known]})
    assert "西镇" in problem(answer, 409, "listed_elsewhere")["zh"]


async def test_the_month_is_the_sum_of_accepted_days_and_a_later_strike_is_seen(county: Season) -> None:
    county.at("10-01 08:20")
    await _everybody_but_zhouwei(county)
    await county.names(ZHOUWEI, FIRST, crew(ZHOUWEI))
    await county.accepted(ZHOUWEI, FIRST)
    await county.desk.world.run(COPY_LIST)
    await county.desk.world.run(COPY_PERSONS)
    await county.desk.world.run(  # an ordinary day is not paid, nor is who was never accepted
        "UPDATE standby_list SET key_day = false WHERE region_code = :code AND day = '2025-10-09'", code=WEST
    )
    too_early = await county.desk.post(
        "leader",
        f"/api/readiness/allowances/2025-10/{ZHOUWEI}/approval",
        {"person_days": 372, "yuan": "37200"},
    )
    assert problem(too_early, 422, "invalid_input")["zh"] == "月末方可审批"
    county.at("10-31 18:00")
    month = await county.desk.read("leader", "/api/readiness/allowances/2025-10")
    assert sum(one["person_days"] for one in month) == 22 * 12 * 31 - 12
    assert sum(Decimal(one["yuan"]) for one in month) == (22 * 12 * 31 - 12) * 100
    path = f"/api/readiness/allowances/2025-10/{ZHOUWEI}/approval"
    told = {"person_days": 372, "yuan": "37200.00"}
    assert (await county.desk.post("zhouwei_head", path, told)).status_code == 200
    problem(await county.desk.post("zhouwei_head", path, told), 409, "nothing_changed")

    day = f"/api/readiness/townships/{ZHOUWEI}/2025-10-31"
    (one, *_) = (await county.desk.read("zhouwei", day))["persons"]
    strike = {"counted": 11, "method": "site", "absent": [one["id"]], "reason": "夜查不在"}
    assert (await county.desk.post("lead", f"{day}/head-counts", strike)).status_code == 201
    seq = await county.desk.world.head()
    (changed,) = await county.desk.read("zhouwei", "/api/readiness/allowances/2025-10")
    assert (changed["yuan"], changed["approved"]["yuan"], changed["changed"]) == (
        "37100.00",
        "37200.00",
        True,
    )
    problem(await county.desk.post("zhouwei_head", path, told), 409, "stale_sheet")
    again = {"person_days": 371, "yuan": "37100"}
    assert (await county.desk.post("zhouwei_head", path, again)).status_code == 200
    (event,) = await county.desk.world.events(seq)
    assert (event["revision"], event["before"], event["yuan"]) == (2, "37200.00", "37100.00")
    assert [
        row["yuan"] for row in await county.desk.world.rows("SELECT yuan FROM allowance_sheet ORDER BY id")
    ] == [
        Decimal("37200.00"),
        Decimal("37100.00"),
    ]


async def test_on_an_ordinary_day_88_of_110_suffice_and_87_are_red(county: Season) -> None:
    county.at("05-10 08:00", year=2026)
    await county.returns("2026-05-10", leave=22)
    one = await county.brigade()
    assert (one["present"], one["required"], one["colour"], one["key_day"]) == (88, 88, "green", False)
    await county.returns("2026-05-10", leave=23, of=[BRIGADE])
    assert (await county.brigade())["colour"] == "red"
    assert {row["state"] for row in (await county.board())["townships"]} == {"not_required"}


async def test_who_has_not_reported_by_half_past_eight_is_named_once_and_late_after_it(
    county: Season,
) -> None:
    county.at("10-01 08:29")
    await county.returns(FIRST, of=[BRIGADE, *SQUADS[:3]])
    await county.names(LINXI, FIRST, crew(LINXI))
    assert await _muster(county).look() == 0
    county.at("10-01 08:30")
    seq = await county.desk.world.head()
    assert await _muster(county).look() == 22  # the brigade and 21 townships
    assert await _muster(county).look() == 0
    assert (await county.types(seq)).count("readiness.missing") == 1
    board = await county.board()
    assert board["missing"][0]["zh"] == "林4中队" and len(board["missing"]) == 22
    county.at("10-01 08:45")
    await county.returns(FIRST, of=[SQUADS[3]])
    await county.names(WEST, FIRST, crew(WEST))
    assert [one["zh"] for one in (await county.board())["late"]] == ["林4中队", "西镇"]
    assert "readiness.restored" in await county.types(seq)


async def test_a_township_sees_and_enters_only_its_own(county: Season) -> None:
    county.at("10-01 07:00")
    await county.names(LINXI, FIRST, crew(LINXI))
    board = await county.board("zhouwei")
    assert [one["region_code"] for one in board["townships"]] == [ZHOUWEI] and board["brigades"] == []
    other = f"/api/readiness/townships/{LINXI}/{FIRST}"
    problem(await county.desk.get("zhouwei", other), 404, "not_found")
    told: Any = {"version": 1, "persons": []}
    problem(await county.desk.ask("zhouwei", "PUT", other, told), 404, "not_found")
    problem(await county.desk.post("zhouwei", f"{other}/persons", crew(LINXI, 1, 50)[0]), 404, "not_found")
    problem(await county.desk.post("zhouwei_head", f"{other}/acceptance", {"version": 1}), 404, "not_found")
    problem(await county.desk.post("zhouwei", f"{other}/head-counts", {"counted": 12}), 404, "not_found")
    strength = {"on_post": 50}
    squad = f"/api/readiness/teams/{BRIGADE}/returns/{FIRST}"
    problem(await county.desk.ask("zhouwei", "PUT", squad, strength), 404, "not_found")
    exemption = {"region_code": LINXI, "floor": 1, "until": "2025-10-03", "reason": "x"}
    problem(await county.desk.post("zhouwei_head", "/api/readiness/exemptions", exemption), 404, "not_found")
    assert len(await county.desk.read("zhouwei", "/api/readiness/allowances/2025-10")) == 1
    problem(await county.desk.get("crew", "/api/readiness"), 403, "not_permitted")


async def test_the_downloaded_sheet_holds_the_sums_and_no_formula(county: Season) -> None:
    county.at("10-01 08:20")
    evil = {"name": "=HYPERLINK(1)", "phone": "13900000999"}
    await county.names(ZHOUWEI, FIRST, [*crew(ZHOUWEI, 11), evil])
    await county.accepted(ZHOUWEI, FIRST)
    answer = await county.desk.get("leader", "/api/readiness/allowances/2025-10/sheet.xlsx")
    assert answer.status_code == 200
    townships, persons, proof = load_workbook(BytesIO(answer.content)).worksheets
    assert proof.title == "导出证明"
    last = [cell.value for cell in townships[townships.max_row]]
    assert last[:3] == ["合计", 12, 1200]
    cells = [cell for row in persons.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == evil["name"]] == ["s"]
    assert not [cell for cell in cells if cell.data_type == "f"]


async def test_history_answers_from_what_was_asked_that_day(county: Season) -> None:
    county.at("10-01 08:20")
    await county.names(ZHOUWEI, FIRST, crew(ZHOUWEI, 11))
    county.at("10-02 09:00")
    path = "/api/readiness/history?first=2025-09-30&last=2025-10-02"
    cells = await county.desk.read("zhouwei", path)
    assert [(one["day"][8:], one["required"], one["present"], one["state"]) for one in cells] == [
        ("30", 0, 0, "not_required"),
        ("01", 12, 11, "short"),
        ("02", 12, 0, "missing"),
    ]
    wrong = "/api/readiness/history?first=2025-10-02&last=2025-10-01"
    problem(await county.desk.get("lead", wrong), 422, "invalid_input")


async def test_the_daily_return_on_paper_names_who_was_in_place_and_who_was_short(county: Season) -> None:
    county.at("10-01 08:20")
    await county.returns(FIRST, sick=2)
    await _everybody_but_zhouwei(county)
    await county.names(ZHOUWEI, FIRST, crew(ZHOUWEI, 11), who="zhouwei")
    asked = {"kind": "standby_daily", "id": 1, "part": FIRST}
    problem(await county.desk.post("lead", "/api/documents", asked), 409, "document_not_finished")
    county.at("10-02 09:00")
    filed = await county.desk.post("lead", "/api/documents", asked)
    assert filed.status_code == 201, filed.text
    paper = await county.desk.get("lead", f"/api/documents/{filed.json()['id']}/file.pdf")
    pages = pypdfium2.PdfDocument(paper.content)
    printed = "".join(page.get_textpage().get_text_bounded() for page in pages).replace("\r\n", "")
    assert "不足单位:专业森林消防大队、洲尾乡" in printed.replace("：", ":")
    assert crew(LINXI)[0]["name"] in printed
    if folder := os.environ.get("ZHISHOU_SHOTS"):
        pages[0].render(scale=1.3).to_pil().save(Path(folder) / "standby-daily.png")
