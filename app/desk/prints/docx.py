"""Documents as DOCX, with the fonts of GB/T 9704 by name: an office has them, and a free one stands in.

The document carries the font that stands in, where the machine has one that may be carried.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from app import personal
from app.desk.prints import fonts
from app.desk.prints.embed import embed
from app.desk.prints.page import NoPrintFont, Page

TITLE_FONT, TEXT_FONT, _FREE = "方正小标宋简体", "仿宋_GB2312", "Noto Serif CJK SC"


def docx_of(pages: Sequence[Page], folder: str = "") -> bytes:
    """Return the documents as one DOCX with its fonts inside. Takes a second: call it beside the loop.

    Words stand in it as words: no field, no markup comes out of them. `folder`: of fonts, instead of the
    machine's. Without a font that may be carried the document names its fonts only.
    """
    document: Any = new_document(Document())
    for number, page in enumerate(pages):
        if number:
            document.add_page_break()
        _day(document, page)
    characters = set().union(*(page.characters() for page in pages))
    embed(document, carried_by(characters, folder))
    document.core_properties.title = pages[0].title if pages else ""
    whole = BytesIO()
    document.save(whole)
    return whole.getvalue()


def new_document(document: Any) -> Any:
    """Give an empty document the page, the margins and the page number of GB/T 9704."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    font_of(document.styles["Normal"].element.get_or_add_rPr(), TEXT_FONT)
    _page_number(section.footer.paragraphs[0])
    return document


def carried_by(characters: set[str], folder: str) -> dict[str, fonts.Carried]:
    """Return what a document with these characters carries, by the name that its text uses."""
    found: dict[str, fonts.Carried] = {}
    for names, files in (((TITLE_FONT,), fonts.TITLE), ((TEXT_FONT, _FREE), fonts.TEXT)):
        try:
            font = fonts.carried(fonts.find(files, folder), characters)
        except NoPrintFont:
            font = None
        if font is not None:
            found |= dict.fromkeys(names, font)
    return found


def _day(document: Any, page: Page) -> None:
    for text, size, name in ((page.title, 22, TITLE_FONT), (page.number, 14, TEXT_FONT)):
        head = document.add_paragraph()
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(head, text, size, name)
    for label, text in page.facts:
        _write(document.add_paragraph(), f"{label}\uff1a{text}" if label else text, 12)
    if page.rows:
        _table(document, page)
    else:
        _write(document.add_paragraph(), page.empty, 12)
    _write(document.add_paragraph(), "          ".join(page.signs), 12)


def _table(document: Any, page: Page) -> None:
    table = document.add_table(rows=1 + len(page.rows), cols=len(page.heads))
    table.style = "Table Grid"
    table.autofit = False
    # By row, not by cell: the library looks every cell up anew, which is slow for a month.
    for row, words in zip(table.rows, (page.heads, *page.rows), strict=True):
        for cell, text, width in zip(row.cells, words, page.widths, strict=True):
            cell.width = Mm(width)
            _write(cell.paragraphs[0], text, page.size)


def _write(paragraph: Any, text: str, size: float, name: str = TEXT_FONT) -> None:
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(personal.shown(text))
    run.font.size = Pt(size)
    font_of(run._element.get_or_add_rPr(), name)  # noqa: SLF001  the library names no other way to the font


def font_of(properties: Any, name: str) -> None:
    """Name the font for Chinese text, and a free one for the rest."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for script in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{script}"), _FREE)
    fonts.set(qn("w:eastAsia"), name)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001  fields have no other way in
