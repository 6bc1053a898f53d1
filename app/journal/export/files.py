"""The proof in the file itself: the last worksheet of a workbook, the last lines of a CSV file."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from app.journal.export.rules import LABELS, NOTE, SHEET, Table, parts_of
from app.sheets import require_harmless

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PART = "xl/worksheets/export_proof.xml"
_ID = "rIdExportProof"
_ADDED = {
    "xl/workbook.xml": (
        "</sheets>",
        f'<sheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}" name="{SHEET}" sheetId="9999" r:id="{_ID}"/>',
    ),
    "xl/_rels/workbook.xml.rels": (
        "</Relationships>",
        f'<Relationship Id="{_ID}" Type="{_RELATIONS}/worksheet" Target="/{_PART}"/>',
    ),
    "[Content_Types].xml": (
        "</Types>",
        f'<Override PartName="/{_PART}" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>',
    ),
}


def is_workbook(data: bytes) -> bool:
    """Whether bytes begin as a workbook does."""
    return data.startswith(b"PK")


def tables_of(data: bytes) -> tuple[list[Table], dict[str, str]]:
    """Return the rows of a file, and the parts of its proof, none where it has none.

    Raises InvalidInput for a workbook that is none, UnicodeDecodeError for a CSV file that is not UTF-8.
    """
    return _of_book(data) if is_workbook(data) else _of_csv(data)


def with_proof(data: bytes, parts: Mapping[str, str]) -> bytes:
    """Return the file with its proof behind all else."""
    return _book(data, parts) if is_workbook(data) else _csv(data, parts)


def _of_book(data: bytes) -> tuple[list[Table], dict[str, str]]:
    from openpyxl import load_workbook

    require_harmless(data)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    tables = [
        (sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in book.worksheets
    ]
    proofs = [rows for name, rows in tables if name == SHEET]
    return [(name, rows) for name, rows in tables if name != SHEET], parts_of(proofs[-1] if proofs else ())


def _book(data: bytes, parts: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in given.infolist():
            content = given.read(info)
            if info.filename in _ADDED:
                before, added = _ADDED[info.filename]
                head, found, tail = content.decode().rpartition(before)
                if not found:
                    raise ValueError(f"{info.filename} has no {before}")
                content = (head + added + found + tail).encode()
            made.writestr(info.filename, content)
        made.writestr(_PART, _worksheet([*_lines(parts), ("", ""), (NOTE, "")]))
    return out.getvalue()


def _worksheet(lines: Iterable[tuple[str, str]]) -> bytes:
    rows = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{column}{n}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
            for column, cell in zip("AB", line, strict=True)
            if cell
        )
        + "</row>"
        for n, line in enumerate(lines, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}">'
        '<cols><col min="1" max="1" width="40" customWidth="1"/>'
        '<col min="2" max="2" width="90" customWidth="1"/>'
        f"</cols><sheetData>{rows}</sheetData></worksheet>"
    ).encode()


def _lines(parts: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(label, parts[key]) for key, label in LABELS.items() if parts.get(key)]


def _of_csv(data: bytes) -> tuple[list[Table], dict[str, str]]:
    rows: list[list[Any]] = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    at = next((n for n in range(len(rows) - 1, -1, -1) if rows[n][:1] == [SHEET]), None)
    return ([("", rows)], {}) if at is None else ([("", rows[:at])], parts_of(rows[at:]))


def _csv(data: bytes, parts: Mapping[str, str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([(SHEET, NOTE), *_lines(parts)])
    return data + out.getvalue().encode()
