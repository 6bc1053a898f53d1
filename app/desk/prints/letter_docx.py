"""A letter with a red head as DOCX, with the fonts of GB/T 9704 by name and those that stand in inside."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from app import personal
from app.desk.prints.docx import TEXT_FONT, TITLE_FONT, carried_by, font_of, new_document
from app.desk.prints.embed import embed
from app.desk.prints.letter import Letter

RED = RGBColor(0xCC, 0x0D, 0x0D)
_WIDTH = Mm(156)


def letter_docx(letter: Letter, folder: str = "") -> bytes:
    """Return a letter as DOCX; words stand in it as words. Takes a second: call it beside the loop."""
    document: Any = new_document(Document())
    _pair(document, *letter.marks)
    _line(document, letter.head, 34, TITLE_FONT, centred=True, red=True)
    _line(document, letter.number, 14, centred=True)
    _ruled(_pair(document, letter.author, letter.date), "CC0D0D", 16)
    _line(document, letter.title, 22, TITLE_FONT, centred=True).paragraph_format.space_before = Pt(18)
    for text in letter.paragraphs:
        told = _line(document, text, 15.75)  # 28 characters a line, 22 lines a page (GB/T 9704-2012, 5.2.2)
        told.paragraph_format.space_after = Pt(0)
        told.paragraph_format.first_line_indent = Pt(31.5)
        told.paragraph_format.line_spacing = Pt(28.95)
    if letter.foot:
        _ruled(_line(document, "", 10), "000000", 6)
    for label, text in letter.foot:
        _line(document, f"{label}\uff1a{text}", 14)
    _ruled(_line(document, "", 4), "000000", 6)
    signs = [f"{label}\uff1a{text}" for label, text in letter.signs]
    for at in range(0, len(signs), 2):
        _pair(document, signs[at], signs[at + 1] if at + 1 < len(signs) else "", middle=True)
    embed(document, carried_by(letter.characters(), folder))
    document.core_properties.title = letter.title
    whole = BytesIO()
    document.save(whole)
    return whole.getvalue()


def _line(
    document: Any, text: str, size: float, name: str = TEXT_FONT, *, centred: bool = False, red: bool = False
) -> Any:
    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(personal.shown(text))
    run.font.size = Pt(size)
    if red:
        run.font.color.rgb = RED
    font_of(run._element.get_or_add_rPr(), name)  # noqa: SLF001  the library names no other way to the font
    return paragraph


def _pair(document: Any, left: str, right: str, *, middle: bool = False) -> Any:
    """Write two words into one line, the second at the right margin or from the middle on."""
    paragraph = _line(document, f"{left}\t{right}", 14)
    stops = paragraph.paragraph_format.tab_stops
    if middle:
        stops.add_tab_stop(_WIDTH // 2, WD_TAB_ALIGNMENT.LEFT)
    else:
        stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    return paragraph


def _ruled(paragraph: Any, colour: str, eighths: int) -> None:
    """Draw a line below a paragraph."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  the library names no other way to a border
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
