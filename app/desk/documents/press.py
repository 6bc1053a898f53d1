"""Documents printed as PDF and DOCX, beside the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from app.desk.prints.letter import Letter
from app.desk.prints.page import NoPrintFont, Page


@dataclass(frozen=True, slots=True)
class Laid:
    """A document as it goes on paper: pages with tables, or a letter with a red head."""

    title: str
    pages: tuple[Page, ...] = ()
    letter: Letter | None = None

    def content(self) -> dict[str, Any]:
        """Return the words on the paper as they lie in the archive."""
        if self.letter is not None:
            return {"letter": asdict(self.letter)}
        return {"pages": [asdict(page) for page in self.pages]}


Press = Callable[[Laid], Awaitable[Mapping[str, bytes]]]
"""Prints a document: bytes by form (pdf, docx); a form the machine cannot print is left out."""


def press_of(fonts: str) -> Press:
    """Return who prints with the fonts of a folder, "" for the machine's."""

    async def press(laid: Laid) -> Mapping[str, bytes]:
        return await asyncio.to_thread(_all_forms, laid, fonts)

    return press


async def print_one(laid: Laid, form: str, fonts: str) -> bytes:
    """Return a document in one form. Raises NoPrintFont."""
    return await asyncio.to_thread(_one_form, laid, form, fonts)


def _all_forms(laid: Laid, fonts: str) -> Mapping[str, bytes]:
    found = {"docx": _one_form(laid, "docx", fonts)}
    with suppress(NoPrintFont):
        found["pdf"] = _one_form(laid, "pdf", fonts)
    return found


def _one_form(laid: Laid, form: str, fonts: str) -> bytes:
    # The printing libraries take a second to load: whoever only starts need not wait for them.
    if laid.letter is not None:
        if form == "pdf":
            from app.desk.prints.letter_pdf import letter_pdf

            return letter_pdf(laid.letter, fonts)
        from app.desk.prints.letter_docx import letter_docx

        return letter_docx(laid.letter, fonts)
    if form == "pdf":
        from app.desk.prints.pdf import pdf_of

        return pdf_of(laid.pages, fonts)
    from app.desk.prints.docx import docx_of

    return docx_of(laid.pages, fonts)
