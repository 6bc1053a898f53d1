"""The dues of the county's scenarios (domain/scenarios.md), to the second.

Where scenario and rules disagree:

* S03 step 5 has C→PR by phone due 08:53, counted from the receipt (N6). `domain/reporting_rules.yaml` D11
  counts the same 60 minutes from the occurrence, 08:52. Rules B5c write "60 (N6)" in that cell, so the
  shipped D11a counts from the receipt too, as the scenario does.
* S03 step 2: the sensor speaks at 07:52:10, the dues are counted from 07:52 (and the unit's head knows at
  07:50, before the sensor). The occurrence is entered to the minute, 07:52.
* S03 step 8: N17 (240 min) is one of the reckonings of C→P in writing, and is kept by a report at 09:40; but
  the county default asks for that report by 08:52, so the due itself is late then.
* S01 step 2 "first order" and step 5 are reaction times, not reports: they are not here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.reporting.rules.clock import standing
from app.reporting.rules.dues import open_dues
from app.reporting.rules.situation import FigureSet, FlagSet, LevelSet, Situation
from tests.reporting.telling import DEFAULT, RULES, Row, clock, rows, telling

S01 = Situation(
    "SJ-20250618-001",
    "11A01",
    clock("02:14:40"),
    (LevelSet(clock("02:14:40"), "general"),),
    received={"C": clock("02:13:20")},
    figures=(FigureSet(clock("02:14:40"), "trapped", 3),),
)
FIVE = replace(S01, figures=(*S01.figures, FigureSet(clock("02:58"), "trapped", 5)))


@pytest.mark.parametrize(
    ("row", "due"),
    [
        (("C", "L", "phone"), "02:18:20"),
        (("C", "CG", "phone"), "02:43:20"),
        (("C", "CG", "written"), "03:13:20"),
        (("C", "P", "written"), "04:13:20"),
        (("C", "P", "system"), "04:13:20"),
    ],
)
def test_s01_2_what_is_open_when_the_call_is_saved(row: Row, due: str) -> None:
    assert rows(S01, clock("02:14:40"))[row][0].at == clock(due)


def test_s01_2_of_a_general_flood_the_prefecture_is_not_called_and_the_province_told_nothing() -> None:
    found = rows(S01, clock("02:14:40"))
    assert ("C", "P", "phone") not in found
    assert not [row for row in found if row[1] == "PR"]


def test_s01_3_the_leader_told_closes_the_due_after_2_min_45_s() -> None:
    told = telling(S01, "C", "L", "phone", clock("02:16:05"))
    (due,) = rows(told, clock("02:17"))["C", "L", "phone"]
    assert due.done is not None
    assert due.done.at - due.why.anchor_at == timedelta(minutes=2, seconds=45)
    assert standing(due, RULES.semantics, clock("09:00")).state == "done"


def test_s01_7_more_trapped_make_a_follow_up_due_and_no_larger_risk() -> None:
    now = clock("02:58")
    found = rows(FIVE, now, "followup_on_event")
    assert found["C", "P", "written"][0].at == clock("03:28")
    assert found["C", "CG", "written"][0].at == clock("03:28")
    initial = rows(FIVE, now)
    assert [due.at for due in initial["C", "P", "written"]] == [clock("04:13:20")]
    assert ("C", "PR", "phone") not in initial
    assert all(one.why.grade == "general" for told in initial.values() for one in told)


def test_s01_9_the_final_report_is_due_the_next_day_and_no_follow_up_any_more() -> None:
    ended = replace(FIVE, ended=clock("04:05"))
    assert rows(ended, clock("08:00"), "final")["C", "P", "written"][0].at == clock("06-19 04:05")
    assert rows(ended, clock("08:00"), "followup") == {}
    assert rows(ended, clock("08:00"), "review") == {}
    assert rows(FIVE, clock("03:50"), "followup")["C", "P", "written"][0].at == clock("23:59:59")


FIRE = (*DEFAULT, "forest_30")
DAY = "2025-11-05"


S02 = Situation(
    "SJ-20251105-001",
    "11G01",
    clock("13:43", DAY),
    (LevelSet(clock("13:43", DAY), "general"),),
    occurred=clock("13:40", DAY),
    received={"C": clock("13:40", DAY)},
)
SEEN = replace(S02, flags=(), figures=(FigureSet(clock("14:05", DAY), "hot_pixels", 3),))
CALLED = telling(SEEN, "C", "P", "phone", clock("14:07", DAY))
LARGER = replace(
    CALLED,
    levels=(*S02.levels, LevelSet(clock("14:40", DAY), "larger")),
    flags=(FlagSet(clock("14:20", DAY), "threatens_homes"),),
)


def test_s02_2_forest_30_makes_a_call_due_from_the_start() -> None:
    (due,) = rows(S02, clock("13:43", DAY), profiles=FIRE)["C", "P", "phone"]
    assert (due.at, due.why.rule.id, due.losers) == (clock("14:10", DAY), "F1", ())


def test_s02_4_hot_spots_make_a_call_due_at_once_which_is_the_floor() -> None:
    (due,) = rows(SEEN, clock("14:05", DAY), profiles=FIRE)["C", "P", "phone"]
    assert due.at == clock("14:10", DAY)
    assert {one.rule.id: one.at for one in (due.why, *due.losers)} == {
        "F1": clock("14:10", DAY),
        "N19": clock("14:10", DAY),
    }
    (done,) = rows(CALLED, clock("14:08", DAY), profiles=FIRE)["C", "P", "phone"]
    assert done.done is not None
    assert standing(done, RULES.semantics, clock("15:00", DAY)).state == "done"
    (alone,) = rows(SEEN, clock("14:05", DAY))["C", "P", "phone"]
    assert (alone.why.rule.id, alone.at, alone.why.applied) == ("N19", clock("14:10", DAY), "floor")


def test_s02_5_another_trigger_of_the_same_rule_asks_nothing_anew() -> None:
    threatened = replace(LARGER, levels=S02.levels)
    found = rows(threatened, clock("14:21", DAY), profiles=FIRE)["C", "P", "phone"]
    assert [due.done is None for due in found] == [False]


def test_s02_6_the_higher_level_is_reported_anew() -> None:
    found = rows(LARGER, clock("14:40", DAY), profiles=FIRE)
    phone = found["C", "P", "phone"]
    assert [(due.round, due.at, due.done is None) for due in phone] == [
        (1, clock("14:10", DAY), False),
        (2, clock("14:45", DAY), True),
    ]
    assert found["C", "P", "written"][0].at == clock("15:00", DAY)


def test_s02_8_the_full_report_counts_from_the_fire_being_out() -> None:
    out = replace(LARGER, fire_out=clock("17:50", DAY))
    assert rows(out, clock("17:50", DAY), "full_report", FIRE)["C", "P", "written"][0].at == clock(
        "18:50", DAY
    )


S03 = Situation(
    "SJ-20250715-001",
    "12D02",
    clock("07:54", "2025-07-15"),
    (LevelSet(clock("07:54", "2025-07-15"), "general"),),
    occurred=clock("07:52", "2025-07-15"),
    received={"E": clock("07:50", "2025-07-15"), "C": clock("07:53", "2025-07-15")},
)
RISK = replace(
    S03,
    figures=(
        FigureSet(clock("08:10", "2025-07-15"), "at_risk", 14),
        FigureSet(clock("08:10", "2025-07-15"), "evacuated", 640),
    ),
)


def july(words: str) -> datetime:
    return clock(words, "2025-07-15")


def test_s03_2_the_enterprise_counts_from_its_heads_receipt() -> None:
    found = rows(S03, clock("07:54", "2025-07-15"))
    assert found["E", "C", "phone"][0].at == july("08:50")
    assert found["E", "C", "written"][0].at == july("08:50")
    assert found["E", "D", "phone"][0].at == july("08:50")


@pytest.mark.parametrize(
    ("row", "due", "rule"),
    [
        (("C", "PR", "phone"), "08:53", "N6"),
        (("C", "P", "phone"), "08:22", "D10"),
        (("C", "CG", "phone"), "08:15", "D9"),
        (("C", "CG", "written"), "08:33", "D9"),
        (("C", "P", "written"), "08:52", "D10"),
    ],
)
def test_s03_5_larger_risk_recomputes(row: Row, due: str, rule: str) -> None:
    (found,) = rows(RISK, clock("08:10", "2025-07-15"))[row]
    assert (found.at, found.why.rule.id, found.why.grade) == (july(due), rule, "larger_risk")


def test_s03_8_what_is_due_after_the_end_and_how_the_environment_report_was_kept() -> None:
    reported = telling(RISK, "C", "P", "written", clock("09:40", "2025-07-15"))
    ended = replace(reported, ended=clock("10:00", "2025-07-15"))
    now = clock("10:00", "2025-07-15")
    assert rows(ended, now, "final")["C", "P", "written"][0].at == clock("07-16 10:00")
    assert rows(ended, now, "review")["C", "CG", "written"][0].at == clock("07-29 23:59:59")
    (due,) = rows(ended, now)["C", "P", "written"]
    environment = [one for one in due.losers if one.rule.id == "N17a" and one.grade == "general"]
    assert [one.at for one in environment] == [july("11:53")]
    assert due.done is not None
    assert due.done.at < environment[0].at
    assert standing(due, RULES.semantics, now).late_min == 48


S14 = Situation(
    "SJ-20250618-014",
    "11D01",
    clock("06:10"),
    (LevelSet(clock("06:10"), "general"),),
    occurred=clock("05:10"),
    learned={"T": clock("05:25")},
    received={"C": clock("06:10")},
)
PHONED = telling(S14, "T", "C", "phone", clock("06:10"))


def test_s14_1_the_township_is_thirty_minutes_late() -> None:
    (due,) = rows(PHONED, clock("06:11"))["T", "C", "phone"]
    assert (due.at, due.why.rule.id) == (clock("05:40"), "D3")
    kept = standing(due, RULES.semantics, clock("12:00"))
    assert (kept.state, kept.late_min) == ("done_late", 30)


def test_s14_2_the_centre_is_not_late_before_it_knows() -> None:
    assert rows(PHONED, clock("06:10"))["C", "P", "written"][0].at == clock("07:10")
    larger = rows(replace(PHONED, levels=(LevelSet(clock("06:10"), "larger"),)), clock("06:10"))
    assert larger["C", "P", "phone"][0].at == clock("06:20")
    assert larger["C", "P", "written"][0].at == clock("06:40")


def test_s14_a_cap_that_passed_before_the_receipt_names_the_late_township() -> None:
    """The same with a receipt at 07:05: N12 would have been due 07:10, the grace runs to 07:35."""
    late = telling(
        replace(S14, opened=clock("07:05"), received={"C": clock("07:05")}), "T", "C", "phone", clock("07:05")
    )
    (due,) = rows(late, clock("07:05"))["C", "P", "system"]
    told = due.cap_exceeded_upstream
    assert due.at == clock("07:35")
    assert told is not None
    assert (told.rule_id, told.cap_at, told.late_node, told.late_min) == ("N12", clock("07:10"), "T", 85)


def test_s14_of_nobody_late_below_the_node_stays_unknown() -> None:
    alone = replace(S14, opened=clock("07:05"), learned={}, received={"C": clock("07:05")})
    (due,) = rows(alone, clock("07:05"))["C", "P", "system"]
    assert due.cap_exceeded_upstream is not None
    assert due.cap_exceeded_upstream.late_node is None


def test_what_is_open_is_what_nothing_discharged() -> None:
    (done,) = rows(CALLED, clock("14:08", DAY), profiles=FIRE)["C", "P", "phone"]
    (kept,) = rows(SEEN, clock("14:08", DAY), profiles=FIRE)["C", "P", "phone"]
    assert open_dues((done, kept)) == (kept,)
