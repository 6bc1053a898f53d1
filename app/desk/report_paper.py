"""A written report on paper: the red head and everything below it, for whoever writes PDF or DOCX."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from app.desk.prints.letter import Letter
from app.desk.prints.page import NoPrintFont, clean
from app.reporting.report.rules.sheet import Press, Sheet


def letter_of(sheet: Sheet) -> Letter:
    """Put a sheet into the parts of a letter; what cannot be printed is left out."""
    foot = [
        ("主送", "、".join(sheet.to)),
        ("抄送", "、".join(sheet.cc)),
        ("说明", sheet.note),
    ]
    signs = [
        ("报告人", sheet.reporter),
        ("审核", sheet.reviewer),
        ("签发", sheet.signer),
        ("联系电话", sheet.contact),
    ]
    return Letter(
        marks=(f"密级\uff1a{sheet.secrecy}", f"紧急程度\uff1a{sheet.urgency}"),
        head=clean(sheet.head),
        number=clean(sheet.number),
        author=clean(sheet.author),
        date=sheet.signed_on,
        title=clean(sheet.title),
        paragraphs=tuple(filter(None, (clean(line).strip() for line in sheet.text.splitlines()))),
        foot=tuple((label, clean(text)) for label, text in foot if text),
        signs=tuple((label, clean(text)) for label, text in signs if text),
    )


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
