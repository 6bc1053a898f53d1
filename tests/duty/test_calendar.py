from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.duty.roster.rules.calendar import (
    KIND_EN,
    KIND_ZH,
    DayKind,
    ExtraDay,
    InForce,
    KeyPeriodRule,
    day,
    day_kind,
    key_periods,
    known_until,
)
from app.duty.roster.settings import load_key_periods

# Notices of the State Council's General Office (国办发明电), cited by year in the library's source:
# time off, and the days worked for it.
NOTICES = {
    "2019": (
        ["2018-12-30..2019-01-01", "2019-02-04..2019-02-10", "2019-05-01..2019-05-04"],
        ["2018-12-29", "2019-05-05"],
    ),
    "2023": (["2022-12-31..2023-01-02", "2023-09-29..2023-10-06"], ["2023-10-07", "2023-10-08"]),
    "2025": (
        [
            "2025-01-01..2025-01-01",
            "2025-01-28..2025-02-04",
            "2025-04-04..2025-04-06",
            "2025-05-01..2025-05-05",
        ],
        ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
    ),
    "2026": (
        [
            "2026-01-01..2026-01-03",
            "2026-02-15..2026-02-23",
            "2026-04-04..2026-04-06",
            "2026-05-01..2026-05-05",
            "2026-06-19..2026-06-21",
            "2026-09-25..2026-09-27",
            "2026-10-01..2026-10-07",
        ],
        ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
    ),
}


@pytest.mark.parametrize(("off", "worked"), NOTICES.values(), ids=NOTICES)
def test_time_off_and_days_worked_are_those_of_the_notice(off: list[str], worked: list[str]) -> None:
    for span in off:
        first, last = map(date.fromisoformat, span.split(".."))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        assert {day_kind(each) for each in days} == {"statutory_holiday"}
        assert day_kind(first - timedelta(days=1)) != "statutory_holiday"
        assert day_kind(last + timedelta(days=1)) != "statutory_holiday"
    assert {day_kind(date.fromisoformat(each)) for each in worked} == {"makeup_workday"}


@pytest.mark.parametrize(
    ("on", "kind", "zh", "en"),
    [
        ("2026-02-16", "statutory_holiday", "农历除夕", "Chinese New Year's Eve"),
        ("2026-02-21", "statutory_holiday", "春节假期", "Chinese New Year holiday"),
        ("2026-02-23", "statutory_holiday", "春节假期", "Chinese New Year holiday"),
        (
            "2025-10-07",
            "statutory_holiday",
            "国庆节、中秋节假期",
            "National Day and Mid-Autumn Festival holiday",
        ),
        ("2020-10-01", "statutory_holiday", "中秋节、国庆节", "Mid-Autumn Festival and National Day"),
        ("2026-02-14", "makeup_workday", "调休上班", "make-up working day"),
        ("2026-03-07", "weekend", "双休日", "week-end"),
        ("2026-03-09", "workday", "工作日", "working day"),
    ],
)
def test_a_day_has_its_name_in_both_languages(on: str, kind: DayKind, zh: str, en: str) -> None:
    found = day(date.fromisoformat(on))
    assert (found.kind, found.name_zh, found.name_en) == (kind, zh, en)


def test_a_year_before_its_notice_is_said_to_be_unknown() -> None:
    last = known_until()
    assert last >= date(2026, 12, 31)
    assert (last.month, last.day) == (12, 31)
    assert day(last).known
    assert not day(last + timedelta(days=1)).known
    assert day_kind(last + timedelta(days=1)) == "statutory_holiday"  # New Year's Day is law, notice or not


def test_the_county_settles_days_of_its_own() -> None:
    own = ExtraDay(date(2026, 3, 9), "statutory_holiday", "药王会", "Medicine Fair")
    found = day(own.on, [own])
    assert (found.kind, found.name_zh, found.known) == ("statutory_holiday", "药王会", True)
    assert day_kind(date(2026, 3, 10), [own]) == "workday"


def test_days_beyond_the_calendar_are_refused() -> None:
    for on in (date(2000, 12, 31), date(2100, 1, 1)):
        with pytest.raises(ValueError, match=r"只涵盖2001至2099年.*from 2001 to 2099"):
            day(on)
    assert day_kind(date(2001, 1, 1)) == "statutory_holiday"
    assert day_kind(date(2099, 12, 31)) == "workday"


def test_every_kind_has_a_name() -> None:
    assert KIND_ZH.keys() == KIND_EN.keys() == {"workday", "weekend", "statutory_holiday", "makeup_workday"}


def told(
    first: str, last: str, *in_force: InForce, extra: tuple[ExtraDay, ...] = ()
) -> list[tuple[str, str, str, str]]:
    found = key_periods(
        date.fromisoformat(first), date.fromisoformat(last), load_key_periods(), in_force, extra
    )
    return [(each.rule_id, f"{each.first:%m-%d}", f"{each.last:%m-%d}", each.zh) for each in found]


