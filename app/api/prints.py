"""Documents as answers: PDF or DOCX, written beside the loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import Path
from fastapi.responses import Response

from app.desk.documents.press import Laid, print_one
from app.desk.prints.page import Page

Form = Annotated[Literal["pdf", "docx"], Path()]
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PRINTS: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in TYPES.values()}}}
"""What a route that prints answers, for the contract."""


_FRAMED = "default-src 'self'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'"
INLINE = {"Content-Security-Policy": _FRAMED}
"""What a PDF to look at says instead of the console's own policy: the console may hold it in a frame."""


async def printed(pages: Sequence[Page], form: str, name: str, fonts: str) -> Response:
    """Return documents as one file to keep. Raises NoPrintFont for a PDF on a machine without a font."""
    return kept(await print_one(Laid(name, pages=tuple(pages)), form, fonts), form, name)


def kept(data: bytes, form: str, name: str) -> Response:
    """Return a file to keep."""
    return Response(
        data,
        media_type=TYPES[form],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{form}', safe='')}"},
    )
