"""Whatever stands in a document is printed, in fonts of its own, on 22 lines of 28 characters."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from app.desk.documents.library import shipped
from app.desk.documents.rules.kinds import KINDS
from app.desk.documents.rules.layout import WIDTH, laid_page
from app.desk.prints.docx import docx_of
from app.desk.prints.letter import Letter
from app.desk.prints.letter_docx import letter_docx
from app.desk.prints.letter_pdf import letter_pdf
from app.desk.prints.page import Page, clean
from app.desk.prints.pdf import pdf_of
from app.sheets import write_book

CONTROL = "".join(map(chr, (*range(32), *range(127, 160))))
HOSTILE = {
    "control characters": f"甲{CONTROL.replace(chr(10), '')}乙",
    "bidi": "甲\u202e乙\u2066丙\u2069\u200f丁\u061c",
    "markup": "<b>甲</b> &amp; <!-- --> ]]> <para>乙</para>",
    "a formula": "=cmd|' /C calc'!A0",
    "an emoji": "火\U0001f525\ufe0f灾",
    "rare hanzi": "龘靐齉𠮷",
    "surrogates": "甲\ud83d乙\ufffe",
    "5,000 characters": "水" * 5000,
    "one long word": "x" * 3000,
    "many lines": "行\n" * 400,
}


def page_with(text: str) -> Page:
    told = clean(text)
    row = (told, "乙", told)
    return Page(
        "标题", "1号", (("事由", told),), ("甲", "乙", "丙"), (52, 52, 52), (row, row), ("签:",), "空"
    )


def letter_with(*paragraphs: str) -> Letter:
    told = tuple(clean(one) for one in paragraphs)
    marks, signs = ("密级：内部", "紧急程度：加急"), (("签发", "周敏"),)
    return Letter(marks, "信息专报", "1号", "中心", "今日", "标题", told, (("主送", "市局"),), signs)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def lines_of(pdf: bytes, page: int = 0) -> list[str]:
    found = pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_bounded()
    return [line for line in found.splitlines() if line.strip()]


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_is_printed_as_words(what: str) -> None:
    page, letter = page_with(HOSTILE[what]), letter_with(HOSTILE[what])
    for pdf in (pdf_of([page]), letter_pdf(letter)):
        assert pdf.startswith(b"%PDF") and b"/FontFile2" in pdf
        assert not {"\u202e", "\u2066", "\x07"} & set(text_of(pdf))
    for docx in (docx_of([page]), letter_docx(letter)):
        assert "w:instr" in zipfile.ZipFile(io.BytesIO(docx)).read("word/footer1.xml").decode()
        body = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
        assert "w:fldSimple" not in body and "\u202e" not in body


def test_markup_and_formulas_stay_words_and_an_emoji_without_glyph_reads_geta() -> None:
    pdf = text_of(letter_pdf(letter_with(HOSTILE["markup"], HOSTILE["a formula"], HOSTILE["an emoji"])))
    assert "<b>甲</b> &amp;" in pdf and "=cmd|" in pdf and "火〓灾" in pdf
    assert "〓" not in text_of(letter_pdf(letter_with("𠮷野家"))), "a rare hanzi is drawn"


def test_a_cell_longer_than_a_page_goes_on_over_the_page_and_loses_nothing() -> None:
    found = text_of(pdf_of([page_with("水" * 5000)]))
    assert found.count("水") >= 15_000, "twice in the table's two cells, and in the facts"


def test_a_formula_in_a_sheet_is_a_word() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(write_book("甲", ["内容"], [20], [[HOSTILE["a formula"]]])))
    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", HOSTILE["a formula"])


def test_a_page_of_body_text_has_22_lines_of_28_characters() -> None:
    pdf = letter_pdf(letter_with("应" * 28 * 60))
    full = [line for line in lines_of(pdf, page=1) if "应" in line]
    assert len(full) == 22
    assert {line.count("应") for line in full} == {28}


def test_no_line_begins_with_a_mark_that_closes() -> None:
    marks = "，；：！？、。）》”"
    told = [f"{'应' * many}{mark}{'急' * 9}" for mark in marks for many in (25, 26, 27)]
    pages = range(len(pypdfium2.PdfDocument(pdf := letter_pdf(letter_with(*told)))))
    lines = [line for page in pages for line in lines_of(pdf, page)]
    assert len(lines) > len(told)
    assert not [line for line in lines if line[0] in marks]


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    for many in range(1, 23):
        pages = pypdfium2.PdfDocument(
            letter_pdf(letter_with("应" * 28 * many, "二、存在问题", "急" * 28 * 6))
        )
        found = [page.get_textpage().get_text_bounded() for page in pages]
        assert all("急" in words for words in found if "存在问题" in words), many


@pytest.mark.parametrize("write", [lambda p: pdf_of([p]), lambda p: docx_of([p])], ids=["pdf", "docx"])
def test_a_template_changes_title_heads_signatures_and_order_of_facts(write: Callable[[Page], bytes]) -> None:
    template = shipped().shelves["order"].template
    own = replace(
        template,
        lines=("发往:{主送}", "事由:{事由}", "{其他}"),
        marks={
            **template.marks,
            "标题": "{单位}调度令",
            "表头": "甲|乙|丙|丁|戊|己",
            "签字": "指挥长:",
            "字号": "12",
        },
    )
    row = tuple("一二三四五六")
    page = Page("指令单", "1号", (("事由", "巡堤"), ("第2版", "改")), row, (26,) * 6, (row,), ("签:",), "空")
    laid = laid_page(page, own, "应急指挥中心", drill=True)
    assert laid.title == "【演练】应急指挥中心调度令"
    assert laid.facts == (("事由", "巡堤"), ("第2版", "改")), "a line whose field is empty is left out"
    assert (laid.heads, laid.signs, laid.size) == (("甲", "乙", "丙", "丁", "戊", "己"), ("指挥长:",), 12)
    assert len(write(laid)) > 1000


@pytest.mark.parametrize("kind", [k for k, v in KINDS.items() if v.columns])
def test_the_shipped_widths_fill_the_type_area(kind: Any) -> None:
    marks = shipped().shelves[kind].template.marks
    widths = [int(one) for one in marks["栏宽"].split("|")]
    assert sum(widths) == WIDTH and len(widths) == KINDS[kind].columns == len(marks["表头"].split("|"))


def test_a_report_is_printed_within_two_seconds() -> None:
    letter = letter_with(*["堤防渗漏点已用反滤料处置，巡堤查险每小时一次。" * 12] * 10)
    letter_pdf(letter)
    begun = time.process_time()
    letter_pdf(letter)
    assert time.process_time() - begun < 2
