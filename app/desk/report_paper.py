"""A written report on paper: the red head and everything below it, for whoever writes PDF or DOCX."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from app.desk.prints.letter import Letter, letter_from
from app.desk.prints.page import NoPrintFont
from app.reporting.report.rules.sheet import Press, Sheet


def letter_of(sheet: Sheet) -> Letter:
    """Put a sheet into the parts of a letter; what cannot be printed is left out."""
    return letter_from(sheet.words())


def press_of(folder: str) -> Press:
    """Return who prints a sheet as PDF and DOCX beside the loop; without a font there is no PDF."""

    async def press(sheet: Sheet) -> Mapping[str, bytes]:
        return await asyncio.to_thread(_printed, letter_of(sheet), folder)

    return press


def _printed(letter: Letter, folder: str) -> Mapping[str, bytes]:
    # The printing libraries take a second to load: whoever only starts need not wait for them.
    from app.desk.prints.letter_docx import letter_docx
    from app.desk.prints.letter_pdf import letter_pdf

    found = {"docx": letter_docx(letter, folder)}
    with suppress(NoPrintFont):
        found["pdf"] = letter_pdf(letter, folder)
    return found
