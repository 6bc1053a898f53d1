"""The hourly sheet as PDF: A4, small and dense, to be read under a torch."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, SimpleDocTemplate, Spacer, Table, TableStyle

from app.desk.papersheet.paper import Section, Sheet
from app.desk.prints.fonts import TEXT, TITLE
from app.desk.prints.pdf import ONE_AT_A_TIME, said, style, use_fonts

_TITLE, _TEXT = "zhishou-sheet-title", "zhishou-sheet-text"
_GREY = Color(0.9, 0.9, 0.9)
_COLUMNS = 4
_MARGIN = 12


def sheet_pdf(sheet: Sheet, folder: str = "") -> bytes:
    """Return the sheet as a PDF. Raises NoPrintFont. Takes a second: call it beside the loop."""
    with ONE_AT_A_TIME:
        use_fonts({_TITLE: TITLE, _TEXT: TEXT}, sheet.characters(), folder)
        whole = BytesIO()
        document = SimpleDocTemplate(
            whole,
            pagesize=A4,
            topMargin=10 * mm,
            bottomMargin=12 * mm,
            leftMargin=_MARGIN * mm,
            rightMargin=_MARGIN * mm,
            title=f"{sheet.title} {sheet.facts[0]}",
            invariant=1,
        )
        document.build(_story(sheet), canvasmaker=_numbered(sheet.facts[0]))
        return whole.getvalue()


def _story(sheet: Sheet) -> list[Any]:
    title, fact = style(_TITLE, 16), style(_TEXT, 10)
    head = Table(
        [[said(sheet.title, title), *(said(one, fact) for one in sheet.facts)]],
        colWidths=[50 * mm, 48 * mm, 48 * mm, 40 * mm],
        style=TableStyle([("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]),
    )
    story: list[Any] = [head, Spacer(1, 1 * mm)]
    for section in sheet.sections:
        story += _section(section)
    return [*story, *_numbers(sheet.numbers), Spacer(1, 2 * mm), said(sheet.proof, style(_TEXT, 8))]


def _section(section: Section) -> list[Any]:
    title = said(f"{section.title}({len(section.rows)})", style(_TITLE, 10.5))
    if not section.rows:
        line = Table(
            [[title, said(section.empty, style(_TEXT, 8.5))]],
            colWidths=[40 * mm, 146 * mm],
            style=TableStyle(_TIGHT),
        )
        return [line]
    cell = style(_TEXT, 8.5)
    table = [[said(one, cell) for one in section.heads]]
    table += [[said(one, cell) for one in row] for row in section.rows]
    made = Table(
        table,
        colWidths=[width * mm for width in section.widths],
        repeatRows=1,
        style=TableStyle(
            [*_TIGHT, ("GRID", (0, 0), (-1, -1), 0.4, black), ("BACKGROUND", (0, 0), (-1, 0), _GREY)]
        ),
    )
    few = len(section.rows) <= 6
    return [KeepTogether([title, made]) if few else title, *([] if few else [made]), Spacer(1, 1.5 * mm)]


_TIGHT: list[Any] = [
    ("TOPPADDING", (0, 0), (-1, -1), 0.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def _numbers(numbers: tuple[str, ...]) -> list[Any]:
    if not numbers:
        return []
    cell = style(_TEXT, 8)
    rows = [
        [said(one, cell) for one in (*numbers[at : at + _COLUMNS], *[""] * _COLUMNS)[:_COLUMNS]]
        for at in range(0, len(numbers), _COLUMNS)
    ]
    width = (210 - 2 * _MARGIN) / _COLUMNS * mm
    return [
        said("电话号码", style(_TITLE, 10.5)),
        Table(rows, colWidths=[width] * _COLUMNS, style=TableStyle(_TIGHT)),
    ]


def _numbered(stand: str) -> type[Canvas]:
    """Return a canvas that writes “page 1 of 2” under each page, once it is known how many there are."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                self.setFont(_TEXT, 9)
                self.drawString(_MARGIN * mm, 6 * mm, stand)
                self.drawRightString(
                    A4[0] - _MARGIN * mm, 6 * mm, f"第 {number} 页 / 共 {len(self._pages)} 页"
                )
                super().showPage()
            super().save()

    return Numbered
