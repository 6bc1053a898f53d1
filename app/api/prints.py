"""Documents as answers: PDF or DOCX, written beside the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import Path
from fastapi.responses import Response

from app.desk.prints.page import Page

Form = Annotated[Literal["pdf", "docx"], Path()]
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PRINTS: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in TYPES.values()}}}
"""What a route that prints answers, for the contract."""


async def printed(pages: Sequence[Page], form: str, name: str, fonts: str) -> Response:
    """Return documents as one file to keep. Raises NoPrintFont for a PDF on a machine without a font."""
    whole = await asyncio.to_thread(_written, pages, form, fonts)
    return Response(
        whole,
        media_type=TYPES[form],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{form}')}"},
    )


def _written(pages: Sequence[Page], form: str, fonts: str) -> bytes:
    # The printing libraries take a second to load: whoever only starts need not wait for them.
    if form == "pdf":
        from app.desk.prints.pdf import pdf_of

        return pdf_of(pages, fonts)
    from app.desk.prints.docx import docx_of

    return docx_of(pages, fonts)
