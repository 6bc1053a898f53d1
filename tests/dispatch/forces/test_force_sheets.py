"""Sheets of equipment and experts: looked at first, each bad cell named, then all of it or nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from app.api.route import COOKIE
from app.dispatch.forces.equipment_sheet import HEADERS as EQUIPMENT
from app.dispatch.forces.expert_sheet import HEADERS as EXPERTS
from tests.api.desk import Desk, problem
from tests.dispatch.forces.pieces import BOAT, EXPERT, made, sheet_of
from tests.world import LAKE

pytestmark = pytest.mark.database
FORMULA = '=HYPERLINK("http://x","点我")'


async def send(desk: Desk, what: str, sheet: bytes, who: str = "lead", *, apply: bool = False) -> Any:
    return await desk.client.post(
        f"/api/{what}/import?apply={str(apply).lower()}",
        content=sheet,
        headers={"Cookie": f"{COOKIE}=token-{who}"},
    )


async def exported(desk: Desk, what: str, who: str = "lead") -> bytes:
    answer = await desk.get(who, f"/api/{what}/export.xlsx")
    assert answer.status_code == 200, answer.text
    return answer.content


def piece(**told: object) -> list[object]:
    return [told.get(key) for key in EQUIPMENT]


def expert(**told: object) -> list[object]:
    return [told.get(key) for key in EXPERTS]


async def test_equipment_that_is_exported_comes_back_unchanged_and_no_cell_is_a_formula(desk: Desk) -> None:
    told = {**BOAT, "name": FORMULA, "operator_ids": [1], "seats": 8, "inspection_due": "2026-01-31"}
    await made(desk, "/api/equipment", told)
    book = await exported(desk, "equipment")
    cells = next(load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(min_row=2))
    assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s"]
    assert all(cell.quotePrefix for cell in cells if cell.value == FORMULA)
    preview = (await send(desk, "equipment", book)).json()
    assert (preview["unchanged"], preview["created"], preview["amended"], preview["faults"]) == (1, 0, 0, [])
    applied = (await send(desk, "equipment", book, apply=True)).json()
    assert applied["applied"] is True
    assert "equipment.imported" not in await desk.world.types()  # nothing happened


async def test_a_sheet_of_equipment_enters_and_amends_what_its_columns_say(desk: Desk) -> None:
    await made(desk, "/api/equipment", {**BOAT, "seats": 8, "operator_ids": [1]})
    some = ("编号", "种类", "名称", "保管单位", "状态", "原因")
    sheet = sheet_of(
        some,
        ["ZB-001", "冲锋舟", "冲锋舟1号", "江河救援队", "在修", "螺旋桨"],
        ["ZB-9", "水泵", "🌊𠮷泵", "西湖救援队", None, None],
    )
    preview = (await send(desk, "equipment", sheet)).json()
    assert [(r["action"], r["changed"]) for r in preview["rows"]] == [
        ("amend", ["readiness", "reason"]),
        ("create", []),
    ]
    assert (await desk.read("lead", "/api/equipment"))["total"] == 1  # a look only
    assert (await send(desk, "equipment", sheet, apply=True)).json()["created"] == 1
    boat, pump = (await desk.read("lead", "/api/equipment"))["equipment"]
    assert (boat["readiness"], boat["seats"], boat["revision"]) == ("in_repair", 8, 2)
    assert [one["name"] for one in boat["operators"]] == ["江队长"]  # no column, no change
    assert (pump["name"], pump["readiness"], pump["keeper_name"]) == ("🌊𠮷泵", "ready", "西湖救援队")


async def test_each_bad_cell_of_equipment_is_named_and_nothing_is_taken(desk: Desk) -> None:
    await made(desk, "/api/equipment", {**BOAT, "team_id": LAKE, "number": "W-1"})
    await desk.world.run("UPDATE person SET name_zh = '江队长' WHERE id = 2")
    good = {"number": "N", "kind": "水泵", "name": "泵", "keeper": "江河救援队"}
    sheet = sheet_of(
        tuple(EQUIPMENT.values()),
        piece(**good),
        piece(**good),
        piece(**{**good, "number": "A", "kind": "潜艇", "seats": "多", "licence_due": "明年"}),
        piece(**{**good, "number": "B", "keeper": "西湖救援队", "name": "长" * 10_000}),
        piece(**{**good, "number": "C", "operators": "没有此人、江队长"}),
        piece(**{**good, "number": "D", "readiness": "缺失"}),
        piece(**{**good, "number": "W-1"}),
    )
    preview = (await send(desk, "equipment", sheet, "east")).json()
    assert sorted(fault["cell"] for fault in preview["faults"]) == [
        "A3", "A8", "B4", "C5", "D5", "E6", "E6", "G4", "J4", "L7",
    ]  # fmt: skip
    assert all(fault["zh"] and fault["en"] for fault in preview["faults"])
    refused = problem(await send(desk, "equipment", sheet, "east", apply=True), 422, "invalid_input")
    assert refused["fields"][0]["zh"].startswith(refused["fields"][0]["name"])
    assert (await desk.read("east", "/api/equipment"))["total"] == 0
    problem(await send(desk, "equipment", sheet, "officer"), 403, "not_permitted")
    problem(await send(desk, "equipment", b"no sheet"), 422, "invalid_input")


async def test_experts_go_out_and_come_in_by_sheet(desk: Desk) -> None:
    await made(desk, "/api/experts", {**EXPERT, "note": "@SUM(1)"})
    book = await exported(desk, "experts")
    cells = next(load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(min_row=2))
    assert cells[7].quotePrefix
    assert (await send(desk, "experts", book)).json()["unchanged"] == 1
    known = {"name_zh": "沈知远", "sector": "防汛抗旱", "phone": "19600009001", "region": "樟川市"}
    sheet = sheet_of(
        tuple(EXPERTS.values()),
        expert(**{**known, "title": "教授"}),
        expert(**{**known, "name_zh": "𡈽方", "sector": "矿山", "region": "东镇"}),
    )
    preview = (await send(desk, "experts", sheet, apply=True)).json()
    assert (preview["created"], preview["amended"]) == (1, 1)
    mine, flood = sorted(await desk.read("lead", "/api/experts"), key=lambda one: one["sector"], reverse=True)
    assert (mine["name_zh"], mine["region_path"]) == ("𡈽方", "樟川市东镇")
    assert (flood["title"], flood["note"], flood["revision"]) == ("教授", "", 2)
    assert (await desk.world.types())[-1] == "expert.imported"


async def test_each_bad_cell_of_experts_is_named(desk: Desk) -> None:
    await made(desk, "/api/experts", EXPERT)
    known = {"name_zh": "沈知远", "sector": "防汛抗旱", "phone": "19600009001", "region": "东镇"}
    sheet = sheet_of(
        tuple(EXPERTS.values()),
        expert(**known),
        expert(**{**known, "name_zh": "甲", "sector": "玄学", "phone": "没有", "region": "西镇"}),
        expert(**{**known, "name_zh": "乙", "region": "火星"}),
        expert(**{**known, "name_zh": "丙"}),
        expert(**{**known, "name_zh": "丙"}),
    )
    preview = (await send(desk, "experts", sheet, "east")).json()
    assert sorted(fault["cell"] for fault in preview["faults"]) == ["A2", "A6", "B3", "F3", "G3", "G4"]
    problem(await send(desk, "experts", sheet, "east", apply=True), 422, "invalid_input")
