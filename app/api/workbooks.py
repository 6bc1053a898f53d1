"""Excel workbooks over HTTP: what a route says of them in the contract, and the answer that carries one."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query
from fastapi.responses import Response

from app.api.exports import Exported
from app.sheets import MEDIA_TYPE

WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}
"""What a route that hands out a workbook answers."""
WORKBOOK_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {MEDIA_TYPE: {}}}}
"""What a route that takes one in is sent."""
Apply = Annotated[bool, Query(description="false: only say what it would do")]


def workbook(content: bytes, name: str) -> Response:
    """Return the answer that carries a workbook, saved under a name without its ending."""
    told = f'filename="{name}.xlsx"' if name.isascii() else f"filename*=UTF-8''{quote(name)}.xlsx"
    return Exported(content, media_type=MEDIA_TYPE, headers={"Content-Disposition": f"attachment; {told}"})
