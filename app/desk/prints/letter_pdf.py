"""A letter with a red head as PDF: A4, margins and sizes after GB/T 9704, fonts embedded."""

from __future__ import annotations

import re
from typing import Any

from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.units import mm
from reportlab.platypus import (
    HRFlowable,
    KeepTogether,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from app.desk.prints.fonts import TEXT, TITLE
from app.desk.prints.letter import Letter
from app.desk.prints.pdf import ONE_AT_A_TIME, WIDTH, built, said, style, title_style, use_fonts

_TITLE, _TEXT = "zhishou-letter-title", "zhishou-letter-text"
_FLUSH = TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
RED = Color(0.8, 0.05, 0.05)
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、.{1,24}$")
_BODY, _LEADING = 15.75, 28.95  # 28 characters a line, 22 lines a page (GB/T 9704-2012, 5.2.2)


def letter_pdf(letter: Letter, folder: str = "") -> bytes:
    """Return a letter as PDF. Raises NoPrintFont. Takes tenths of a second: call it beside the loop."""
    characters = letter.characters()
    with ONE_AT_A_TIME:
        use_fonts({_TITLE: TITLE, _TEXT: TEXT}, characters, folder)
        return built(_story(letter), letter.title, _TEXT)


def _story(letter: Letter) -> list[Any]:
    mark, right = style(_TEXT, 14), style(_TEXT, 14, alignment=TA_RIGHT)
    head = style(_TITLE, 34, alignment=TA_CENTER, textColor=RED)
    number = style(_TEXT, 14, alignment=TA_CENTER, spaceBefore=0)
    title = title_style(_TITLE, letter.title)
    body = style(_TEXT, _BODY, firstLineIndent=2 * _BODY, leading=_LEADING, spaceAfter=0)
    heading = style(_TEXT, _BODY, firstLineIndent=2 * _BODY, leading=_LEADING, spaceAfter=0, keepWithNext=1)
    foot = style(_TEXT, 14)
    return [
        _pair(letter.marks[0], letter.marks[1], mark, right),
        Spacer(1, 6 * mm),
        said(letter.head, head),
        Spacer(1, 5 * mm),
        said(letter.number, number),
        Spacer(1, 2 * mm),
        _pair(letter.author, letter.date, mark, right),
        HRFlowable(width="100%", thickness=1.6, color=RED, spaceBefore=2, spaceAfter=8 * mm),
        said(letter.title, title),
        Spacer(1, 5 * mm),
        *(said(line, heading if _HEADING.match(line) else body) for line in letter.paragraphs),
        KeepTogether(_below(letter, foot)),
    ]


def _below(letter: Letter, foot: Any) -> list[Any]:
    """Write to whom it goes and who answers for it, on one page."""
    to = [said(f"{label}\uff1a{text}", foot) for label, text in letter.foot]
    return [
        Spacer(1, 8 * mm),
        *([HRFlowable(width="100%", thickness=0.6, color=black, spaceAfter=2), *to] if to else []),
        HRFlowable(width="100%", thickness=0.6, color=black, spaceBefore=3, spaceAfter=2),
        *_signs(letter, foot),
    ]


def _signs(letter: Letter, foot: Any) -> list[Any]:
    told = [said(f"{label}\uff1a{text}", foot) for label, text in letter.signs]
    rows = [told[at : at + 2] for at in range(0, len(told), 2)]
    if not rows:
        return []
    table = Table([[*row, *[""] * (2 - len(row))] for row in rows], colWidths=[WIDTH / 2] * 2)
    table.setStyle(_FLUSH)
    return [table]


def _pair(left: str, right: str, one: Any, other: Any) -> Table:
    cells: list[Paragraph] = [said(left, one), said(right, other)]
    table = Table([cells], colWidths=[WIDTH / 2] * 2)
    table.setStyle(_FLUSH)
    return table
