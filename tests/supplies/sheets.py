"""Sheets of stock as others fill them in."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

from app.supplies.stock_sheet import HEADERS


def sheet_of(*rows: Sequence[object]) -> bytes:
    """Return an xlsx with these rows below the headers."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(HEADERS.values()))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
