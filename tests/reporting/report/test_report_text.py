"""What a written report says: the exact words of the scenarios, and that a follow-up repeats nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting.report.rules.compose import changes, followup_text, told_after
from app.reporting.report.rules.points import Point, points_of, unknown
from app.reporting.report.rules.record import Narrative
from app.reporting.report.rules.template import read_template
from app.reporting.report.rules.words import kind_words, number_of, numeral, title_of
from app.reporting.report.templates import shipped
from tests.reporting.report.records import S01, S01_LATER, S02, S03, after, whole
from tests.reporting.telling import clock
from tests.world import ZONE


def test_s01_the_first_report_tells_what_is_known_and_names_what_is_being_verified() -> None:
    assert whole(S01) == (
        "接报时间：2025年6月18日02时13分。\n"
        "信息来源：电话报告（李桂花 13900001111）。\n"
        "事发时间：正在核实。\n"
        "事发地点：樟川市临溪镇东岸村（东经118.21000°，北纬28.51000°）。\n"
        "事件性质：洪水，初判等级一般。\n"
        "起因：正在核实。\n"
        "经过：3人被困屋顶，水深约1.2米，水位仍在上涨。\n"
        "影响范围：正在核实。\n"
        "伤亡情况：截至02:14，被困3人，死亡、失踪、重伤、轻伤人数正在核实。\n"
        "财产损失：正在核实。\n"
        "发展趋势：正在核实。\n"
        "领导到位：正在核实。\n"
        "已采取措施：正在核实。\n"
        "现场负责人：正在核实。"
    )
    assert unknown(points_of(S01, ZONE)) == (
        *("事发时间", "起因", "影响范围", "损失", "趋势", "领导到位", "措施", "现场负责人"),
        *("死亡", "失踪", "重伤", "轻伤"),
    )


def test_s01_8_the_first_follow_up_holds_only_new_facts() -> None:
    assert after(S01_LATER, S01) == (
        "进展：03:20被困5人全部救出，无人受伤。\n"
        "影响范围：转移疏散23人。\n"
        "伤亡情况：截至03:41，死亡0人，失踪0人，被困由3人变为0人。\n"
        "领导到位：带班领导周敏在指挥中心调度。\n"
        "新采取措施：临溪镇综合队12人已到场处置；消防救援大队20人已到场处置。"
    )
    assert (
        after(replace(S01_LATER, as_of=clock("04:00:00")), S01, S01_LATER) == "截至04:00，较上一报无新变化。"
    )


def test_s01_9_the_final_report_sums_up() -> None:
    ended = replace(
        S01_LATER,
        as_of=clock("04:05:00"),
        ended="被困人员全部获救",
        told=replace(S01_LATER.told, next_work="安置23人，核查房屋受损", cause="上游强降雨"),
    )
    assert whole(ended, "final") == (
        "一、基本情况：2025年6月18日02时13分接报，事发时间正在核实，地点樟川市临溪镇东岸村"
        "（东经118.21000°，北纬28.51000°），洪水，初判等级一般；起因：上游强降雨。\n"
        "二、处置经过：3人被困屋顶，水深约1.2米，水位仍在上涨；03:20被困5人全部救出，无人受伤。\n"
        "领导到位：带班领导周敏在指挥中心调度。\n"
        "采取措施：临溪镇综合队12人已到场处置；消防救援大队20人已到场处置。\n"
        "三、结果：截至04:05，死亡0人，失踪0人，被困0人，重伤、轻伤人数正在核实。\n"
        "影响范围：转移疏散23人。\n"
        "财产损失：正在核实。\n"
        "处置结果：被困人员全部获救。\n"
        "四、下一步工作：安置23人，核查房屋受损。"
    )


def test_s02_6_a_larger_forest_fire_in_the_first_report() -> None:
    assert whole(S02) == (
        "接报时间：2025年11月5日13时40分。\n"
        "信息来源：电台报告（林12）。\n"
        "事发时间：2025年11月5日13时40分。\n"
        "事发地点：樟川市观山镇观山村。\n"
        "事件性质：森林火灾，初判等级较大。\n"
        "起因：正在核实。\n"
        "经过：正在核实。\n"
        "影响范围：受害面积1.6公顷；火线距观山村1.2公里，威胁86人。\n"
        "伤亡情况：截至14:45，死亡0人，失踪0人，被困0人，重伤0人，轻伤0人。\n"
        "财产损失：正在核实。\n"
        "发展趋势：西北风6级，火势向观山村方向蔓延。\n"
        "领导到位：正在核实。\n"
        "已采取措施：阁峰中队15人已到场处置；转移观山村86人。\n"
        "现场负责人：观山镇镇长 郑启明 13900002222。"
    )


def test_s03_5_persons_at_risk_and_what_is_asked_for() -> None:
    assert whole(S03) == (
        "接报时间：2025年6月18日07时53分。\n"
        "信息来源：设备报警（G-04）。\n"
        "事发时间：2025年6月18日07时52分。\n"
        "事发地点：樟川市工业园区。\n"
        "事件性质：危险化学品泄漏事故，初判等级一般。\n"
        "起因：阀门密封失效（初判）。\n"
        "经过：液氨（UN1005）泄漏，东南风3米/秒。\n"
        "影响范围：涉险14人；转移疏散640人。\n"
        "伤亡情况：截至08:10，死亡0人，失踪、被困、重伤、轻伤人数正在核实。\n"
        "财产损失：正在核实。\n"
        "发展趋势：正在核实。\n"
        "领导到位：危化品事故现场指挥部已启动，指挥长沈立。\n"
        "已采取措施：正在核实。\n"
        "请求事项：请求市级环境监测支援。\n"
        "现场负责人：正在核实。"
    )


def test_a_figure_that_is_verified_again_is_said_once_and_told_anew_when_it_is_known() -> None:
    doubt = replace(S01, figures={})
    assert after(doubt, S01) == "伤亡情况：截至02:14，被困数正在核实。"
    assert after(doubt, S01, doubt) == "截至02:14，较上一报无新变化。"
    assert after(S01, S01, doubt) == "伤亡情况：截至02:14，被困3人。"


def test_what_people_wrote_is_no_field_and_fields_of_a_hostile_text_stay_words() -> None:
    hostile = replace(S01, told=Narrative(cause="{伤亡}%s{{x}}\n第二行"))
    assert "起因：{伤亡}%s{{x}} 第二行。" in whole(hostile)


_KEYS = ("cause", "scope", "trend", "leaders", "measures", "requests", "losses", "course", "commander")
_FACTS = st.dictionaries(st.sampled_from(_KEYS), st.integers(0, 3), min_size=1)
_FIELD = {point.key: point.field for point in points_of(replace(S01, told=Narrative(*"abcdefghij")), ZONE)}


@given(st.lists(_FACTS, min_size=2, max_size=5))
def test_a_follow_up_never_repeats_an_unchanged_fact_and_never_leaves_out_a_new_one(
    versions: list[dict[str, int]],
) -> None:
    told: dict[str, str] = {}
    for facts in versions:
        points = [Point(key, _FIELD[key], f"<{key}-{value}>") for key, value in facts.items()]
        text = followup_text(shipped().by_kind["followup"], points, told, "标题", clock("03:00:00"), ZONE)
        for point in points:
            assert (point.text in text) == (told.get(point.key) != point.text)
        assert ("无新变化" in text) == (not changes(points, told))
        told = told_after(told, points)


@pytest.mark.parametrize(
    ("n", "words"),
    [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (21, "二十一"), (100, "100")],
)
def test_follow_ups_are_counted_in_chinese(n: int, words: str) -> None:
    assert numeral(n) == words


def test_titles_and_numbers() -> None:
    assert title_of("樟川市临溪镇东岸村", "洪水", "initial", 0) == "樟川市临溪镇东岸村洪水事件初报"
    assert title_of("樟川市观山镇", "森林火灾", "followup", 2) == "樟川市观山镇森林火灾续报二"
    assert kind_words("final", 0) == "终报"
    assert number_of("樟应信", "followup", 2025, 3) == "樟应信续〔2025〕3号"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("进展：{经过}。\n{伤亡}{措施}\n{天气}", 3, "没有“天气”这个字段"),
        ("{经过}\n{伤亡}{措施", 2, "花括号不成对"),
        ("{经过}{伤亡}", 0, "缺少必填字段“措施”"),
        ("x" * 20_000, 0, "模板不得超过16384字"),
    ],
)
def test_a_template_that_cannot_be_meant_is_told_with_its_line(text: str, line: int, words: str) -> None:
    template, faults = read_template("followup", text)
    assert template is None
    assert [(fault.line, words in fault.zh) for fault in faults] == [(line, True)]
    assert all(fault.en for fault in faults)
