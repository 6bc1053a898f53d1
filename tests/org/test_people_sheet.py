"""A sheet of people as offices fill it in: merged cells, titles, blanks, wrong names, each cell named."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from openpyxl import load_workbook

from app.org.facts import PersonFact, PhoneFact
from app.org.people_rows import Directory, Entry, Known, read_rows
from app.org.people_sheet import HEADERS, read_sheet, write_sheet
from app.org.rules.places import by_name
from app.refusals import InvalidInput
from app.sheets import CellFault
from tests.org.sheet import people_sheet
from tests.world import COUNTY, EAST, EAST_BANK, STREAM, WEST

NAMES = {COUNTY: "樟川市", EAST: "东镇", WEST: "西镇", EAST_BANK: "东岸村"}
BOOK = Directory(
    places=by_name(NAMES),
    units={"中心": [(1, COUNTY)], "东镇所": [(2, EAST)], "同名所": [(3, EAST), (4, EAST)]},
    people={
        "江队长": [Known(1, EAST, None, frozenset({"13800000001"}))],
        "王伟": [Known(8, EAST, 2, frozenset({"1380"})), Known(9, WEST, None, frozenset({"1390"}))],
    },
    scope=STREAM,
)
COLUMNS = ("姓名", "职务", "地区", "单位", "电话", "专职")


def read(*rows: object, headers: tuple[str, ...] = COLUMNS, scope: str = STREAM, **how: Any) -> Any:
    book = Directory(BOOK.places, BOOK.units, BOOK.people, scope)
    return read_rows(read_sheet(people_sheet(*rows, headers=headers, **how)), book)  # type: ignore[arg-type]


def entries(*rows: object, **how: Any) -> list[Entry]:
    found, faults = read(*rows, **how)
    assert faults == []
    return list(found)


def faults(*rows: object, **how: Any) -> list[CellFault]:
    return list(read(*rows, **how)[1])


def cells(*rows: object, **how: Any) -> list[str]:
    return [fault.cell for fault in faults(*rows, **how)]


def test_a_row_becomes_a_person_with_telephones_in_their_order() -> None:
    (entry,) = entries(["邹敏", "所长", "东镇", "东镇所", "办公0799-5550110、13800000007", "是"])
    assert entry.person_id is None
    assert entry.values == {
        "name_zh": "邹敏",
        "post": "所长",
        "region_code": EAST,
        "unit_id": 2,
        "phones": ["0799-5550110", "13800000007"],
        "phone_labels": ["office", "mobile"],
        "full_time": True,
    }


def test_merged_cells_and_a_title_above_the_headers_are_what_people_mean() -> None:
    rows = (
        ["邹一", "员", "东镇", "东镇所", 13800000011, "是"],
        ["邹二", "员", None, None, 13800000012, "否"],
        ["邹三", "员", None, None, 13800000013, None],
    )
    found = entries(*rows, title="东镇人员名册", merged=("A1:F1", "C3:C5", "D3:D5"))
    assert [(e.values["region_code"], e.values["unit_id"]) for e in found] == [(EAST, 2)] * 3
    assert [e.row for e in found] == [3, 4, 5]
    assert cells(*rows, title="东镇人员名册") == ["C4", "C5"]  # not merged: two have no place


def test_a_sheet_that_is_one_merged_cell_is_refused() -> None:
    with pytest.raises(InvalidInput, match="合并单元格过多"):
        read(*(["邹", None, "东镇"] for _ in range(4000)), merged=("A2:Z4001",))


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        ([None, "员", "东镇"], "A2", "必填"),
        (["邹3", "员", "东镇"], "A2", "数字"),
        (["邹敏" * 30, "员", "东镇"], "A2", "长度"),
        (["邹敏", "员", "东阵"], "C2", "是否为“东镇”"),
        (["邹敏", "员", None], "C2", "必填"),
        (["邹敏", "员", "火星"], "C2", "没有地区“火星”"),
        (["邹敏", "员", 990181999999], "C2", "没有地区"),
        (["邹敏", "员", "东镇", "东镇所长"], "D2", "是否为“东镇所”"),
        (["邹敏", "员", "东镇", "同名所"], "D2", "2 个单位"),
        (["邹敏", "员", "东镇", None, "abc"], "E2", "abc"),
        (["邹敏", "员", "东镇", None, "13800000001、13800000001"], "E2", "两次"),
        (["邹敏", "员", "东镇", None, "、".join(f"1380000000{n}" for n in range(7))], "E2", "最多 6"),
        (["邹敏", "员", "东镇", None, None, "也许"], "F2", "是 或 否"),
        (["江队长", "员", "东镇", None, "13900000000"], "A2", "编号 1"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_and_explained(row: list[object], cell: str, said: str) -> None:
    found = faults(row)
    assert [fault.cell for fault in found] == [cell]
    assert said in found[0].zh and found[0].en


def test_somebody_known_is_found_by_name_and_telephone_or_by_number() -> None:
    assert entries(["江队长", "队长", "东镇", None, "13800000001"])[0].person_id == 1
    assert entries(["江 队 长", "队长", "东镇", None, "13800000001"])[0].person_id == 1
    named = entries([9, "王伟"], headers=("编号", "姓名"))[0]
    assert (named.person_id, named.values) == (9, {"name_zh": "王伟"})  # what has no column stays
    assert cells(["王伟", "员", "东镇", "东镇所"]) == ["A2"]  # is he the one who is there already?
    assert cells([0, "王伟"], ["x", "李四"], headers=("编号", "姓名")) == ["A2", "A3"]


def test_the_same_person_twice_in_a_sheet_is_told() -> None:
    twice = ["邹敏", "员", "东镇", None, "13800000007"]
    found = faults(twice, twice)
    assert [(f.cell, f.zh) for f in found] == [("A3", "与第 2 行重复")]
    assert cells(["邹敏", "员", "东镇"], ["邹敏", "员", "东镇"]) == ["A3"]
    assert cells([9, "王伟"], [9, "王玮"], headers=("编号", "姓名")) == ["B3"]
    assert (
        cells(["邹敏", "员", "东镇", None, "13800000007"], ["邹敏", "员", "西镇", None, "13800000008"]) == []
    )


def test_a_township_fills_in_its_own() -> None:
    assert cells(["邹敏", "员", "西镇"], ["邹二", "员", "东镇", "中心"], scope=EAST[:9]) == ["C2", "D3"]


def person(**changes: Any) -> PersonFact:
    told = {
        "id": 1,
        "name": "江队长",
        "title": "队长",
        "region_code": EAST,
        "region_path": "樟川市东镇",
        "unit_id": 2,
        "unit_name": "东镇所",
        "phones": [
            PhoneFact(number="0799-5550110", label="home"),
            PhoneFact(number="13800000001", label="mobile"),
        ],
        "call_sign": "江一",
        "satellite_number": "17400000001",
        "beidou_number": "0500123",
        "qualifications": ["舟艇", "水域救援"],
        "full_time": True,
        "active": True,
    }
    return PersonFact(**{**told, **changes})


def test_what_was_written_is_read_again_and_means_the_same() -> None:
    found, wrong = read_rows(read_sheet(write_sheet([person()])), BOOK)
    assert wrong == []
    assert found[0].person_id == 1
    assert found[0].values == {
        "name_zh": "江队长",
        "post": "队长",
        "region_code": EAST,
        "unit_id": 2,
        "phones": ["0799-5550110", "13800000001"],
        "phone_labels": ["home", "mobile"],
        "call_sign": "江一",
        "satellite_number": "17400000001",
        "beidou_number": "0500123",
        "qualifications": ["舟艇", "水域救援"],
        "full_time": True,
    }


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", '=cmd|" /C calc"!A0'])
def test_no_title_becomes_a_formula(text: str) -> None:
    book = load_workbook(io.BytesIO(write_sheet([person(title=text, call_sign=text)])))
    assert book.active is not None
    (row,) = book.active.iter_rows(min_row=2)
    assert [cell.data_type for cell in row if cell.value == text] == ["s", "s"]


def test_three_thousand_rows_with_wrong_names_are_read_in_no_time() -> None:
    rows = [
        [f"邹{chr(0x4E00 + n)}", "员", "东阵" if n % 2 else f"无此地{n}", None, 13800000000 + n]
        for n in range(3000)
    ]
    sheet = read_sheet(people_sheet(*rows, headers=COLUMNS))
    began = time.process_time()
    _, wrong = read_rows(sheet, BOOK)
    assert len(wrong) == 3000
    assert time.process_time() - began < 2


def test_a_sheet_without_names_is_refused() -> None:
    with pytest.raises(InvalidInput, match="姓名"):
        read(["东镇"], headers=("地区",))
    assert next(iter(HEADERS)) == "id"
