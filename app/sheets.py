"""Excel sheets of any register: written for people, read with distrust.

A sheet that is read is bounded before it is unpacked (a small file may unfold into gigabytes), document
types are refused (entities), formulas are text, and only the first worksheet counts. Merged cells hold their
value in each of their cells. The headers stand in one of the first rows: above them may be a title.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import personal
from app.refusals import FieldFault, InvalidInput
from app.wire import Fact

MAX_ROWS = 5000
MAX_COLUMNS = 40
MAX_PARTS = 200
MAX_UNPACKED = 24 * 1024 * 1024
MAX_MERGED_CELLS = 100_000
TITLE_ROWS = 4  # that may stand above the headers
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | float | int | bool | None
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_FIRST_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\b\w+:id="([^"]+)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")


class CellFault(Fact):
    """A cell of a sheet that cannot be taken, by its address: C7."""

    cell: str
    zh: str
    en: str


class Unfit(Exception):
    """A cell that cannot be taken."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


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


def write_book(
    title: str, headers: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[Cell]]
) -> bytes:
    """Return rows as xlsx. No cell is a formula, whatever a name begins with."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for n, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    bold = Font(bold=True)
    sheet.append([_cell(sheet, header, font=bold) for header in headers])
    for row in rows:
        told = (personal.cell(header, value) for header, value in zip(headers, row, strict=False))
        sheet.append([_cell(sheet, value) for value in told])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell, font: Any = None) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

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


def read_book(data: bytes, headers: Mapping[str, str], required: Sequence[str]) -> Sheet:
    """Return the rows of the first worksheet by column key. Raises InvalidInput for what is no such sheet.

    `headers` maps keys to what stands in the first row, `required` are the keys that may not be missing.
    """
    from openpyxl import load_workbook

    merged = require_harmless(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        first = book.worksheets[0]
        first.reset_dimensions()  # the file may claim any size
        most = MAX_ROWS + TITLE_ROWS + 2
        rows = [list(row) for row in first.iter_rows(max_row=most, max_col=MAX_COLUMNS, values_only=True)]
    except InvalidInput:
        raise
    except Exception as error:
        raise _unreadable() from error
    _fill(rows, merged)
    return _sheet(rows, headers, required)


def _sheet(rows: list[list[Any]], headers: Mapping[str, str], required: Sequence[str]) -> Sheet:
    if not rows:
        raise _unfit("表格是空的", "the sheet is empty")
    keys = {header: key for key, header in headers.items()}
    found = [
        {keys[word]: n for n, cell in reversed(list(enumerate(row))) if (word := _word(cell)) in keys}
        for row in rows[: TITLE_ROWS + 1]
    ]
    at = max(range(len(found)), key=lambda n: len(found[n]))  # the first of the fullest
    places = found[at]
    if missing := [headers[key] for key in required if key not in places]:
        raise _unfit(f"首行缺少列:{'、'.join(missing)}", f"the first row lacks: {', '.join(missing)}")
    if any(cell is not None for row in rows[at + 1 + MAX_ROWS :] for cell in row):
        raise _unfit(f"一次最多导入 {MAX_ROWS} 行", f"at most {MAX_ROWS} rows at a time")
    told = [
        SheetRow(n, {key: _plain(row[to]) if to < len(row) else None for key, to in places.items()})
        for n, row in enumerate(rows[at + 1 :], start=at + 2)
        if any(cell is not None and str(cell).strip() for cell in row)
    ]
    from openpyxl.utils import get_column_letter

    return Sheet({key: get_column_letter(to + 1) for key, to in places.items()}, told)


def _word(cell: object) -> str:
    return re.sub(r"\s+|[*＊]", "", str(cell or ""))  # "姓 名" and "姓名*" are 姓名


def _plain(value: object) -> Cell:
    """Return a cell as text or number: Excel turns a number somebody typed into 370101.0."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, int):
        return value
    return str(value).strip() or None