def test_a_spring_lies_in_several_key_periods_at_once() -> None:
    assert told("2026-03-20", "2026-05-10") == [
        ("fire", "03-20", "04-30", "森林防火期"),
        ("qingming", "03-25", "04-15", "清明防火时段"),
        ("flood", "04-01", "05-10", "汛期"),
        ("holidays", "04-04", "04-06", "清明节假期"),
        ("holidays", "05-01", "05-05", "劳动节假期"),
    ]


def test_the_fire_season_runs_over_the_new_year() -> None:
    assert told("2026-09-30", "2026-09-30") == [("flood", "09-30", "09-30", "汛期")]
    assert ("fire", "10-08", "02-10", "森林防火期") in told("2026-10-08", "2027-02-10")


def test_warnings_and_responses_make_key_periods_while_in_force() -> None:
    level_four = InForce("response", date(2026, 10, 20), None, "防汛四级响应", "flood response IV", level=4)
    orange = InForce(
        "warning", date(2026, 10, 21), date(2026, 10, 22), "暴雨橙色预警", "rain, orange", colour="orange"
    )
    yellow = InForce(
        "warning", date(2026, 10, 21), date(2026, 10, 22), "大风黄色预警", "wind, yellow", colour="yellow"
    )
    assert told("2026-10-19", "2026-10-25", level_four, orange, yellow) == [
        ("fire", "10-19", "10-25", "森林防火期"),
        ("response", "10-20", "10-25", "防汛四级响应"),
        ("warning", "10-21", "10-22", "暴雨橙色预警"),
    ]


def test_two_warnings_of_one_time_are_two_reasons() -> None:
    red, orange = (
        InForce("warning", date(2026, 10, 21), date(2026, 10, last), zh, zh, colour=colour)
        for last, zh, colour in ((22, "甲", "red"), (23, "乙", "orange"))
    )
    assert [one for one in told("2026-10-20", "2026-10-25", red, orange) if one[0] == "warning"] == [
        ("warning", "10-21", "10-23", "乙"),
        ("warning", "10-21", "10-22", "甲"),
    ]


def test_a_holiday_of_the_county_is_a_key_period_and_a_holiday_it_works_is_none() -> None:
    fair = ExtraDay(date(2026, 3, 9), "statutory_holiday", "药王会", "Medicine Fair")
    worked = ExtraDay(date(2026, 4, 5), "workday", "工作日", "working day")
    assert ("holidays", "03-09", "03-09", "药王会") in told("2026-03-09", "2026-03-09", extra=(fair,))
    found = [one for one in told("2026-04-01", "2026-04-10", extra=(worked,)) if one[0] == "holidays"]
    assert found == [
        ("holidays", "04-04", "04-04", "清明节假期"),
        ("holidays", "04-06", "04-06", "清明节假期"),
    ]


def test_a_range_runs_forwards_and_not_for_ever() -> None:
    for last in (date(2025, 12, 31), date(2040, 1, 1)):
        with pytest.raises(ValueError, match=r"由先到后.*ten years at most"):
            key_periods(date(2026, 1, 1), last, ())


def test_the_shipped_key_periods_are_those_of_the_notes() -> None:
    rules = {rule.id: rule for rule in load_key_periods()}  # domain/roster_rules.yaml, key_periods
    assert list(rules) == ["flood", "fire", "qingming", "holidays", "response", "warning"]
    assert rules["fire"] == KeyPeriodRule(
        "fire", "annual", "森林防火期", "forest fire season", (10, 1), (4, 30)
    )
    assert rules["warning"].colours == {"orange", "red"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("key_periods: [", "有误"),
        ("key_periods: [{id: x, kind: lunar, name_zh: 甲, name_en: a}]", "annual"),
        ("key_periods: [{id: x, kind: annual, from: '4-1', name_zh: 甲, name_en: a}]", "month-day"),
        ("key_periods: [{id: x, kind: annual, to: '02-30', name_zh: 甲, name_en: a}]", "day"),
        ("key_periods: [{id: x, kind: warning, colours: [pink], name_zh: 甲, name_en: a}]", "red"),
        ("key_periods: [{id: x, kind: response, levels: [5], name_zh: 甲, name_en: a}]", "less than"),
        ("key_periods: [{id: x, kind: holidays, until: now, name_zh: 甲, name_en: a}]", "Extra inputs"),
        (
            "key_periods: [{id: x, kind: holidays, name_zh: 甲, name_en: a},"
            " {id: x, kind: holidays, name_zh: 甲, name_en: a}]",
            "same id twice",
        ),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "key_periods.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words) as caught:
        load_key_periods(file)
    assert str(file) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere.yaml 有误"):
        load_key_periods(tmp_path / "nowhere.yaml")
