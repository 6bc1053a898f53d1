"""Scenario S12, steps 2 to 8: the red rainstorm of 02:40 and a village that stays silent (五有)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.response.callout_county import SILENT_VILLAGE, VILLAGES, Callout
from tests.world import EAST, WEST

pytestmark = pytest.mark.database
LATE_VILLAGE = VILLAGES[3]


async def test_36_villages_are_called_and_the_silent_one_gets_a_policeman(callout: Callout) -> None:
    up = callout

    # 1, 2. 02:40: the lists by tier stand; 02:41–02:47 four leaders answer, by name, in words.
    told = await up.do("officer", "/api/call-and-respond/preview", {"region_codes": [EAST, WEST]})
    assert (told["villages"], told["gaps"]) == (36, 0)
    started = await up.start()
    assert up.count(started, "village")["waiting"] == 36
    assert up.targets["沈立"]["due_at"] == up.targets[EAST]["due_at"]
    for clock, key, words in (
        ("02:41", "沈立", "收到,启动二级"),
        ("02:43", "何志强", "收到"),
        ("02:45", EAST, "收到,马上转移"),
        ("02:47", WEST, "收到"),
    ):
        up.at(clock)
        answered = await up.call(key, words=words)
        assert answered["standing"] == "answered"
        assert (answered["answered_words"], answered["answered_means"]) == (words, "phone")
    told = await up.look()
    assert [up.count(told, tier)["answered"] for tier in ("county", "township")] == [2, 2]
    assert up.count(told, "county")["late"] == up.count(told, "township")["late"] == 0

    # 3. 02:48: the townships call their villages through the same list; each sees and answers its own.
    await _delegated(up)

    # 4. 03:10: 34 of 36. The two silent ones are climbed to: B, head, grid, radio or broadcast.
    await _climbed(up)

    # 5. Actions per village; 03:40 evacuated 212 of 230.
    await _acted(up)

    # 6. Feedback that is missing is asked for 30 minutes after the answer; 5 % are verified by lot.
    await _fed_back(up)
    await _verified(up)

    # 8. The report: five columns, 36 villages.
    await _exported(up)

    # 7. 05:30: lowered to yellow, told to exactly those who got the alert.
    await _lowered(up)


async def _delegated(up: Callout) -> None:
    up.at("02:48")
    await up.tick()
    mine = await up.look("east")
    assert {one["region_code"][:9] for one in mine["targets"]} == {EAST[:9]}
    assert up.count(mine, "village")["total"] == 18
    await up.look()
    await up.refused(
        "east", f"{up.path(VILLAGES[20])}/calls", 404, "not_found", {"result": "answered", "name": "某"}
    )
    before = len(await up.world.events())
    for n, code in enumerate(VILLAGES):
        if code in (SILENT_VILLAGE, LATE_VILLAGE):
            continue
        up.at(f"02:{49 + n // 4}")
        by = "east" if code < WEST else "west"
        await up.call(code, by, role="contact_a" if n % 3 else "contact_b", words="收到,组织转移")
    told = [one["type"] for one in (await up.world.events())[before:]]
    # Each answer is told to the desk, and to those who were called themselves.
    assert [one for one in told if one != "callout.yours"] == ["callout.answered"] * 34
    assert told.count("callout.yours") == 34


async def _climbed(up: Callout) -> None:
    for clock in ("02:50", "02:55", "03:00", "03:05", "03:10"):
        up.at(clock)
        await up.tick()
    told = await up.look()
    village = up.count(told, "village")
    assert (village["answered"], village["waiting"] + village["silent"]) == (34, 2)
    silent = await up.detail(SILENT_VILLAGE)
    tried = [(one["name"][:1], one["means"]) for one in silent["all_calls"]]
    order = [pair for pair in tried if pair[1] == "phone"]
    assert order == [("甲", "phone"), ("乙", "phone"), ("支", "phone"), ("格", "phone")]
    up.at("03:14")
    await up.tick()
    late = await up.call(LATE_VILLAGE, "east", role="grid_member", words="电话没听见,现已敲锣")
    assert (late["standing"], late["answered_by"][:2]) == ("late", "格员")
    told = await up.look()
    assert up.count(told, "village")["answered"] == 35 and up.count(told, "village")["late"] == 1
    assert up.targets[SILENT_VILLAGE]["standing"] == "silent"
    overdue = [one for one in await up.world.events() if one["type"] == "callout.overdue"]
    names = {target["name"] for one in overdue for target in one["targets"]}
    assert names == {up.targets[LATE_VILLAGE]["name"], "青石村"}
    assert {one["told"] for one in overdue} == {"东镇长", "西镇长"}
    up.at("03:18")
    await up.tick()
    means = {one["means"] for one in (await up.detail(SILENT_VILLAGE))["all_calls"]}
    assert {"broadcast", "messenger"} <= means
    sent = await up.do(
        "west",
        f"{up.path(SILENT_VILLAGE)}/hand-off",
        {"to": "西镇派出所 王警官", "words": "青石村四人均无应答,上门", "minutes": 15},
    )
    assert sent["open_calls"] > 0
    handed = [one for one in (await up.detail(SILENT_VILLAGE))["all_calls"] if one["means"] == "messenger"]
    assert [(one["result"], one["owner"]) for one in handed] == [("due", "西镇派出所 王警官")]
    up.at("03:31")
    there = await up.do(
        "west",
        f"{up.path(SILENT_VILLAGE)}/calls",
        {"means": "messenger", "result": "answered", "name": "青石村支书", "words": "断电,已当面告知"},
    )
    assert (there["answered_means"], there["open_calls"]) == ("messenger", 0)


async def _acted(up: Callout) -> None:
    up.at("03:40")
    moved: dict[str, Any] = {"kind": "evacuated", "done": 212, "planned": 230}
    closed = {"kind": "road_closed", "words": "X203线"}
    for n, code in enumerate(VILLAGES[:30]):
        by = "east" if code < WEST else "west"
        actions = [moved, closed] if n == 0 else [{"kind": "patrol", "words": "巡堤"}]
        await up.do(by, f"{up.path(code)}/reports", {"actions": actions, "feedback": n < 20})
    told = await up.look()
    assert (up.count(told, "village")["acted"], up.count(told, "village")["fed_back"]) == (30, 20)
    assert up.targets[VILLAGES[0]]["reports"] == "转移212/230、封路(X203线)"


async def _fed_back(up: Callout) -> None:
    await up.tick()
    told = await up.look()
    owing = {code for code in VILLAGES if up.targets[code]["fed_back_at"] is None}
    asked = {code for code in VILLAGES if up.targets[code]["feedback_asked_at"] is not None}
    assert asked == owing - {SILENT_VILLAGE, LATE_VILLAGE} and len(owing) == 16
    texts = [row for row in await up.world.deliveries() if row.body.startswith("请反馈")]
    assert {row.channel for row in texts} == {"satellite_phone"} and len(texts) == len(asked)
    await up.tick()
    again = [row for row in await up.world.deliveries() if row.body.startswith("请反馈")]
    assert len(again) == len(texts), "asked once"
    for code in owing:
        by = "east" if code < WEST else "west"
        body = {"actions": [{"kind": "words", "words": "情况正常"}], "means": "phone", "told_by": "村支书"}
        await up.do(by, f"{up.path(code)}/reports", body)
    told = await up.look()
    assert (up.count(told, "village")["acted"], up.count(told, "village")["fed_back"]) == (30, 36)


async def _verified(up: Callout) -> None:
    up.at("04:00")
    path = f"/api/call-and-respond/{up.id}/verification"
    await up.refused("east", path, 403, "not_permitted")
    drawn = await up.do("officer", path)
    assert up.count(drawn, "village")["drawn"] == 2, "5 % of 36, rounded up"
    await up.refused("officer", path, 409, "callout_drawn")
    await up.look()
    first, second = (code for code in VILLAGES if up.targets[code]["drawn"])
    other = next(code for code in VILLAGES if not up.targets[code]["drawn"])
    ask = {"outcome": "agrees", "asked": "村民李某", "words": "广播听到了"}
    await up.refused("officer", f"{up.path(other)}/verify", 409, "callout_not_drawn", ask)
    await up.do("officer", f"{up.path(first)}/verify", ask)
    untold = {"outcome": "not_passed_on", "asked": "村民张某", "words": "没人通知"}
    found = await up.do("officer", f"{up.path(second)}/verify", untold)
    assert (found["outcome"], found["verified_by"]) == ("not_passed_on", "值班员甲")
    recheck = [one for one in (await up.detail(second))["all_calls"] if one["purpose"] == "recheck"]
    assert [(one["result"], one["owner"][-3:]) for one in recheck] == [("due", "值班室")]
    assert "问责" in recheck[0]["words"]


async def _exported(up: Callout) -> None:
    path = f"/api/call-and-respond/{up.id}.xlsx"
    answer = await up.office.get("officer", path)
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["乡镇", "村(社区)", "有预警", "有叫应", "有行动", "有反馈", "有核实"]
    assert len(rows) == 37
    mine = load_workbook(io.BytesIO((await up.office.get("west", path)).content)).worksheets[0]
    assert mine.max_row == 19, "a township exports its own"
    qingshi = next(row for row in rows if row[1] == "青石村")
    assert qingshi[3] == "06-18 03:31 青石村支书 上门(超时):断电,已当面告知"
    assert sum("报了未转" in str(row[6]) for row in rows[1:]) == 1
    record = f"kind=call_and_respond_record&id={up.id}"
    for form in ("pdf", "docx"):
        paper = await up.office.get("officer", f"/api/documents/preview.{form}?{record}")
        assert paper.status_code == 200 and len(paper.content) > 4000, paper.text


async def _lowered(up: Callout) -> None:
    up.at("05:30")
    got = await up.world.rows(
        "SELECT DISTINCT t.region_code, p.person_id FROM callout_call c"
        " JOIN callout_person p ON p.id = c.person_row_id JOIN callout_target t ON t.id = c.target_id"
        " WHERE c.purpose = 'call' AND c.result IN ('sent', 'answered')"
    )
    first = up.id
    new = await up.do(
        "officer",
        f"/api/call-and-respond/{up.id}/tell-the-same",
        {"kind": "lowered", "colour": "yellow", "words": "雨势减弱,降为黄色"},
    )
    assert (new["kind"], new["colour"], new["same_as_id"]) == ("lowered", "yellow", first)
    told = await up.world.rows(
        "SELECT DISTINCT t.region_code, p.person_id FROM callout_person p"
        " JOIN callout_target t ON t.id = p.target_id WHERE t.round_id = :id",
        id=new["id"],
    )
    assert sorted(map(str, told)) == sorted(map(str, got)), "exactly those who got the alert"
    old = await up.look()
    assert old["state"] == "ended"
    up.at("06:40")
    before = len(await up.world.deliveries())
    await up.tick()
    assert len(await up.world.deliveries()) == before, "a lowering is not climbed for"
