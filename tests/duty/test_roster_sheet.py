"""A month's roster from an Excel sheet and back: every wrong cell by its address, all of it or nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from app.api.route import COOKIE
from tests.api.desk import Desk as Api
from tests.api.desk import desk as api
from tests.api.desk import problem
from tests.duty.county import CENTRE, INTAKE, LEADER, Desk, cell

__all__ = ["api"]
pytestmark = pytest.mark.database
PATH = f"/api/duty/posts/{CENTRE}/rosters/2025-07"
HEADS = ("日期", "班次", "带班领导", "接报")


def book(*rows: Sequence[Any], heads: Sequence[str] = HEADS, merged: Sequence[str] = ()) -> bytes:
    sheet = Workbook()
    assert sheet.active is not None
    for row in (heads, *rows):
        sheet.active.append(list(row))
    for place in merged:
        sheet.active.merge_cells(place)
    out = io.BytesIO()
    sheet.save(out)
    return out.getvalue()


async def bring(api: Api, sheet: bytes, who: str = "lead", **query: Any) -> httpx.Response:
    return await api.client.post(
        f"{PATH}/import", params=query, content=sheet, headers={"Cookie": f"{COOKIE}=token-{who}"}
    )


async def looked(api: Api, sheet: bytes) -> dict[str, Any]:
    answer = await bring(api, sheet)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_is_exported_is_imported_again_without_a_change(api: Api, desk: Desk) -> None:
    cells = [
        cell(LEADER, 100, "07-01 08:00"),
        cell(INTAKE, 101, "07-01 08:00", 12),
        cell(INTAKE, 102, "07-01 20:00", 12),
        cell(INTAKE, 103, "07-02 08:00"),
        cell(INTAKE, 104, "07-02 08:00"),
        cell(LEADER, 105, "07-02 08:00", 72),
    ]
    await desk.draft(cells)
    sheet = await api.get("officer", f"{PATH}/export.xlsx")
    rows = [[c or "" for c in row] for row in load_workbook(io.BytesIO(sheet.content)).worksheets[0].values]
    assert rows[0][:4] == ["日期", "班次", "带班领导", "值班长"]
    assert ["2025-07-02", "08:00-次日08:00", "", "", "值班103、值班104"] in [row[:5] for row in rows]
    told = await looked(api, sheet.content)
    assert (told["created"], told["amended"], told["unchanged"], told["faults"]) == (0, 0, 6, [])


async def test_a_sheet_becomes_the_draft_of_the_version_that_was_read(api: Api, desk: Desk) -> None:
    await desk.draft([cell(LEADER, 110, "07-09 08:00")])
    sheet = book(
        ("7月1日 星期二", "白班", "值班100", "值班101,值班102"),
        ("2025/7/1", "夜班", "", "值班103 13800000000"),
        ("2", "", "值 班 104(替)", ""),
    )
    told = await looked(api, sheet)
    assert (told["created"], told["amended"], told["faults_total"]) == (5, 1, 0)
    assert told["rows"][0] == {
        "row": 2, "action": "create", "changed": [], "seat_id": LEADER, "name": "值班100",
        "shift": "07-01 08:00–07-01 20:00",
    }  # fmt: skip
    assert (await desk.world.rows("SELECT draft_version FROM roster_month"))[0]["draft_version"] == 1
    problem(await bring(api, sheet, apply=True, version=0), 409, "stale_roster")
    done = await bring(api, sheet, apply=True, version=1)
    assert done.json()["applied"] is True
    (row,) = await desk.world.rows("SELECT draft FROM roster_month")
    assert sorted((seat, person) for seat, person, *_ in row["draft"]) == sorted(
        [(LEADER, 100), (LEADER, 104), (INTAKE, 101), (INTAKE, 102), (INTAKE, 103)]
    )


async def test_every_wrong_cell_is_named_and_nothing_is_taken(api: Api, desk: Desk) -> None:
    sheet = book(
        ("2025-08-01", "", "值班100", ""),
        ("31", "早上", "值班100", ""),
        ("31日", "", "值班1000", "王大锤"),
        ("2月30日", "", "", ""),
        ("31", "", "值班100", ""),
        ("31", "", "值班100", ""),
    )
    told = await looked(api, sheet)
    faults = {fault["cell"]: fault["zh"] for fault in told["faults"]}
    assert faults["A2"] == "不是 2025-07 的日期"
    assert "班次应写作" in faults["B3"]
    assert "是否为“值班100”" in faults["C4"]
    assert "王大锤" in faults["D4"]
    assert "没有这一天" in faults["A5"]
    assert faults["C7"] == "值班100与第 6 行重复"
    refused = problem(await bring(api, sheet, apply=True), 422, "invalid_input")
    assert {field["name"] for field in refused["fields"]} == set(faults)
    assert await desk.world.rows("SELECT 1 FROM roster_month WHERE draft IS NOT NULL") == []


async def test_merged_cells_and_a_line_a_person_are_read_too(api: Api, desk: Desk) -> None:
    merged = book(
        ("2025-07-01", "白班", "值班100", "值班101"), ("", "夜班", "", "值班102"), merged=("A2:A3", "C2:C3")
    )
    told = await looked(api, merged)
    assert [(row["name"], row["shift"][:11]) for row in told["rows"]] == [
        ("值班100", "07-01 08:00"),
        ("值班101", "07-01 08:00"),
        ("值班100", "07-01 20:00"),
        ("值班102", "07-01 20:00"),
    ]
    heads = ("值班日期", "时段", "席位", "姓名")
    lines = book(
        ("7/1", "8:00-20:00", "接报席", "值班101"), ("7/1", "20:00至8:00", "哨兵", "值班102"), heads=heads
    )
    told = await looked(api, lines)
    assert [(row["seat_id"], row["shift"]) for row in told["rows"]] == [(INTAKE, "07-01 08:00–07-01 20:00")]
    assert [fault["cell"] for fault in told["faults"]] == ["C3"]


async def test_three_thousand_rows_and_sheets_of_another_kind_are_answered(api: Api, desk: Desk) -> None:
    rows = [(f"7月{n % 31 + 1}日", "", "无此人", "") for n in range(3000)]
    told = await looked(api, book(*rows))
    assert (told["faults_total"], len(told["faults"])) == (3000, 200)
    for heads in (("日期", "班次"), ("班次", "带班领导"), ("日期", "姓名")):
        problem(await bring(api, book(("1", "", ""), heads=heads)), 422, "invalid_input")
    problem(await bring(api, b"no sheet"), 422, "invalid_input")
    problem(await bring(api, book(), apply=True), 422, "invalid_input")
    problem(await bring(api, book(), who="east"), 404, "not_found")
    problem(await bring(api, book(), who="officer"), 403, "not_permitted")
