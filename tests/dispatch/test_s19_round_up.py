"""Scenario S19, steps 1 to 5 and 8: a leader asks 23 units three things until 11:00 (domain/scenarios.md)."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.dispatch.status_county import BUREAU, TOWNSHIPS, RoundUp
from tests.duty.spot_county import EAST_POST, WEST_POST

pytestmark = pytest.mark.database
SILENT = TOWNSHIPS[-2:]
REMINDED = [*TOWNSHIPS[-6:], BUREAU]


async def test_23_units_are_asked_until_11_and_two_are_telephoned(round_up: RoundUp) -> None:
    up, world = round_up, round_up.world

    # 1. 08:40: three typed questions to 23 units, due 11:00.
    asked = await up.ask()
    assert (asked["recipients"], asked["state"], asked["answered"]) == (23, "open", 0)
    assert [one["number"] for one in asked["questions"]] == [1, 2, 3]
    assert up.moment("10:30") == datetime.fromisoformat(asked["remind_at"]).astimezone().isoformat() or (
        datetime.fromisoformat(asked["remind_at"]) == datetime.fromisoformat(up.moment("10:30"))
    )

    # 2. Over the app to all, by text where nobody is logged in; receipts; at 10:30 a reminder to the silent.
    sent = await up.sent()
    by_text = [row for row in sent if row.channel == "satellite_phone"]
    assert len(sent) - len(by_text) == 23 and len(by_text) == 21
    assert all(f"#{up.id} 1=数 2=数 3=缺…" in row.body and "18日11:00前报" in row.body for row in by_text)
    up.at("09:05")
    (mine,) = await up.office.read("east", "/api/status-calls/mine")
    assert mine["unit"]["unit_id"] == EAST_POST and mine["call"]["title"] == "各乡镇转移和在岗情况"
    receipt = await up.do("east", f"{up.recipient(EAST_POST)}/read")
    assert (receipt["read_by"], receipt["standing"]) == ("东镇值班员", "waiting")
    app = next(row for row in await up.sent() if row.address == f"unit:{EAST_POST}")
    assert app.state == "delivered"
    up.at("09:40")
    first = await up.answer(EAST_POST, "east", 23, 4, ["雨衣30件", "冲锋舟"])
    assert first["standing"] == "answered" and first["late_minutes"] == 0
    await up.answer(WEST_POST, "west", nothing=True)
    for unit in TOWNSHIPS[:14]:
        await up.told(unit, 10, 5)
    up.at("10:30")
    assert await up.tick() == 1 and await up.tick() == 0
    told = await up.look_at()
    reminded = {u for u, row in up.units.items() if any(n["kind"] == "reminded" for n in row["notices"])}
    assert reminded == set(REMINDED), "7 are reminded, and nobody who answered"
    assert (told["answered"], len(reminded)) == (16, 7)

    # 3. 10:58: −3 is refused, 5,000 in a township of 4,200 is taken with a warning that stays.
    up.at("10:58")
    wrong = await up.refused(
        "officer",
        f"{up.recipient(TOWNSHIPS[14])}/answers",
        422,
        "invalid_input",
        {"values": {"1": -3, "2": 4}, "source": "phone", "told_by": "值班"},
    )
    assert wrong["fields"] == [
        {
            "name": "values.1",
            "zh": "第1题不能小于0,收到-3",
            "en": "question 1 must not be less than 0: got -3",
        }
    ]
    many = await up.told(TOWNSHIPS[14], 5000, 4)
    doubt = {"number": 1, "kind": "over_population", "value": 5000.0, "limit": 4200.0}
    assert many["answers"][0]["doubts"] == [doubt]
    for unit in (BUREAU, *TOWNSHIPS[15:18]):
        await up.told(unit, 7, 3)
    assert (await up.look_at())["answered"] == 21

    # 4. 11:00: two are silent. Their heads are called as the roster says; the desk telephones.
    up.at("11:00")
    world.later(seconds=5)
    assert await up.tick() == 2 and await up.tick() == 0
    called = [event["called"] for event in await world.events() if event["type"] == "status_call.escalated"]
    assert [one["name"] for one in called] == [f"领导{unit}" for unit in SILENT]
    assert called[0]["why_zh"] == f"{SILENT[0]}镇应急管理所值班室当班(按值班表)"
    assert called[0]["channel"] == "sms"
    phones = await up.office.read("officer", f"{up.recipient(SILENT[0])}/phones")
    assert [one["name"] for one in phones] == [
        f"{SILENT[0]}镇应急管理所值班室",
        f"值班{SILENT[0]}",
        f"领导{SILENT[0]}",
    ]
    for unit, clock in zip(SILENT, ("11:06", "11:09"), strict=True):
        up.at("11:10")
        late = await up.told(unit, 2, 2, told_at=up.moment(clock), voucher="录音1107")
        assert (late["standing"], late["late_minutes"]) == ("late", int(clock[-1]))
        answer = late["answers"][0]
        assert (answer["source"], answer["told_by"], answer["voucher"]) == (
            "phone",
            f"值班{unit}",
            "录音1107",
        )

    # 5. 11:10: totals, kept as one version, printed and as a sheet.
    total = (await up.look_at())["totals"]
    assert total[0]["total"] == 23 + 0 + 140 + 5000 + 28 + 4
    assert total[2]["lacking"][0] == {
        "item": "冲锋舟",
        "quantity": None,
        "unit": "",
        "who": ["6镇应急管理所"],
    } or {one["item"] for one in total[2]["lacking"]} == {"雨衣", "冲锋舟"}
    kept = await up.do("officer", f"/api/status-calls/{up.id}/summaries")
    assert (kept["version"], kept["detail"]["answered"], kept["detail"]["late"]) == (1, 23, 2)
    await _correct_and_compare(up)
    await _printed(up)

    # 8. The same round-up cloned for the next day, and the trend.
    await _next_day(up)


async def _correct_and_compare(up: RoundUp) -> None:
    """A corrected figure is a new version; the kept summary and the minutes of lateness stay."""
    path = f"{up.recipient(SILENT[0])}/answers"
    body: dict[str, Any] = {"values": {"1": 3, "2": 2}, "source": "phone", "told_by": "值班", "reason": ""}
    await up.refused("officer", path, 409, "correction_needs_reason", body)
    fixed = await up.do("officer", path, {**body, "reason": "漏报1人"})
    assert [(one["version"], one["values"]["1"]) for one in fixed["answers"]] == [(1, 2.0), (2, 3.0)]
    assert (fixed["late_minutes"], fixed["standing"]) == (6, "late")
    with pytest.raises(Exception, match="append-only"):
        await up.world.run("DELETE FROM status_answer")
    old = await up.office.read("officer", f"/api/status-calls/{up.id}/summaries/1")
    line = next(row for row in old["detail"]["units"] if row["unit_id"] == SILENT[0])
    assert len(line["answers"]) == 1


async def _printed(up: RoundUp) -> None:
    path = f"/api/status-calls/{up.id}/summaries/1"
    sheet = load_workbook(io.BytesIO((await up.office.get("officer", f"{path}.xlsx")).content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:4] == ["单位", "转移人数(人)", "在岗人数(人)", "缺什么"]
    assert len(rows) == 25 and rows[-1][:2] == ["合计", 5195]
    for form in ("docx", "pdf"):
        answer = await up.office.get("officer", f"{path}.{form}")
        assert answer.status_code == 200 and len(answer.content) > 2000, answer.text
    assert (await up.office.get("east", f"{path}.xlsx")).status_code == 404


async def _next_day(up: RoundUp) -> None:
    first, world = up.id, up.world
    closed = await up.do("officer", f"/api/status-calls/{first}/close")
    assert closed["state"] == "closed"
    tomorrow = (datetime.fromisoformat(up.moment("11:00")) + timedelta(days=1)).isoformat()
    opens = (datetime.fromisoformat(up.moment("08:40")) + timedelta(days=1)).isoformat()
    told = {"due_at": tomorrow, "opens_at": opens}
    again = await up.do("officer", f"/api/status-calls/{first}/clone", told)
    assert (again["state"], again["round"], again["series_id"], again["recipients"]) == (
        "planned",
        2,
        first,
        23,
    )
    up.id = again["id"]
    await up.look_at()
    assert await up.office.read("east", "/api/status-calls/mine") == []
    world.later(days=1)
    up.at("08:40")
    assert await up.tick() == 1
    fallen = await up.answer(EAST_POST, "east", 20, 40)
    assert [(one["number"], one["kind"]) for one in fallen["answers"][0]["doubts"]] == [
        (1, "fell"),
        (2, "jump"),
    ]
    rounds = await up.office.read("officer", f"/api/status-calls/{up.id}/trend")
    assert [(one["round"], one["answered"], one["totals"]["1"]) for one in rounds] == [
        (1, 23, 5196),
        (2, 1, 20),
    ]
