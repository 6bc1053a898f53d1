"""Excel workbooks over HTTP: what a route says of them in the contract, and the answer that carries one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from app.sheets import MEDIA_TYPE

WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}
"""What a route that hands out a workbook answers."""
WORKBOOK_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {MEDIA_TYPE: {}}}}
"""What a route that takes one in is sent."""
Apply = Annotated[bool, Query(description="false: only say what it would do")]


def workbook(content: bytes, name: str) -> Response:
    """Return the answer that carries a workbook, saved under a plain ASCII name without its ending."""
    disposition = f'attachment; filename="{name}.xlsx"'
    return Response(content, media_type=MEDIA_TYPE, headers={"Content-Disposition": disposition})
