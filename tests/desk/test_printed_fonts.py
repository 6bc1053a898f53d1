"""A PDF is written in fonts with its own characters, whatever was printed before it by the same process."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reportlab.pdfbase import pdfmetrics

from app.desk.prints.letter import Letter
from app.desk.prints.letter_pdf import letter_pdf
from app.desk.prints.page import Page
from app.desk.prints.pdf import pdf_of


def page(text: str) -> bytes:
    return pdf_of([Page(text, "", (), ("一",), (156,), ((text,),), ("签",), "空")])


def letter(text: str) -> bytes:
    return letter_pdf(Letter(("密", "急"), "快报", "1号", "樟", "今", text, (text,), (), ()))


@pytest.mark.parametrize(("write", "name"), [(page, "zhishou-text"), (letter, "zhishou-letter-text")])
def test_the_second_pdf_of_a_process_lacks_no_character(write: Callable[[str], bytes], name: str) -> None:
    write("桥断了")
    write("很长的镇名续六")
    have = pdfmetrics.getFont(name).face.charToGlyph
    assert [char for char in "很长的镇名续六" if ord(char) not in have] == []
    assert ord("桥") not in have
