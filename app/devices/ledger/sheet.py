"""The register as an Excel sheet: written for people, read with distrust.

A sheet that is read is bounded before it is unpacked (a small file may unfold into gigabytes), document
types are refused (entities), formulas are text, and only the first worksheet counts.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.devices.ledger.facts import DeviceOut
from app.devices.ledger.rules import KINDS
from app.refusals import FieldFault, InvalidInput

MAX_ROWS = 5000
MAX_COLUMNS = 40
MAX_PARTS = 200
MAX_UNPACKED = 24 * 1024 * 1024
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What may be changed by a sheet; the order is that of the columns.
HEADERS: Mapping[str, str] = {
    "kind": "设备类型",
    "family": "通信方式",
    "number": "号码",
    "printed_number": "机身编号",
    "label": "名称",
    "region": "地区",
    "holder": "保管人",
    "phone": "保管人电话",
    "team": "队伍",
    "lon": "经度",
    "lat": "纬度",
    "coverage_km": "覆盖半径km",
    "talk_groups": "通话组",
    "note": "备注",
    "active": "启用",
}
# What only the house knows: written, never read.
TOLD: Sequence[str] = ("状态", "最近通联", "电量%", "调试状态", "最近调试")
_STATES = {"never_heard": "从未通联", "live": "在线", "silent": "失联", "off": "停用"}
_TESTS = {
    "ok": "合格",
    "due": "到期",
    "overdue": "超期",
    "failed": "不合格",
    "running": "调试中",
    "untested": "未调试",
    "exempt": "免调试",
}
Cell = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the headers: its number in the sheet and its cells by column key."""

    row: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet holds: which column stands under which letter, and the rows that are not empty."""

    letters: Mapping[str, str]
    rows: Sequence[SheetRow]


def write_sheet(devices: Iterable[DeviceOut], zone: ZoneInfo) -> bytes:
    """Return the register as xlsx. No cell is a formula, whatever a name begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("设备台账")
    sheet.freeze_panes = "A2"
    for n, width in enumerate((14, 10, 24, 16, 20, 26, 12, 16, 24, 10, 10, 10, 16, 30, 6), start=1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    bold = Font(bold=True)
    sheet.append([_cell(sheet, header, font=bold) for header in (*HEADERS.values(), *TOLD)])
    for device in devices:
        sheet.append([_cell(sheet, value) for value in _written(device, zone)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(
        sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    )
    if isinstance(value, str):
        cell.data_type = "s"  # "=1+1" stays what it is: text
        if value[:1] in tuple("=+-@"):
            cell.quotePrefix = True  # … also when somebody edits the cell
    if font is not None:
        cell.font = font
    return cell


def _written(device: DeviceOut, zone: ZoneInfo) -> list[Cell]:
    return [
        KINDS[device.kind].zh if device.kind in KINDS else "",
        device.family,
        device.number,
        device.printed_number,
        device.label,
        device.region_path,
        device.holder_name,
        device.holder_phone,
        device.team_name,
        device.lon,
        device.lat,
        device.coverage_km,
        "、".join(device.talk_groups),
        device.note,
        "是" if device.active else "否",
        _STATES[device.state],
        _time(device.last_heard_at, zone),
        device.battery_pct,
        _TESTS[device.test.state],
        _time(device.test.at, zone),
    ]


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    _require_harmless(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        first = book.worksheets[0]
        first.reset_dimensions()  # the file may claim any size
        found = [
            tuple(row) for row in first.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
        ]
    except InvalidInput:
        raise
    except Exception as error:
        raise _unreadable() from error
    return _sheet(found)


def _sheet(found: Sequence[tuple[object, ...]]) -> Sheet:
    if not found:
        raise _unfit("表格是空的", "the sheet is empty")
    keys = {header: key for key, header in HEADERS.items()}
    places = {
        keys[word]: n for n, header in enumerate(found[0]) if (word := str(header or "").strip()) in keys
    }
    if missing := [HEADERS[key] for key in ("family", "number") if key not in places]:
        raise _unfit(f"首行缺少列:{'、'.join(missing)}", f"the first row lacks: {', '.join(missing)}")
    if len(found) > MAX_ROWS + 1 and any(cell is not None for cell in found[MAX_ROWS + 1]):
        raise _unfit(f"一次最多导入 {MAX_ROWS} 行", f"at most {MAX_ROWS} rows at a time")
    rows = [
        SheetRow(n, {key: _plain(row[at]) if at < len(row) else None for key, at in places.items()})
        for n, row in enumerate(found[1:], start=2)
        if any(cell is not None and str(cell).strip() for cell in row)
    ]
    return Sheet({key: get_column_letter(at + 1) for key, at in places.items()}, rows)


def _plain(value: object) -> Cell:
    """Return a cell as text or number: Excel turns a number somebody typed into 370101.0."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, int):
        return value
    return str(value).strip() or None


def _require_harmless(data: bytes) -> None:
    """Raise InvalidInput for a file that would unfold into more than a register can be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise _unfit("表格过大", "the sheet unfolds into too much")
            for info in infos:
                if info.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts.read(info):
                    raise _unreadable()
    except InvalidInput:
        raise
    except Exception as error:  # zip and its packers each raise errors of their own
        raise _unreadable() from error


def _unreadable() -> InvalidInput:
    return _unfit("不是可读取的 Excel 文件(.xlsx)", "not a readable Excel file (.xlsx)")


def _unfit(zh: str, en: str) -> InvalidInput:
    return InvalidInput(FieldFault("body", zh, en))
