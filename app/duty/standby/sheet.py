"""The allowance sheet (备勤补助表) as xlsx: townships first, then every person with his days."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from app import personal
from app.duty.standby.facts import SheetFact

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOWNSHIPS = ("乡镇", "人日", "金额(元)", "审批", "审批人", "审批时间")
PERSONS = ("乡镇", "姓名", "电话", "天数", "日期", "金额(元)", "签领")
_MONEY = "0.00"
Cell = str | int | Decimal


def write_sheet(month: date, sheets: Sequence[SheetFact], zone: ZoneInfo) -> bytes:
    """Return a month's sheets as one workbook. No cell is a formula, whatever a name begins with."""
    from openpyxl import Workbook  # half a second: whoever only starts need not wait for it

    book = Workbook(write_only=True)
    _page(
        book,
        f"{month:%Y-%m} 汇总",
        (20, 8, 14, 14, 14, 18),
        TOWNSHIPS,
        [_township(one, zone) for one in sheets],
        ("合计", sum(one.person_days for one in sheets), sum((one.yuan for one in sheets), Decimal(0))),
    )
    lines = [line for one in sheets for line in one.lines]
    _page(
        book,
        f"{month:%Y-%m} 明细",
        (20, 12, 16, 6, 60, 14, 14),
        PERSONS,
        [
            (line.region_name, line.name, line.phone, len(line.days), _days(line.days), line.yuan, "")
            for line in lines
        ],
        ("合计", "", "", sum(len(line.days) for line in lines), "", sum((i.yuan for i in lines), Decimal(0))),
    )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _page(
    book: Any,
    title: str,
    widths: Sequence[int],
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    totals: Sequence[Cell],
) -> None:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for n, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.append([_cell(sheet, header, bold=True) for header in headers])
    for row in rows:
        told = (personal.cell(header, value) for header, value in zip(headers, row, strict=False))
        sheet.append([_cell(sheet, value) for value in told])
    sheet.append([_cell(sheet, value, bold=True) for value in totals])


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    # openpyxl writes a Decimal as the exact number it is; its types do not know.
    known = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else cast("int", value)
    cell = WriteOnlyCell(sheet, value=known)
    if isinstance(value, str):
        cell.data_type = "s"  # "=1+1" stays what it is: text
        if value[:1] in tuple("=+-@"):
            cell.quotePrefix = True  # … also when somebody edits the cell
    if isinstance(value, Decimal):
        cell.number_format = _MONEY
    if bold:
        cell.font = Font(bold=True)
    return cell


def _township(one: SheetFact, zone: ZoneInfo) -> tuple[Cell, ...]:
    signed = one.approved
    if signed is None:
        return (one.region_name, one.person_days, one.yuan, "未审批", "", "")
    stands = "已变动,须重审" if one.changed else f"第{signed.revision}版"
    return (
        one.region_name,
        one.person_days,
        one.yuan,
        stands,
        signed.approved_by,
        _time(signed.approved_at, zone),
    )


def _time(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _days(days: Sequence[date]) -> str:
    """Write 1, 2, 3, 7 as `1-3、7`."""
    runs: list[list[int]] = []
    for day in (one.day for one in days):
        if runs and day == runs[-1][1] + 1:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return "、".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
