"""R2: a report of two pages on paper, PDF and DOCX with their embedded fonts, as a sign-off makes it.

The limit in the same run: the bytes of the font file read and hashed, which no embedding can do without.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator

from app.config import Settings
from app.desk.prints.fonts import TEXT, TITLE, find
from app.desk.prints.letter import Letter
from app.desk.prints.letter_docx import letter_docx
from app.desk.prints.letter_pdf import letter_pdf
from benchmarks.result import Result, middle

TIMES = 9
LIMIT_MS = 2_000.0
_LINE = "02时13分接报,东岸村洪水围困屋顶3人,水深1.6米并持续上涨,通村道路中断,正在核实受影响户数。"


def measure() -> Iterator[Result]:
    """Return the median in milliseconds of both forms together, the first one apart: it loads the fonts."""
    folder = Settings().print_fonts
    letter = _letter()

    def ours() -> None:
        letter_docx(letter, folder)
        letter_pdf(letter, folder)

    def bare() -> None:
        for names in (TITLE, TEXT):
            hashlib.sha256(find(names, folder).read_bytes()).digest()

    first = _ms(ours)
    mine, limit = [], []
    for _ in range(TIMES):
        mine.append(_ms(ours))
        limit.append(_ms(bare))
    note = f"first {first:.0f} ms, worst {max(mine):.0f} ms of {TIMES}; at most {LIMIT_MS:.0f} ms"
    others = {"limit": LIMIT_MS, "reading the fonts": middle(limit)}
    yield Result("R2", "a report as PDF and DOCX", "ms", middle(mine), others, note)


def _letter() -> Letter:
    return Letter(
        marks=("内部", "特急"),
        head="樟川市应急指挥中心",
        number="樟应信初〔2025〕3号",
        author="陈洁",
        date="2025年6月18日",
        title="樟川市临溪镇东岸村洪水被困事件初报",
        paragraphs=tuple(_LINE * 5 for _ in range(6)),
        foot=(("主送", "市应急管理局"), ("抄送", "县委县政府总值班室")),
        signs=(("报告人", "陈洁"), ("审核", "刘海"), ("签发", "周敏")),
    )


def _ms(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3
