"""The register as a sheet: what is written can be read again, and no file breaks the reader."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from app.devices.ledger.facts import DeviceOut
from app.devices.ledger.sheet import HEADERS, read_sheet, write_sheet
from app.devices.ledger.sheet_rules import Directory, Member, read_rows
from app.devices.testing.facts import TestStanding
from app.refusals import InvalidInput
from app.sheets import MAX_ROWS, Sheet, SheetRow
from tests.world import EAST, EAST_BANK, STREAM, WEST

ZONE = ZoneInfo("Asia/Shanghai")
UNTESTED = TestStanding(state="untested", at=None, due_at=None, method=None, detail=None)
BOOK = Directory(
    region_codes={EAST: EAST, "樟川市东镇": EAST, "樟川市东镇东岸村": EAST_BANK, "樟川市西镇": WEST},
    people={
        "江队长": [Member(1, EAST, ("13800000001",))],
        "王伟": [Member(8, EAST, ("1",)), Member(9, EAST, ("2",))],
    },
    teams={"江河救援队": [Member(1, EAST)], "西湖救援队": [Member(3, WEST)]},
    scope=STREAM,
)


def device(**changes: Any) -> DeviceOut:
    told = {
        "id": 1,
        "family": "hdap",
        "kind": "radio_370",
        "number": "370101",
        "printed_number": "A-1",
        "label": "东镇1",
        "region_code": EAST,
        "region_path": "樟川市东镇",
        "holder_id": 1,
        "holder_name": "江队长",
        "holder_phone": "13800000001",
        "team_id": 1,
        "team_name": "江河救援队",
        "lon": 118.2,
        "lat": 28.5,
        "coverage_km": None,
        "talk_groups": ["101", "1"],
        "battery_pct": None,
        "signal_pct": None,
        "firmware": None,
        "heard_via": None,
        "last_heard_at": None,
        "health_at": None,
        "note": "",
        "active": True,
        "fenced": False,
        "pinned": False,
        "unregistered": False,
        "carries": [],
        "state": "never_heard",
        "test": UNTESTED,
        **changes,
    }
    return DeviceOut(**told)


def sheet_of(*rows: Sequence[object], headers: list[str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(headers or list(HEADERS.values()))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(**cells: object) -> SheetRow:
    told = {"family": "hdap", "number": 370101, "label": "东镇1", "region": EAST, **cells}
    return SheetRow(2, told)  # type: ignore[arg-type]


def faults_of(**cells: object) -> list[str]:
    letters = {key: chr(ord("A") + n) for n, key in enumerate(HEADERS)}
    _, faults = read_rows(Sheet(letters, [row_of(**cells)]), BOOK)
    return [fault.cell for fault in faults]


def test_what_was_written_is_read_again_and_means_the_same() -> None:
    devices = [device(), device(number="370102", label="=HYPERLINK(1)", active=False, holder_name=None)]
    entries, faults = read_rows(read_sheet(write_sheet(devices, ZONE)), BOOK)
    assert faults == []
    first, second = entries
    assert first.values == {
        "kind": "radio_370",
        "printed_number": "A-1",
        "label": "东镇1",
        "region_code": EAST,
        "holder_id": 1,
        "team_id": 1,
        "lon": 118.2,
        "lat": 28.5,
        "coverage_km": None,
        "talk_groups": ["101", "1"],
        "note": "",
        "active": True,
    }
    assert (second.number, second.values["active"], second.values["holder_id"]) == ("370102", False, None)
    assert second.values["label"] == "=HYPERLINK(1)"


@pytest.mark.parametrize("label", ["=1+1", "+86", "-1", "@SUM(A1)", '=cmd|" /C calc"!A0', "正常"])
def test_no_name_becomes_a_formula(label: str) -> None:
    book = load_workbook(io.BytesIO(write_sheet([device(label=label, note=label)], ZONE)))
    assert book.active is not None
    (row,) = book.active.iter_rows(min_row=2)
    assert [cell.data_type for cell in row if cell.value == label] == ["s", "s"]


def test_a_number_excel_made_a_float_is_a_number_again() -> None:
    read = read_sheet(sheet_of([None, "hdap", 370101.0, None, "东镇1", EAST]))
    assert read.rows[0].cells["number"] == 370101
    entries, faults = read_rows(read, BOOK)
    assert (entries[0].number, faults) == ("370101", [])


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"kind": "风筝"}, "A2"),
        ({"family": "pigeon"}, "B2"),
        ({"family": None}, "B2"),
        ({"number": "0370"}, "C2"),
        ({"number": None}, "C2"),
        ({"label": None}, "E2"),
        ({"label": "x" * 81}, "E2"),
        ({"label": "a\x07b"}, "E2"),
        ({"region": "樟川市南镇"}, "F2"),
        ({"region": None}, "F2"),
        ({"holder": "无此人"}, "G2"),
        ({"holder": "王伟"}, "G2"),
        ({"holder": "江队长", "phone": "999"}, "G2"),
        ({"team": "无此队"}, "I2"),
        ({"lon": "东经", "lat": 28}, "J2"),
        ({"lon": 181, "lat": 28}, "J2"),
        ({"lon": float("nan"), "lat": 28}, "J2"),
        ({"lon": 118.2}, "J2"),
        ({"coverage_km": -1}, "L2"),
        ({"talk_groups": "1" * 21}, "M2"),
        ({"active": "也许"}, "O2"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_by_its_address(cells: dict[str, object], cell: str) -> None:
    assert cell in faults_of(**cells)


def test_good_cells_have_no_fault_and_two_of_one_name_are_told_apart_by_telephone() -> None:
    assert faults_of(holder="王伟", phone=2, team="江河救援队", kind="370MHz 电台", active="停用") == []


def test_a_township_names_only_its_own() -> None:
    own = Directory(BOOK.region_codes, BOOK.people, BOOK.teams, EAST[:9])
    letters = {key: chr(ord("A") + n) for n, key in enumerate(HEADERS)}
    rows = [row_of(region="樟川市西镇", team="西湖救援队")]
    _, faults = read_rows(Sheet(letters, rows), own)
    assert [fault.cell for fault in faults] == ["F2", "I2"]


def test_a_number_stands_in_a_sheet_once() -> None:
    data = sheet_of(*([None, "hdap", 370101, None, "东镇1", EAST] for _ in range(2)))
    entries, faults = read_rows(read_sheet(data), BOOK)
    assert len(entries) == 1
    assert [fault.cell for fault in faults] == ["C3"]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", ".").replace("_", "/"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"not a sheet at all",
        sheet_of()[:-40],
        zipped(a__xml=b"<a/>"),
        zipped(a__xml=b"\0" * (25 * 1024 * 1024)),
        zipped(**{f"p{n}__xml": b"" for n in range(201)}),
        zipped(xl_workbook__xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        sheet_of(headers=["号码"]),
        sheet_of(*([[None, "hdap", n] for n in range(MAX_ROWS + 1)])),
    ],
    ids=["nothing", "two bytes", "words", "cut", "no sheet", "bomb", "parts", "entities", "headers", "rows"],
)
def test_what_is_no_sheet_is_refused_in_both_languages(data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_sheet(data)
    assert refused.value.zh
    assert refused.value.en


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 4000))
def test_a_sheet_damaged_anywhere_is_read_or_refused_and_never_more(noise: bytes, at: int) -> None:
    whole = write_sheet([device()], ZONE)
    at %= len(whole)
    try:
        read_sheet(whole[:at] + noise + whole[at + len(noise) :])
    except InvalidInput:
        return
