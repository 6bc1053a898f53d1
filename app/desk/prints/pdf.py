"""Documents as PDF: A4, its fonts embedded, margins and sizes after GB/T 9704 as far as a table allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import textsplit
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.fonts import addMapping
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle, paragraph

from app import personal
from app.desk.prints.fonts import TEXT, TITLE, cut, find
from app.desk.prints.page import Page

FRAME, WIDTH = 6, 156 * mm  # points
GETA = "\u3013"  # 〓: printers set it where they lack a character
_TITLE, _TEXT = "zhishou-title", "zhishou-text"
ONE_AT_A_TIME = Lock()  # the writer keeps its fonts by name for the whole process


def pdf_of(pages: Sequence[Page], folder: str = "") -> bytes:
    """Return the documents as one PDF. Raises NoPrintFont. Takes a moment: call it beside the loop."""
    characters = set().union(*(page.characters() for page in pages))
    with ONE_AT_A_TIME:
        use_fonts({_TITLE: TITLE, _TEXT: TEXT}, characters, folder)
        return built(_story(pages), pages[0].title if pages else "", _TEXT)


def built(story: list[Any], title: str, font: str) -> bytes:
    """Return a document in the type area of GB/T 9704, with the page's number in this font on every page."""
    whole = BytesIO()
    # A frame keeps six points free inside its margins: taken off here, so that 156 × 225 mm are left.
    document = SimpleDocTemplate(
        whole,
        pagesize=A4,
        topMargin=37 * mm - FRAME,
        leftMargin=28 * mm - FRAME,
        rightMargin=26 * mm - FRAME,
        bottomMargin=35 * mm - FRAME,
        title=title,
        invariant=1,
    )
    foot = partial(_foot, font)
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return whole.getvalue()


def use_fonts(named: Mapping[str, tuple[str, ...]], characters: set[str], folder: str) -> None:
    """Let these names mean fonts cut down to the characters of one document. Raises NoPrintFont.

    Call it under ONE_AT_A_TIME. `registerFont` keeps the first font of a name for ever: the second document
    would lack every character that the first did not have.
    """
    veil = {"*"} if personal.HIDDEN.get() else set()
    for name, files in named.items():
        font = TTFont(name, BytesIO(cut(find(files, folder), characters | veil | {GETA, " "})))
        pdfmetrics._fonts[name] = font  # noqa: SLF001  there is no public way to take a font's place
        addMapping(name, 0, 0, name)


# reportlab knows what begins no Japanese line; these begin no Chinese one either (GB/T 15834): they hang.
for _breaking in (textsplit, paragraph):
    _breaking.ALL_CANNOT_START += "，；：！？》〉”’"


def style(name: str, size: float, **more: Any) -> ParagraphStyle:
    """Return the style of a font at a size, Chinese lines broken between any two characters."""
    told = {"fontName": name, "fontSize": size, "leading": size * 1.4, "wordWrap": "CJK", **more}
    return ParagraphStyle(f"{name}-{size}-{len(more)}", **told)


def title_style(name: str, title: str) -> ParagraphStyle:
    """Return the style of a title: 二号, one that would leave a character on a second line 小二号."""
    width = pdfmetrics.stringWidth(title, name, 22)
    return style(name, 22 if width <= WIDTH or width > 1.3 * WIDTH else 17, alignment=TA_CENTER)


def said(text: str, style: ParagraphStyle) -> Paragraph:
    """Write words as words: nothing in them is markup. What the font lacks (an emoji) reads 〓."""
    text = personal.shown(text)
    have = pdfmetrics.getFont(style.fontName).face.charToGlyph
    told = "".join(char if char == "\n" or ord(char) in have else GETA for char in text.replace("\t", " "))
    return Paragraph(escape(told).replace("\n", "<br/>"), style)


def _story(pages: Sequence[Page]) -> list[Any]:
    story: list[Any] = []
    for page in pages:
        if story:
            story.append(PageBreak())
        story += _day(page)
    return story


def _day(page: Page) -> list[Any]:
    title, number = title_style(_TITLE, page.title), style(_TEXT, 14, alignment=TA_CENTER)
    fact, cell = style(_TEXT, 12), style(_TEXT, page.size)
    table = [[said(head, cell) for head in page.heads]]
    table += [[said(words, cell) for words in row] for row in page.rows]
    rule = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, black),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    signs = [[said(sign, fact) for sign in page.signs]]
    widths = [width * mm for width in page.widths]
    return [
        said(page.title, title),
        Spacer(1, 3 * mm),
        said(page.number, number),
        Spacer(1, 4 * mm),
        *(said(f"{label}\uff1a{text}" if label else text, fact) for label, text in page.facts),
        Spacer(1, 3 * mm),
        _grid(table, widths, rule) if page.rows else said(page.empty, fact),
        Spacer(1, 12 * mm),
        Table(signs, colWidths=[sum(widths) / len(page.signs)] * len(page.signs)),
    ]


def _grid(table: list[list[Any]], widths: list[float], rule: TableStyle) -> Table:
    """Return a table whose heads stand on every page; a row longer than a page goes on on the next."""
    return Table(table, colWidths=widths, repeatRows=1, style=rule, splitInRow=1)


def _foot(font: str, canvas: Any, document: Any) -> None:
    """Write the page number as GB/T 9704 places it: below the type area."""
    canvas.saveState()
    canvas.setFont(font, 12)
    canvas.drawCentredString(A4[0] / 2, 20 * mm, f"第 {document.page} 页")
    canvas.restoreState()
