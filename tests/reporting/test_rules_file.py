"""The rules file: what is shipped, and how every mistake in a county's own is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config import Settings
from app.main import create_app
from app.nodes import LARGEST, RulesInvalid
from app.reporting.rules.book import Limit, Schedule
from app.reporting.rules.profile import read_rules
from app.reporting.settings import CHINA, SHIPPED, load_reporting_rules
from tests.reporting.telling import RULES

TEXT = SHIPPED.read_text(encoding="utf-8")


def line_of(words: str, text: str = TEXT) -> int:
    return text[: text.index(words)].count("\n") + 1


def faults(text: str) -> RulesInvalid:
    with pytest.raises(RulesInvalid) as refused:
        read_rules(text, "own.yaml", CHINA)
    return refused.value


def test_the_shipped_profiles_are_those_of_the_domain() -> None:
    assert RULES.default_profiles == ("statutory_caps", "cn_county_default")
    assert {name: len(one.rules) for name, one in RULES.profiles.items()} == {
        "statutory_caps": 17,
        "cn_county_default": 16,
        "henan_2019": 4,
        "jiangxi_2013": 2,
        "county_20_40": 1,
        "city_15_30": 2,
        "zhuhai": 1,
        "xilinhot_2024": 1,
        "lanzhou_2014": 2,
        "forest_30": 2,
        "special_days": 1,
    }
    assert [one.id for one in RULES.profiles.values() if one.statutory] == ["statutory_caps"]


def test_larger_risk_stands_beside_larger_where_the_profile_says_so() -> None:
    default = {rule.id: rule for rule in RULES.profiles["cn_county_default"].rules}
    assert default["D9"].limits["phone"]["larger_risk"] == Limit("minutes", 15)
    assert isinstance(default["D12"].schedules["larger_risk"], Schedule)
    caps = {rule.id: rule for rule in RULES.profiles["statutory_caps"].rules}
    assert set(caps["N4"].limits["written"]) == {"larger"}
    assert "larger_risk" in caps["N6"].limits["phone"]


@pytest.mark.parametrize(
    ("code", "scopes"),
    [
        ("12D02", {"work_safety", "environment"}),
        ("12D01", {"work_safety"}),
        ("11G01", {"forest_fire", "natural_disaster"}),
        ("11A01", {"natural_disaster"}),
        ("12H05", {"road_traffic"}),
        ("12G03", {"fire"}),
        ("13A00", {"public_health"}),
        ("14A00", set()),
    ],
)
def test_a_code_belongs_to_the_scopes_of_its_family(code: str, scopes: set[str]) -> None:
    assert RULES.scopes_of(code) == scopes


@pytest.mark.parametrize(
    ("before", "after", "at", "said"),
    [
        ("from: P, to: PR, anchor: occ", "from: X, to: PR, anchor: occ", "id: J2", "“X”"),
        ("from: P, to: PR, anchor: occ", "from: P, to: PR, anchor: dawn", "id: J2", "“dawn”"),
        ("from: P, to: PR, anchor: occ", "from: P, to: PR, anchor: end", "id: J2", "起算"),
        ("from: P, to: PR, anchor: occ", "to: PR, anchor: occ", "id: J2", "缺少“from”"),
        ("from: P, to: PR, anchor: occ", "from: P, to: PR", "id: J2", "缺少“anchor”"),
        ("{written: 180}", "{pigeon: 180}", "id: J2", "“pigeon”"),
        ("{written: 180}", "{written: -1}", "id: J2", "-1不在0至"),
        ("{written: 180}", "{written: soon}", "id: J2", "不是整数"),
        ("due_min: {written: 180}", "mark: L", "id: J2", "重复"),
        ("due_min: {written: 180}, ", "", "id: J2", "缺少“due_min”"),
        (
            "{written: 180}",
            "{written: {larger: 60, major: 90, extraordinary: 90}}",
            "id: J2",
            "不能长于larger",
        ),
        ("{written: 180}", "{written: {larger: 60, major: 60}}", "id: J2", "缺少“extraordinary”"),
        ("mark: L}\n  county_20_40", "mark: Q}\n  county_20_40", "id: J2", "“Q”"),
        ("mark: L}\n  county_20_40", "mark: L, colour: red}\n  county_20_40", "id: J2", "colour"),
        ("mark: L}\n  county_20_40", "mark: L, events: [level_change]}\n  county_20_40", "id: J2", "不适用"),
        ("id: J2", "id: J1", "{id: J2", "J1重复"),
        ("id: J2", "id: 'J 2'", "{id: J2", "编号"),
        ("id: J2, kind: initial", "id: J2, kind: gossip", "id: J2", "“gossip”"),
        (
            "id: J2, kind: initial, level: [larger,",
            "id: J2, kind: initial, level: [huge,",
            "id: J2",
            "“huge”",
        ),
        ("id: J2, kind: initial, level: [larger,", "id: J2, kind: initial, level: [any,", "id: J2", "并列"),
        ("id: J2, kind: initial", "id: J2, scope: fog, kind: initial", "id: J2", "“fog”"),
        ("id: J2, kind: initial", "id: J2, when: ghosts>=1, kind: initial", "id: J2", "ghosts"),
        ("id: J2, kind: initial", "id: J2, onward: {P=>PR: 3}, kind: initial", "id: J2", "P->PR"),
        ("window_days: {default: 30, road_traffic: 7, fire: 7}, ", "", "id: N9", "window_days"),
        ("window_days: {default: 30,", "window_days: {default: 0,", "id: N9", "0不在1至"),
        ("hours: {T: '08:00'", "hours: {T: '25:00'", "id: N14", "'08:00'"),
        ("hours: {T: '08:00', C: '09:00', P: '10:00', PR: '12:00'}, ", "", "id: N14", "hours"),
        ("to: PR, daily_at: ['08:00', '17:00']", "to: PR", "id: H4", "有且只有一项"),
        ("to: PR, daily_at: ['08:00', '17:00']", "to: PR, daily_at: []", "id: H4", "至少一个时刻"),
        ("{every_min: 60, for_h: 6, then_every_min: 120}", "{every_min: 60, for_h: 6}", "id: D12", "for_h"),
        ("per_day_min: 2", "per_day_min: 99", "id: N8", "99不在1至24"),
        ("due_working_days: {written: 10}", "due_working_days: {written: 0}", "id: D15", "0不在1至"),
        ("events: [casualty_change,", "events: [rumour,", "id: D13", "“rumour”"),
        ("alarms_at: [0.5, 0.8, 1.0]", "alarms_at: [0.8, 0.5, 1.0]", "alarms_at", "递增"),
        ("alarms_at: [0.5, 0.8, 1.0]", "alarms_at: [half]", "alarms_at", "递增"),
        ("alarms_to: [desk, shift_lead, leader]", "alarms_to: [desk, leader]", "alarms_to", "项数"),
        ("alarms_to: [desk, shift_lead, leader]", "alarms_to: [desk, wife, leader]", "alarms_to", "wife"),
        ("sensitive_lifts: 1", "sensitive_lifts: 9", "sensitive_lifts", "9不在0至3"),
        ("{phone: 5, written: 20, system: 30}", "{phone: 5, written: 20}", "recompute_floor_min", "system"),
        ("fire: [12G]", "fire: [XX]", "fire: [12G]", "“XX”"),
        ("scope: [work_safety]", "scope: [weather]", "scope: [work_safety]", "weather"),
        ("default_profiles: [statutory_caps", "default_profiles: [nobody", "default_profiles", "nobody"),
        ("    statutory: true", "    statutory: perhaps", "    statutory: true", "perhaps"),
        ("larger_risk_as: larger", "larger_risk_as: huge", "larger_risk_as", "huge"),
        ("version: cn-2025-11\n", "version: \n", "version: cn", "文字"),
        ("  sensitive_lifts: 1\n", "", "  alarms_at", "缺少“sensitive_lifts”"),
        ("  alarms_to: [desk, shift_lead, leader]\n", "", "  alarms_at", "缺少“alarms_to”"),
        ("version: cn-2025-11\n", f"version: {'x' * 41}\n", "version: cn", "长于40"),
        (
            "default_profiles: [statutory_caps,",
            "default_profiles: [statutory_caps, statutory_caps,",
            "default_",
            "重复",
        ),
        ("default_profiles: [statutory_caps, cn_county_default]", "default_profiles: {}", "default_", "列表"),
        (
            "from: P, to: PR, anchor: occ",
            f"from: [{'P, ' * 501}P], to: PR, anchor: occ",
            "id: J2",
            "多于500项",
        ),
        ("  larger_risk:   ", "  no_risk:   ", "larger_risk:   ", "缺少“larger_risk”"),
        ("    scope: [work_safety]\n", "", "    scope: [work_safety]", "缺少“scope”"),
        ("    zh: 珠海\n", "", "    zh: 珠海", "缺少“zh”"),
        ("{id: Z1, kind: initial, ", "{kind: initial, ", "id: Z1", "缺少“id”"),
        (
            "to: PR, anchor: occ, due_min: {written: 180}",
            "to: PR, anchor: occ, when: [], due_min: {written: 180}",
            "id: J2",
            "文字",
        ),
        ("PR->N: 5", "PR->N: 0", "id: N15", "0不在1至"),
        ("zh: 河南2019\n", "zh: [a]\n", "zh: 河南", "文字"),
    ],
)
def test_every_mistake_is_named_with_its_line(before: str, after: str, at: str, said: str) -> None:
    assert before in TEXT
    own = TEXT.replace(before, after, 1)
    found = faults(own)
    line = line_of(at)
    assert [one for one in found.faults if one.line == line and said in one.zh], str(found)
    assert f"第{line}行" in str(found)
    assert f"line {line}," in str(found)
    assert "own.yaml" in str(found)


def test_all_mistakes_are_told_at_once_by_line() -> None:
    own = TEXT.replace("per_day_min: 2", "per_day_min: 0").replace("{written: 180}", "{written: -3}")
    assert [one.line for one in faults(own).faults] == [line_of("id: N8"), line_of("id: J2")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "为空"),
        ("[1, 2]", "键值表"),
        ("version: [", "YAML"),
        ("a: &x 1\nb: *x", "别名"),
        ("a: !!python/object/apply:os.system ['true']", "标签"),
        ("[" * 50 + "]" * 50, "12层"),
        ("a: [" + "1," * 20_001 + "]", "20000项"),
        ("#" * (LARGEST + 1), "大于"),
        ("\x00", "YAML"),
        ("version: 1\n  b: 2\n c", "YAML"),
        ("version: x", "缺少“profiles”"),
    ],
)
def test_what_is_no_rules_file_is_refused_before_anything_is_built(text: str, said: str) -> None:
    assert said in str(faults(text))


@settings(deadline=None)
@given(st.text(max_size=200) | st.integers(0, len(TEXT) - 1).map(lambda n: TEXT[:n] + TEXT[n + 1 :]))
def test_no_text_does_anything_but_be_read_or_be_refused(text: str) -> None:
    try:
        book = read_rules(text, "own.yaml", CHINA)
    except RulesInvalid:
        return
    assert book.profiles


def test_a_county_has_at_most_fifty_profiles() -> None:
    more = "".join(f"  own_{n}: {{zh: x, en: x, rules: []}}\n" for n in range(50))
    assert "多于50个规则集" in str(faults(TEXT + more))


def test_the_countys_own_file_is_read_at_the_start_and_stops_it(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(TEXT.replace("version: cn-2025-11", "version: zhangchuan-1"), encoding="utf-8")
    assert load_reporting_rules(own).version == "zhangchuan-1"
    own.write_text(TEXT.replace("{written: 180}", "{written: never}"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"own\.yaml"):
        create_app(Settings(reporting_rules=own))
    with pytest.raises(ValueError, match="无法读取"):
        load_reporting_rules(tmp_path / "none.yaml")
