"""Sheets of people as others fill them in."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

from app.org.people_sheet import HEADERS


def people_sheet(
    *rows: Sequence[object], headers: Sequence[str] = (), merged: Sequence[str] = (), title: str = ""
) -> bytes:
    """Return an xlsx with these rows below the headers, and below a title if there is one."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
    sheet.append(list(headers or HEADERS.values()))
    for row in rows:
        sheet.append(list(row))
    for ref in merged:
        sheet.merge_cells(ref)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
