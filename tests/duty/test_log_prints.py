"""The duty log on paper: what it says, fonts embedded, words that stay words, a machine without a font."""

from __future__ import annotations

import re
import zlib
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from app.desk.log.facts import BookLine, DayBook, ShiftScore, SilenceFact, StaffFact
from app.desk.log.paper import page_of
from app.desk.prints.docx import docx_of
from app.desk.prints.fonts import TEXT, TITLE, cut, find
from app.desk.prints.page import NoPrintFont, Page, clean
from app.desk.prints.pdf import pdf_of
from tests.api.desk import desk, problem
from tests.duty.county import moment
from tests.duty.test_duty_log import LOG, entered
from tests.duty.test_handover import opened
from tests.duty.test_s07_handover import Morning, morning
from tests.world import ZONE

__all__ = ["desk", "morning"]

NASTY = '转移 27 人 <b>&"</b> ]]> =HYPERLINK("x") {PAGE} 䶮㛃𠅤'
START, END = moment("07-01 08:00"), moment("07-02 08:00")


def line(seq: int, **more: Any) -> BookLine:
    at = START + timedelta(hours=seq)
    told: dict[str, Any] = {
        "seq": seq,
        "by_hand": True,
        "type": "duty_log.entered",
        "happened_at": at,
        "told_at": at,
        "entered_at": at,
        "source": "telephone",
        "source_name": "村主任",
        "zh": NASTY,
        "en": NASTY,
        "action": "",
        "lines": ["disaster"],
        "entered_by": "陈洁",
        "incident_id": None,
        "corrects_seq": None,
        "corrected_by": [],
    }
    return BookLine(**{**told, **more})


def book(*entries: BookLine, **more: Any) -> DayBook:
    told: dict[str, Any] = {
        "post_id": 1,
        "post_name": "樟川市应急指挥中心",
        "day": date(2025, 7, 1),
        "number": "樟应值〔2025〕第 182 号",
        "starts_at": START,
        "ends_at": END,
        "weather": [],
        "staff": [],
        "entries": list(entries),
        "scores": [],
    }
    return DayBook(**{**told, **more})


def test_a_days_page_names_number_weather_people_and_how_complete_it_is() -> None:
    seats = [
        StaffFact(role="clerk", name="王军", starts_at=START, ends_at=END),
        StaffFact(role="leader_in_charge", name="周敏", starts_at=START, ends_at=END),
    ]
    score = ShiftScore(
        starts_at=START,
        ends_at=END,
        lead_name="刘海",
        percent=80,
        entries=3,
        gaps=[SilenceFact(start=START, end=START + timedelta(hours=5))],
        at_handover=False,
    )
    page = page_of(book(line(1), weather=["多云"], staff=seats, scores=[score]), ZONE)
    assert (page.title, page.number) == ("樟川市应急指挥中心值班日志", "樟应值〔2025〕第 182 号")
    assert page.facts == (
        ("日期", "2025年7月1日 星期二 (07-01 08:00 至 07-02 08:00)"),
        ("天气", "多云"),
        ("带班领导", "周敏"),
        ("文电", "王军"),
        ("完整度", "刘海 80%;08:00–13:00 无记录;缺交班记录"),
        ("小结", "共 1 条,人工 1 条,系统 0 条"),
    )


def test_rows_name_three_times_where_they_differ_and_what_corrects_what() -> None:
    first = line(1, corrected_by=[2])
    second = line(2, happened_at=START, corrects_seq=1)
    other_day = line(3, by_hand=False, source="老周北斗", source_name="", entered_by="", corrects_seq=99)
    rows = page_of(book(first, second, other_day), ZONE).rows
    assert rows[0][:2] == ("09:00", "电话 村主任")
    assert rows[0][2].endswith("(已由第2条更正)")
    assert rows[1][0] == "08:00 发生\n10:00 获知\n10:00 录入"
    assert rows[1][2].endswith("(更正第1条)")
    assert (rows[2][1], rows[2][4]) == ("老周北斗", "系统")
    assert rows[2][2].endswith("(更正#99)")


def test_what_cannot_be_printed_is_left_out() -> None:
    assert clean("桥\x00断\x1b了\u202e\ufffe") == "桥断了"