def _fill(rows: list[list[Any]], merged: Iterable[str]) -> None:
    """Write the value of each merged range into all of its cells."""
    from openpyxl.utils import range_boundaries

    left = MAX_MERGED_CELLS
    for ref in merged:
        first_column, first_row, last_column, last_row = range_boundaries(ref)
        last_row, last_column = min(int(last_row or 0), len(rows)), min(int(last_column or 0), MAX_COLUMNS)
        first_row, first_column = int(first_row or 1), int(first_column or 1)
        if first_row > last_row or first_column > last_column or first_column > len(rows[first_row - 1]):
            continue
        left -= (last_row - first_row + 1) * (last_column - first_column + 1)
        if left < 0:
            raise _unfit("合并单元格过多", "too many merged cells")
        value = rows[first_row - 1][first_column - 1]
        for row in rows[first_row - 1 : last_row]:
            row.extend([None] * (last_column - len(row)))
            row[first_column - 1 : last_column] = [value] * (last_column - first_column + 1)


def require_harmless(data: bytes) -> list[str]:
    """Raise InvalidInput for what would unfold into too much; return the first sheet's merged ranges."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise _unfit("表格过大", "the sheet unfolds into too much")
            for info in infos:
                if info.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts.read(info):
                    raise _unreadable()
            return [match.decode() for match in _MERGED.findall(parts.read(_first_worksheet(parts)))]
    except InvalidInput:
        raise
    except Exception as error:  # zip and its packers each raise errors of their own
        raise _unreadable() from error


def _first_worksheet(parts: zipfile.ZipFile) -> str:
    """Return the part that is the first worksheet, as the workbook's relations name it."""
    first = _FIRST_SHEET.search(parts.read("xl/workbook.xml"))
    wanted = first[1] if first else None
    for match in _RELATION.findall(parts.read("xl/_rels/workbook.xml.rels")):
        told = dict(re.findall(rb'\b(Id|Target)="([^"]*)"', match))
        if wanted is not None and told.get(b"Id") == wanted:
            target = told[b"Target"].decode()
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise _unreadable()


def text_of(cell: Cell, longest: int, *, required: bool = False) -> str:
    """Return a cell as text. Raises Unfit when it is too long, missing or holds a control character."""
    text = "" if cell is None else str(cell).strip()
    if required and not text:
        raise Unfit("此项必填", "this field is required")
    if len(text) > longest:
        raise Unfit(f"超过长度上限 {longest}", f"longer than {longest} characters")
    if _CONTROL.search(text):
        raise Unfit("文字不能包含控制字符", "a text must not hold a control character")
    return text


def yes_or_no(cell: Cell, yes: Iterable[str], no: Iterable[str], *, empty: bool) -> bool:
    """Return whether a cell says yes; an empty one says `empty`. Raises Unfit for another word."""
    word = str("" if cell is None else cell).strip().lower()
    if not word:
        return empty
    if word in {*no, "否", "no", "false", "0"}:
        return False
    if word in {*yes, "是", "yes", "true", "1"}:
        return True
    raise Unfit("应为 是 或 否", "must be 是 (yes) or 否 (no)")


def words_of(cell: Cell, most: int, longest: int) -> Iterator[str]:
    """Return the words of a list in one cell. Raises Unfit for too many or too long ones."""
    words = [word for word in re.split(r"[、,,;;\s]+", text_of(cell, 2000)) if word]
    if len(words) > most or any(len(word) > longest for word in words):
        raise Unfit(
            f"最多 {most} 项,每项不超过 {longest} 字", f"at most {most} items of {longest} characters"
        )
    return iter(words)


def _unreadable() -> InvalidInput:
    return _unfit("不是可读取的 Excel 文件(.xlsx)", "not a readable Excel file (.xlsx)")


def _unfit(zh: str, en: str) -> InvalidInput:
    return InvalidInput(FieldFault("body", zh, en))
