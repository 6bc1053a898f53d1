"""Templates of documents: what a clerk may write, and what is told him, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.desk.documents.library import SHIPPED, load_library, shipped
from app.desk.documents.makers.register import MAKERS
from app.desk.documents.rules.brief import Came, DayRecord, brief_fields
from app.desk.documents.rules.kinds import KINDS, DocumentKind
from app.desk.documents.rules.layout import grammar_of, paragraphs_of
from app.filing.rules.numbers import number_of, series_of
from app.filing.rules.template import Grammar, read_text
from tests.world import ZONE

ORDER = grammar_of(KINDS["order"])
CALL = grammar_of(KINDS["call_record"])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("@标题：{标题\n{其他}", 1, "花括号不成对"),
        ("{其他}\n{无此字段}", 2, "没有“无此字段”这个字段"),
        ("@页眉：甲", 1, "没有“@页眉”这个标记"),
        ("@标题：甲\n@标题：乙", 2, "写了两次"),
        ("@标题：", 1, "1–200字"),
        ("@表头：甲|乙", 1, "应为6栏"),
        ("@栏宽：26|26|26|26|26|27", 1, "合计156"),
        ("@栏宽：26|26|26|26|26|x", 1, "6个整数"),
        ("@栏宽：1|31|31|31|31|31", 1, "至少8"),
        ("@签字：甲|乙|丙|丁|戊", 1, "1–4个签字栏"),
        ("@字号：100", 1, "字号应为"),
        ("x" * 16_385, 0, "不得超过16384字"),
        ("x\n" * 201, 0, "200行"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, words: str) -> None:
    template, faults = read_text(text, ORDER)
    assert template is None
    assert [fault.line for fault in faults if words in fault.zh] == [line]


@pytest.mark.parametrize("number", ["{年}号", "{序号}", "{年}{序号}{序号}", "{年}{标题}{序号}"])
def test_a_number_holds_year_and_running_number_once(number: str) -> None:
    template, faults = read_text(f"@文号：{number}\n{{其他}}", CALL)
    assert template is None and any("各一次" in fault.zh or "没有" in fault.zh for fault in faults)


def test_signatures_that_are_names_are_not_replaced_by_a_template() -> None:
    _, faults = read_text("@签字：甲", grammar_of(KINDS["transfer"]))
    assert "没有“@签字”" in faults[0].zh


def test_a_required_field_must_stand_somewhere() -> None:
    _, faults = read_text("甲", Grammar(frozenset({"甲"}), must=frozenset({"甲"})))
    assert [(fault.line, fault.zh) for fault in faults] == [(0, "缺少必填字段“甲”")]


def test_a_folder_with_nothing_in_it_means_the_shipped_templates_and_tells_so(tmp_path: Path) -> None:
    found = load_library(tmp_path)
    assert {shelf.state for shelf in found.shelves.values()} == {"faulty"}
    assert {key: shelf.template for key, shelf in found.shelves.items()} == {
        key: shelf.template for key, shelf in shipped().shelves.items()
    }


def test_a_file_that_is_no_utf8_or_lacks_its_number_is_told(tmp_path: Path) -> None:
    (tmp_path / "minutes.txt").write_bytes("@题头：会商纪要".encode("gb18030"))
    text = (SHIPPED / "call_record.txt").read_text(encoding="utf-8")
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("@文号"))
    (tmp_path / "call_record.txt").write_text(kept + "\n{年}{序号}", encoding="utf-8")
    shelves = load_library(tmp_path).shelves
    assert "UTF-8" in shelves["minutes"].faults[0].zh
    assert "缺少“@文号”" in shelves["call_record"].faults[0].zh


def test_what_is_filled_in_is_not_looked_at_for_fields_again() -> None:
    template = shipped().shelves["special_report"].template
    assert paragraphs_of(template, {"正文": "甲{标题}\n\n  乙  ", "标题": "x"}) == ("甲{标题}", "乙")


def test_every_kind_that_is_made_has_a_maker_and_every_laid_out_kind_a_template() -> None:
    made = {key for key, kind in KINDS.items() if kind.way == "made"}
    assert set(MAKERS) == made
    laid = {key for key, kind in KINDS.items() if kind.way != "report"}
    assert set(shipped().shelves) == laid == {path.stem for path in SHIPPED.glob("*.txt")}


@pytest.mark.parametrize("key", [key for key, kind in KINDS.items() if kind.numbered])
def test_every_numbered_kind_has_a_number_of_its_own(key: DocumentKind) -> None:
    patterns = [s.template.marks["文号"] for s in shipped().shelves.values() if "文号" in s.template.marks]
    assert patterns.count(shipped().shelves[key].template.marks["文号"]) == 1


def test_the_series_of_a_drill_is_another_and_its_numbers_say_so() -> None:
    assert series_of("minutes", "990181000000", drill=False) != series_of(
        "minutes", "990181000000", drill=True
    )
    pattern = "{简称}应纪〔{年}〕{序号}号"
    assert number_of(pattern, "樟", 2025, 3, drill=False) == "樟应纪〔2025〕3号"
    assert number_of(pattern, "樟", 2025, 3, drill=True) == "演练樟应纪〔2025〕3号"


def test_a_quiet_day_is_told_as_one() -> None:
    from datetime import UTC, date, datetime

    quiet = DayRecord(date(2025, 6, 17), [("带班领导", [])], [], 0, [], 0, 0, 0, 0)
    told = brief_fields(quiet, ZONE)
    assert (told["值班"], told["事件"], told["报送"], told["批示"]) == (
        "未排班",
        "无突发事件",
        "无书面信息报送",
        "",
    )
    came = Came("落水", "其他事故", 3, "open", datetime(2025, 6, 17, 18, 5, tzinfo=UTC))
    busy = DayRecord(date(2025, 6, 17), [("值班长", ["刘海", "周敏"])], ["雨"], 4, [came], 2, 1, 1, 3)
    told = brief_fields(busy, ZONE)
    assert told["值班"] == "值班长刘海、周敏"
    assert told["事件"] == "1.18日2时05分接报落水（其他事故，初判较大，正在处置）"
    assert told["报送"] == "向上级报送书面信息2期"