def streams(pdf: bytes) -> bytes:
    """Everything that is compressed in a PDF, unpacked."""
    found = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    unpacked = []
    for part in found:
        try:
            unpacked.append(zlib.decompress(part.strip()))
        except zlib.error:
            continue
    return b"".join(unpacked)


def test_both_fonts_are_embedded_and_cut_down_to_what_is_printed() -> None:
    pdf = pdf_of([page_of(book(line(1)), ZONE), page_of(book(), ZONE)])
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/FontFile2") == 2
    assert len(pdf) < 200_000
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 2


def test_a_font_of_postscript_curves_becomes_one_of_truetype() -> None:
    for files in (TITLE, TEXT):
        font = cut(find(files), set("值班日志"))
        assert font[:4] == b"\x00\x01\x00\x00"
        assert len(font) < 50_000


def test_words_in_a_docx_stay_words() -> None:
    document = Document(BytesIO(docx_of([page_of(book(line(1)), ZONE), page_of(book(), ZONE)])))
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["时间", "来源", "内容", "处置", "记录人"]
    assert table.rows[1].cells[2].text == NASTY
    assert "本日无记录" in [paragraph.text for paragraph in document.paragraphs]
    assert "fldSimple" not in document.element.xml  # only the page number in the foot is a field


def test_a_machine_without_a_chinese_font_says_what_to_install(tmp_path: Path) -> None:
    page = Page("题", "号", (), ("一",), (156,), (), ("签字:",), "空")
    with pytest.raises(NoPrintFont, match="fonts-noto-cjk"):
        pdf_of([page], str(tmp_path))
    assert docx_of([page])


@pytest.mark.database
async def test_a_day_and_a_month_are_printed_by_those_who_may_read_them(morning: Morning) -> None:
    await entered(morning, NASTY)
    for path in ("days/2025-07-01", "days/today", "months/2025-07"):
        pdf = await morning.desk.get("officer", f"{LOG}/{path}.pdf")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
        assert pdf.headers["content-type"] == "application/pdf"
        docx = await morning.desk.get("officer", f"{LOG}/{path}.docx")
        assert NASTY in [c.text for r in Document(BytesIO(docx.content)).tables[0].rows for c in r.cells]
    assert "filename*=UTF-8''%E5%80%BC" in pdf.headers["content-disposition"]
    problem(await morning.desk.get("east", f"{LOG}/days/today.pdf"), 404, "not_found")
    problem(await morning.desk.get("crew", f"{LOG}/days/today.docx"), 403, "not_permitted")
    problem(await morning.desk.get("officer", f"{LOG}/days/nonsense.pdf"), 422, "invalid_input")
    problem(await morning.desk.get("officer", f"{LOG}/days/today.exe"), 422, "invalid_input")


@pytest.mark.database
async def test_a_signed_sheet_is_printed_with_teams_items_and_signatures(morning: Morning) -> None:
    await morning.world.run("UPDATE account SET person_id = NULL WHERE username = 'lead'")
    path = await opened(morning)
    await morning.take_over("second", int(path.rsplit("/", 1)[1]))
    await morning.post("officer", f"{path}/signatures", part="outgoing", person_id=101, reason="无账号")
    await morning.post("second", f"{path}/signatures", part="incoming")
    await morning.post("leader", f"{path}/signatures", part="leader")
    morning.at("08:22")
    await morning.post("second", f"{path}/arrivals", person_id=113)
    await morning.post("second", f"{path}/departures", person_id=106)
    answer = await morning.desk.get("officer", f"{path}.docx")
    document = Document(BytesIO(answer.content))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[0] == "樟川市应急指挥中心交接班记录"
    assert any("值班113(08:22到岗,迟到22分钟)" in line for line in words)
    assert any("值班106(08:22离岗,延时22分钟)" in line for line in words)
    assert "代录签字\uff1a值班101,值班员甲代录:无账号" in words
    assert "带班领导:值班107 07:50" in words[-1]
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[1][3:] == ["值班108 07:50", "属实"]
    assert (await morning.desk.get("officer", f"{path}.pdf")).content.startswith(b"%PDF-")
    problem(await morning.desk.get("east", f"{path}.pdf"), 404, "not_found")
