"""The other kinds of report: casualties, follow-ups, zero reports, verification, onward, sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.duty.roster.rules.calendar import ExtraDay
from app.reporting.rules.dues import Due, dues
from app.reporting.rules.situation import FigureSet, FlagSet, Happening, LevelSet, Situation
from app.reporting.rules.terms import Level
from app.reporting.rules.words import in_words
from app.reporting.settings import CHINA
from tests.reporting.telling import DEFAULT, RULES, clock, rows, telling

NINE = clock("09:00")


def incident(code: str = "12F00", level: Level = "general", at: datetime = NINE) -> Situation:
    return Situation("SJ", code, at, (LevelSet(at, level),), occurred=at, received={"C": at})


def died(situation: Situation, at: datetime, count: int) -> Situation:
    return replace(situation, figures=(*situation.figures, FigureSet(at, "dead", count)))


def follow_up(situation: Situation, now: datetime, profiles: tuple[str, ...] = DEFAULT) -> datetime:
    return rows(situation, now, "followup", profiles)["C", "P", "written"][0].at


@pytest.mark.parametrize(
    ("code", "days", "counts"),
    [("12F00", 29, True), ("12F00", 30, False), ("12H00", 6, True), ("12H00", 7, False), ("12G00", 6, True)],
)
def test_a_death_within_the_window_is_supplemented_the_same_day(code: str, days: int, counts: bool) -> None:
    at = NINE + timedelta(days=days, hours=1)
    found = rows(died(incident(code), at, 1), at, "supplement")
    assert (("C", "P", "written") in found) is counts
    if counts:
        (due,) = found["C", "P", "phone"]
        assert due.at == at.replace(hour=23, minute=59, second=59)


def test_two_deaths_of_two_days_are_two_supplements_and_a_late_one_discharges_both() -> None:
    twice = died(died(incident(), clock("06-19 10:00"), 1), clock("06-20 10:00"), 2)
    told = telling(twice, "C", "P", "written", clock("06-19 11:00"))
    found = rows(told, clock("06-20 11:00"), "supplement")["C", "P", "written"]
    assert [(due.at, due.done is None) for due in found] == [
        (clock("06-19 23:59:59"), False),
        (clock("06-20 23:59:59"), True),
    ]
    (both,) = rows(
        telling(twice, "C", "P", "written", clock("06-20 11:00")), clock("06-20 12:00"), "supplement"
    )["C", "P", "written"]
    assert both.at == clock("06-19 23:59:59")


def test_a_figure_that_is_verified_and_told_the_same_again_is_no_change() -> None:
    told = replace(
        died(incident(), NINE, 1),
        figures=(
            FigureSet(NINE, "dead", 1),
            FigureSet(clock("10:00"), "dead", None),
            FigureSet(clock("11:00"), "dead", 1),
        ),
    )
    assert rows(told, clock("12:00"), "supplement") == {}


@pytest.mark.parametrize(
    ("level", "minutes"), [("general", 30), ("larger", 20), ("major", 15), ("extraordinary", 15)]
)
def test_an_event_makes_a_follow_up_due_by_level(level: Level, minutes: int) -> None:
    at = clock("10:00")
    told = replace(incident(level=level), happenings=(Happening(at, "leader_on_scene"),))
    (due,) = rows(told, at, "followup_on_event")["C", "CG", "written"]
    assert due.at == at + timedelta(minutes=minutes)


def test_a_report_with_old_facts_discharges_nothing_that_came_later() -> None:
    told = replace(incident(), happenings=(Happening(clock("10:00"), "evacuation_done"),))
    stale = telling(told, "C", "P", "written", clock("10:05"), as_of=clock("09:50"))
    (due,) = rows(stale, clock("10:06"), "followup_on_event")["C", "P", "written"]
    assert due.done is None
    (initial,) = rows(stale, clock("10:06"))["C", "P", "written"]
    assert initial.done is not None


def test_general_follow_ups_are_one_a_day_and_any_report_of_the_day_counts() -> None:
    one = incident("11A01")
    assert follow_up(one, clock("09:30")) == clock("23:59:59")
    told = telling(one, "C", "P", "written", clock("10:00"))
    assert follow_up(told, clock("11:00")) == clock("06-19 23:59:59")


def test_major_work_accidents_need_two_a_day() -> None:
    one = telling(incident(level="major"), "C", "P", "written", clock("09:20"))
    caps = ("statutory_caps",)
    assert follow_up(one, clock("09:30"), profiles=caps) == clock("23:59:59")
    twice = telling(one, "C", "P", "written", clock("20:00"))
    # N7 asks one a day, N8 two: both are kept today.
    assert follow_up(twice, clock("21:00"), profiles=caps) == clock("06-19 23:59:59")


def test_larger_follow_ups_come_every_two_hours_for_twelve_hours_and_then_at_their_hours() -> None:
    one = incident("11A01", "larger")
    assert follow_up(one, clock("09:10")) == clock("11:00")
    assert follow_up(telling(one, "C", "P", "written", clock("10:30")), clock("10:31")) == clock("12:30")
    late = telling(one, "C", "P", "written", clock("20:30"))
    assert follow_up(late, clock("20:31")) == clock("06-19 08:00")
    morning = telling(late, "C", "P", "written", clock("06-19 07:50"))
    assert follow_up(morning, clock("06-19 07:51")) == clock("06-19 17:00")


def test_major_follow_ups_come_every_hour_and_after_six_hours_every_two() -> None:
    one = incident("11A01", "major")
    assert follow_up(one, clock("09:10")) == clock("10:00")
    assert follow_up(telling(one, "C", "P", "written", clock("14:30")), clock("14:31")) == clock("16:30")


def test_reports_at_hours_are_overtaken_by_the_next_one_made() -> None:
    henan = ("henan_2019",)
    one = incident("11A01", "larger")

    def due(situation: Situation, now: datetime) -> datetime:
        return rows(situation, now, "followup", henan)["C", "PR", "written"][0].at

    assert due(one, clock("09:01")) == clock("17:00")
    assert due(one, clock("06-20 09:00")) == clock("17:00")
    late = telling(one, "C", "PR", "written", clock("06-20 09:00"))
    assert due(late, clock("06-20 09:01")) == clock("06-20 17:00")
    twice = telling(telling(one, "C", "PR", "written", clock("10:00")), "C", "PR", "written", clock("11:00"))
    assert due(twice, clock("11:01")) == clock("06-19 08:00")


def test_zero_reports_go_up_at_their_hours_until_it_is_stable() -> None:
    one = replace(incident("11A01", "major"), received={"T": NINE, "C": NINE, "P": NINE})
    found = rows(one, clock("12:00"), "zero_report")
    assert {row[:2]: due[0].at for row, due in found.items()} == {
        ("T", "C"): clock("06-19 08:00"),
        ("C", "P"): clock("06-19 09:00"),
        ("P", "PR"): clock("10:00"),
    }
    stable = replace(one, stable=clock("06-18 20:00"))
    assert set(rows(stable, clock("21:00"), "zero_report")) == {("P", "PR", "system")}  # which was missed
    assert rows(incident("11A01"), clock("12:00"), "zero_report") == {}


def test_what_is_verified_counts_working_days_over_a_holiday() -> None:
    """Stable on 2025-09-30: the national holiday lasts to 8 October; 9 and 10 October are worked."""
    stable = replace(incident("11A01"), stable=clock("09-30 15:00"))
    (due,) = rows(stable, clock("10-01 09:00"), "verification")["C", "P", "system"]
    assert due.at == clock("10-10 23:59:59")
    own = ExtraDay(clock("10-09 00:00").date(), "statutory_holiday", "县庆", "county day")
    (later,) = (
        one
        for one in dues(stable, RULES, DEFAULT, clock("10-01 09:00"), (own,))
        if one.kind == "verification"
    )
    assert later.at == clock("10-11 23:59:59")  # Saturday 11 October is worked (调休)


def test_a_verification_is_passed_on_from_its_receipt_and_from_no_other() -> None:
    stable = telling(
        replace(incident("11A01"), stable=clock("12:00")), "C", "P", "system", clock("06-19 09:00")
    )
    assert set(rows(stable, clock("06-20 10:00"), "verification")) == {("C", "P", "system")}
    verified = telling(stable, "C", "P", "system", clock("06-20 10:00"), "verification")  # a Friday
    assert rows(verified, clock("06-20 10:00"), "verification")["P", "PR", "system"][0].at == clock(
        "06-25 23:59:59"
    )


def test_only_a_report_of_its_kind_discharges_a_final_report() -> None:
    ended = replace(incident(), ended=clock("12:00"))
    follow = telling(ended, "C", "P", "written", clock("13:00"), "followup")
    assert rows(follow, clock("14:00"), "final")["C", "P", "written"][0].done is None
    final = telling(follow, "C", "P", "written", clock("15:00"), "final")
    assert rows(final, clock("16:00"), "final")["C", "P", "written"][0].done is not None


def test_what_the_prefecture_received_it_passes_on() -> None:
    told = telling(incident(level="major"), "C", "P", "written", clock("09:30"))
    assert rows(told, clock("09:31"))["P", "PR", "written"][0].at == clock("11:30")
    assert ("P", "PR", "written") not in rows(incident(level="major"), clock("09:31"))
    further = telling(told, "P", "PR", "written", clock("10:00"))
    assert rows(further, clock("10:01"))["PR", "N", "written"][0].at == clock("12:00")
    assert rows(told, clock("09:31"))["C", "P", "written"][0].skip_allowed


def test_a_fire_that_burns_over_a_day_is_called_at_once_from_then_on() -> None:
    fire = incident("11G01")
    assert ("C", "P", "phone") not in rows(fire, clock("06-19 09:00"))
    (due,) = rows(fire, clock("06-19 09:00:01"))["C", "P", "phone"]
    assert due.at == clock("06-19 09:05:01")
    out = replace(fire, fire_out=clock("06-19 08:00"))
    assert ("C", "P", "phone") not in rows(out, clock("06-20 09:00"))


def test_the_badly_and_the_slightly_injured_are_counted_together() -> None:
    at = clock("10:00")
    hurt = (FigureSet(at, "seriously_injured", 4), FigureSet(at, "slightly_injured", 6))
    assert rows(replace(incident("11G01"), figures=hurt), at)["C", "P", "phone"][0].at == clock("10:05")
    assert ("C", "P", "phone") not in rows(replace(incident("11G01"), figures=hurt[:1]), at)


def test_a_rise_a_minute_before_the_due_does_not_postpone_it() -> None:
    larger = incident("11A01", "larger")
    rose = replace(larger, levels=(*larger.levels, LevelSet(clock("09:29"), "major")))
    (due,) = rows(rose, clock("09:29"))["C", "P", "phone"]
    assert (due.at, due.why.grade) == (clock("09:30"), "larger")
    assert [one.at for one in due.losers if one.grade == "major"] == [clock("09:34")]
    told = telling(rose, "C", "P", "phone", clock("09:28"))
    assert [one.at for one in rows(told, clock("09:29"))["C", "P", "phone"]] == [
        clock("09:30"),
        clock("09:34"),
    ]


def test_at_once_counts_from_the_knowledge_of_who_heard_of_it_later() -> None:
    late = replace(
        incident("11G01"),
        received={"C": clock("10:30")},
        figures=(FigureSet(clock("10:00"), "hot_pixels", 3),),
    )
    assert rows(late, clock("10:30"))["C", "P", "phone"][0].at == clock("10:35")


def test_a_trigger_that_was_taken_back_asks_nothing() -> None:
    flags = (FlagSet(clock("10:00"), "media"), FlagSet(clock("10:01"), "media", holds=False))
    assert ("C", "P", "phone") not in rows(replace(incident("11G01"), flags=flags), clock("11:00"))


def test_of_contradicting_facts_of_one_instant_the_graver_counts() -> None:
    at = clock("10:00")
    told = replace(
        incident("11A01"),
        levels=(LevelSet(NINE, "general"), LevelSet(at, "larger"), LevelSet(at, "general")),
        flags=(FlagSet(at, "heavy_loss", holds=False), FlagSet(at, "heavy_loss")),
    )
    found = rows(told, at)
    assert found["C", "P", "phone"][0].at == clock("10:05")
    assert found["C", "N", "system"][0].why.rule.id == "N13"


def test_a_sensitive_incident_is_reported_one_grade_higher() -> None:
    told = replace(incident("11A01"), flags=(FlagSet(NINE, "sensitive"),))
    (due,) = rows(told, NINE)["C", "P", "phone"]
    assert (due.at, due.why.grade) == (clock("09:30"), "larger")
    top = replace(told, levels=(LevelSet(NINE, "extraordinary"),))
    assert rows(top, NINE)["C", "P", "phone"][0].at == clock("09:15")


def test_a_rise_the_sensitive_grade_already_holds_is_still_told() -> None:
    at = clock("10:00")
    told = replace(
        incident("11A01", "major"),
        flags=(FlagSet(NINE, "sensitive"),),
        levels=(LevelSet(NINE, "major"), LevelSet(at, "extraordinary")),
    )
    assert rows(told, at, "followup_on_event")["C", "P", "written"][0].at == clock("10:15")


def test_a_coach_crash_that_is_a_work_accident_too_has_its_caps() -> None:
    crash = incident("12H00", "larger")
    assert rows(crash, NINE)["C", "PR", "phone"][0].why.rule.id == "D11a"
    both = replace(crash, scopes=frozenset({"work_safety"}))
    assert rows(both, NINE)["C", "PR", "phone"][0].why.rule.id == "N6"


def test_on_special_days_a_report_a_day_is_due_without_any_incident() -> None:
    day = Situation(
        "day", "", NINE, received={"C": NINE}, flags=(FlagSet(NINE, "special_day"),), standing=True
    )
    every = (*DEFAULT, "special_days")
    (due,) = dues(day, RULES, every, NINE)
    assert (due.kind, due.at) == ("daily_report", clock("23:59:59"))
    assert dues(replace(day, flags=()), RULES, every, NINE) == ()
    assert [due for due in dues(incident(), RULES, every, NINE) if due.kind == "daily_report"] == []


def test_an_unknown_profile_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        dues(incident(), RULES, ("nobody",), NINE)


def words(situation: Situation, now: datetime, kind: str, row: tuple[str, str, str]) -> tuple[str, str]:
    (due,) = (
        one
        for one in dues(situation, RULES, DEFAULT, now)
        if one.kind == kind and (one.sender, one.receiver, one.channel) == row and one.done is None
    )
    assert isinstance(due, Due)
    return in_words(due, CHINA)


def test_a_due_says_why() -> None:
    zh, en = words(incident(), NINE, "initial", ("C", "L", "phone"))
    assert zh == (
        "县应急指挥中心须于06-18 09:05前以电话向带班领导报送初报:"
        "D6(cn_county_default,D)按一般要求,自接报时间06-18 09:00起5分钟,为06-18 09:05。"
    )
    assert en.startswith(
        "initial report from the county centre to the leader in charge, phone, by 06-18 09:05"
    )


def test_floor_grace_schedule_and_caps_are_said_too() -> None:
    raised = replace(
        incident("11A01"), levels=(LevelSet(NINE, "general"), LevelSet(clock("10:00"), "larger"))
    )
    zh, en = words(raised, clock("10:00"), "initial", ("C", "P", "phone"))
    assert "06-18 10:00情况变化后留5分钟,为06-18 10:05" in zh
    assert "5 min after the change" in en
    late = replace(incident("11A01"), occurred=clock("05:00"))
    zh, en = words(late, NINE, "initial", ("C", "P", "system"))
    assert "06-18 09:00才获知,获知后留30分钟,为06-18 09:30" in zh
    assert "上报环节不明" in zh
    assert "who was late is unknown" in en
    knowing = replace(late, learned={"T": clock("05:10")})
    assert "因乡镇(园区)迟报" in words(knowing, NINE, "initial", ("C", "P", "system"))[0]
    zh, en = words(incident("11A01", "larger"), NINE, "followup", ("C", "P", "written"))
    assert "前12小时每120分钟一次,此后每日08:00、17:00" in zh
    (henan,) = (
        one
        for one in dues(incident("11A01", "larger"), RULES, ("henan_2019",), NINE)
        if one.kind == "followup"
    )
    assert "每日08:00、17:00" in in_words(henan, CHINA)[0]
    assert "at least 1 a day" in words(incident("11A01"), NINE, "followup", ("C", "P", "written"))[1]
    fire = replace(incident("11G01"), flags=(FlagSet(NINE, "media"),))
    assert "(立即)" in words(fire, NINE, "initial", ("C", "P", "phone"))[0]
    soon = replace(
        raised,
        occurred=clock("06:00"),
        levels=(LevelSet(NINE, "general"), LevelSet(clock("09:01"), "larger")),
    )
    assert "宽限" in words(soon, clock("09:01"), "initial", ("C", "P", "phone"))[0]
    ended = replace(incident(level="larger"), ended=clock("12:00"))
    assert "10个工作日" in words(ended, clock("12:00"), "review", ("C", "CG", "written"))[0]
    assert (
        "当日内"
        in words(died(incident(), clock("10:00"), 1), clock("10:00"), "supplement", ("C", "P", "phone"))[0]
    )
