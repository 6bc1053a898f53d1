"""What an answer of the house says, as scripts ask it: JSON as it is, sheets as rows, paper by its size."""

from __future__ import annotations

import io
from typing import Any

import httpx

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def told_by(response: httpx.Response) -> Any:
    """Return the content of an answer."""
    kind = response.headers.get("content-type", "").split(";")[0]
    if not response.content:
        return None
    if kind.endswith("json"):
        return response.json()
    if kind == SHEET:
        return {"sheets": _rows(response.content)}
    if kind.startswith("text/"):
        return {"text": response.text}
    head = response.content[:4]
    form = {b"%PDF": "pdf", b"PK\x03\x04": "zip"}.get(head, kind)
    return {"form": form, "bytes": len(response.content), "sha256": response.headers.get("x-content-sha256")}


def _rows(content: bytes) -> list[list[list[Any]]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets]
