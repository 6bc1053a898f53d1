"""The draw can be repeated, every failure follows from the facts, the month's marks from the failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.duty.spot_check.rules.circular import FAILURES, METHODS, Case, Results, draft
from app.duty.spot_check.rules.draw import Lack, Quota, draw, is_night, lack, ranks, within
from app.duty.spot_check.rules.judge import (
    Failure,
    Leader,
    Limits,
    Method,
    Seen,
    Try,
    judge,
    relation,
    retry_due,
)
from app.duty.spot_check.rules.score import Charge, Weights, places, points, score
from app.duty.spot_check.settings import load_scoring
from tests.world import ZONE

NOW = datetime(2025, 6, 18, 14, 10, tzinfo=UTC)  # 22:10 in the county
LIMITS = load_scoring().limits
POOL = st.sets(st.integers(1, 2**40), min_size=1, max_size=60)


# ---- the draw


@given(POOL, st.text(min_size=1), st.data())
def test_the_same_seed_and_pool_give_the_same_posts_in_whatever_order_the_pool_is_told(
    pool: set[int], seed: str, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(pool)))
    drawn = draw(sorted(pool), count, seed)
    assert drawn == draw(sorted(pool, reverse=True), count, seed)
    assert len(set(drawn)) == count and set(drawn) <= pool
    assert draw(pool, len(pool), seed)[:count] == drawn, "more posts are drawn behind the first ones"


def test_the_draw_of_8_of_23_is_the_one_written_down_here() -> None:
    assert draw(range(1, 24), 8, "20250618-2210") == (8, 7, 18, 4, 6, 12, 5, 19)
    assert draw(range(1, 24), 8, "another") != draw(range(1, 24), 8, "20250618-2210")


def test_over_many_seeds_every_post_is_drawn_about_equally_often() -> None:
    times = dict.fromkeys(range(1, 24), 0)
    for seed in range(2300):
        for post in draw(range(1, 24), 8, str(seed)):
            times[post] += 1
    assert all(700 < count < 900 for count in times.values()), times  # 800 expected


@pytest.mark.parametrize("count", [0, 24])
def test_nobody_draws_none_or_more_than_there_are(count: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw(range(1, 24), count, "seed")


def test_those_who_lack_their_quota_are_drawn_first() -> None:
    lacks = {1: Lack(0, 0), 2: Lack(2, 1), 3: Lack(0, 1), 4: Lack(1, 0), 5: Lack(0, 0)}
    assert set(draw(lacks, 2, "s", ranks(lacks, at_night=False))) == {2, 4}
    assert draw(lacks, 3, "s", ranks(lacks, at_night=True)) == (2, 3, 4)
    assert [one.anything for one in lacks.values()] == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("checks", "night", "lacks"), [(0, 0, (2, 1)), (1, 1, (1, 0)), (2, 0, (0, 1)), (5, 3, (0, 0))]
)
def test_a_post_lacks_two_checks_a_month_and_one_at_night(
    checks: int, night: int, lacks: tuple[int, int]
) -> None:
    found = lack(checks, night, Quota())
    assert (found.checks, found.night) == lacks


@pytest.mark.parametrize(
    ("hour", "minute", "night"), [(0, 0, True), (5, 59, True), (6, 0, False), (23, 59, False)]
)
def test_night_is_from_midnight_to_six_on_the_wall(hour: int, minute: int, night: bool) -> None:
    at = datetime(2025, 6, 18, hour, minute, tzinfo=ZONE)
    assert is_night(at.astimezone(UTC), ZONE, Quota()) is night


def test_a_place_holds_what_lies_in_it() -> None:
    village, county = "990181100201", "990181000000"
    assert within(village, []) and within(village, ["990181100000"]) and within(village, [county])
    assert within(village, ["990181200000", village])
    assert not within(village, ["990181200000"]) and not within(county, [village])


# ---- the judgement


def seen(method: Method = "phone", **facts: Any) -> Seen:
    answered = {
        "tries": (Try(answered=True, rings=2 if method == "phone" else None, seconds=20),),
        "relation": "on_roster",
        "weather": True,
        "warnings": True,
        "leader_named": True,
    }
    return Seen(method=method, **{**answered, **facts})


SILENT = Try(answered=False)
CASES: list[tuple[str, Seen, tuple[Failure, ...]]] = [
    ("all is well", seen(), ()),
    ("three rings are in time", seen(tries=(Try(answered=True, rings=3),)), ()),
    ("four are not", seen(tries=(Try(answered=True, rings=4),)), ("slow_answer",)),
    ("an answer at the second call", seen(tries=(SILENT, Try(answered=True, rings=1))), ("slow_answer",)),
    ("nobody answers twice", seen(tries=(SILENT, SILENT), relation=None), ("no_answer",)),
    ("nobody was called", seen(tries=(), relation=None), ("no_answer",)),
    ("silence tells nothing of what was asked", seen(tries=(SILENT,), weather=False), ("no_answer",)),
    ("the app in a minute", seen("app", tries=(Try(answered=True, seconds=60),)), ()),
    ("the app later", seen("app", tries=(Try(answered=True, seconds=61),)), ("slow_answer",)),
    ("a telephone whose rings nobody counted", seen(tries=(Try(answered=True, seconds=500),)), ()),
    ("Beidou takes its time", seen("beidou", tries=(Try(answered=True, seconds=540),)), ()),
    ("the radio", seen("radio", tries=(Try(answered=True, seconds=61),)), ("slow_answer",)),
    ("satellite", seen("satellite_phone", tries=(Try(answered=True, seconds=121),)), ("slow_answer",)),
    ("an app that measured nothing", seen("app", tries=(Try(answered=True),)), ()),
    ("away from the desk", seen(at_desk=False), ("absent",)),
    ("a driver answers", seen(relation="substitute"), ("substitute",)),
    ("a colleague off duty answers", seen(relation="not_on_roster"), ("not_on_roster",)),
    ("no roster to compare with", seen(relation="no_roster"), ()),
    ("does not know the weather", seen(weather=False), ("cannot_state_situation",)),
    ("does not know the warnings", seen(warnings=False), ("cannot_state_situation",)),
    ("does not know the leader", seen(leader_named=False), ("cannot_state_situation",)),
    ("was asked nothing", seen(weather=None, warnings=None, leader_named=None), ()),
    ("the log is poor", seen(log_complete=False), ("log_incomplete",)),
    ("4 h without an entry", seen(log_last_entry_at=NOW - timedelta(hours=4)), ()),
    ("longer", seen(log_last_entry_at=NOW - timedelta(hours=4, seconds=1)), ("log_incomplete",)),
    ("video in 3:00", seen("video", tries=(Try(answered=True, seconds=180),)), ()),
    ("video in 3:01", seen("video", tries=(Try(answered=True, seconds=181),)), ("video_slow",)),
    (
        "video at the second try",
        seen("video", tries=(SILENT, Try(answered=True, seconds=9))),
        ("video_slow",),
    ),
    ("no video", seen("video", tries=(SILENT, SILENT), relation=None), ("video_failed",)),
    ("the leader is reached", seen(leader=Leader(reached=True, on_site=False)), ()),
    ("the leader is not", seen(leader=Leader(reached=False)), ("leader_unreachable",)),
    (
        "the leader is away in a response",
        seen(leader=Leader(reached=True, on_site=False), response_in_force=True),
        ("leader_not_on_site",),
    ),
    (
        "the leader is there in a response",
        seen(leader=Leader(reached=True, on_site=True), response_in_force=True),
        (),
    ),
    (
        "everything at once",
        seen(
            "video",
            tries=(Try(answered=True, seconds=250),),
            relation="substitute",
            at_desk=False,
            weather=False,
            log_complete=False,
            leader=Leader(reached=False),
        ),
        (
            "video_slow",
            "absent",
            "substitute",
            "cannot_state_situation",
            "log_incomplete",
            "leader_unreachable",
        ),
    ),
]


@pytest.mark.parametrize(("facts", "failures"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_follows_from_the_facts(facts: Seen, failures: tuple[Failure, ...]) -> None:
    assert judge(facts, LIMITS, NOW) == failures


def test_every_failure_is_proved_by_a_case_and_has_words_and_a_price() -> None:
    every = set(get_args(Failure))
    assert {code for case in CASES for code in case[2]} == every
    assert FAILURES.keys() == every == load_scoring().weights.deductions.keys()
    assert METHODS.keys() == set(get_args(Method))


ON_DUTY, COLLEAGUES = {1: "张三", 2: "李四"}, {1, 2, 3}


@pytest.mark.parametrize(
    ("person", "name", "standing_in", "expected"),
    [
        (1, "张三", False, "on_roster"),
        (None, "李四", False, "on_roster"),
        (1, "张三", True, "on_roster"),
        (3, "王五", False, "not_on_roster"),
        (3, "王五", True, "substitute"),
        (9, "别处的人", False, "substitute"),
        (None, "司机老李", False, "substitute"),
    ],
)
def test_who_answers_is_compared_with_the_roster(
    person: int | None, name: str, standing_in: bool, expected: str
) -> None:
    assert relation(person, name, ON_DUTY, COLLEAGUES, standing_in=standing_in) == expected


def test_without_a_roster_only_a_stand_in_who_says_so_is_one() -> None:
    assert relation(1, "张三", {}, COLLEAGUES, standing_in=False) == "no_roster"
    assert relation(None, "司机", {}, COLLEAGUES, standing_in=True) == "substitute"


def test_a_post_that_does_not_answer_is_called_again_five_minutes_later_and_then_no_more() -> None:
    assert retry_due(1, NOW, LIMITS) == NOW + timedelta(minutes=5)
    assert retry_due(2, NOW, LIMITS) is None
    assert retry_due(1, NOW, Limits(tries=1)) is None


# ---- the marks

WEIGHTS = Weights(full=100, floor=0, deductions={"no_answer": 20, "absent": 30})


def test_a_month_is_worth_full_marks_less_what_holds() -> None:
    assert score([], WEIGHTS) == 100
    assert score([Charge("no_answer"), Charge("absent")], WEIGHTS) == 50
    assert score([Charge("no_answer", upheld=True), Charge("absent")], WEIGHTS) == 70
    assert score([Charge("absent")] * 4, WEIGHTS) == 0
    assert points(Charge("video_slow"), WEIGHTS) == 0, "what costs nothing here"


def test_equal_marks_share_a_place_and_who_was_not_checked_has_none() -> None:
    assert places({1: 80, 2: 100, 3: 100, 4: None, 5: 60}) == {1: 3, 2: 1, 3: 1, 4: None, 5: 4}


@pytest.mark.parametrize(
    "wrong", ["full_marks: x", "[]", "deductions: {no_answer: 20}", "\x80", "limits: {rings: 0}"]
)
def test_a_scoring_file_that_is_not_right_is_named(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "scoring.yaml"
    path.write_bytes(wrong.encode("latin-1"))
    with pytest.raises(ValueError, match=r"scoring\.yaml"):
        load_scoring(path)


def test_a_scoring_file_without_a_price_for_every_failure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scoring.yaml"
    told = Path("app/duty/spot_check/scoring.yaml").read_text(encoding="utf-8")
    path.write_text(told.replace("  absent: 30\n", ""), encoding="utf-8")
    with pytest.raises(ValueError, match="no deduction for absent"):
        load_scoring(path)


# ---- the circular

WELL = Case("东镇", "phone", (NOW,), "张三", ())
ILL = Case("西镇", "video", (NOW, NOW + timedelta(minutes=6)), "", ("video_failed", "leader_unreachable"))


def results(*cases: Case, **changes: Any) -> Results:
    told = {
        "issuer": "樟川市应急指挥中心",
        "ordered_by": "周敏副市长",
        "began_at": NOW,
        "ended_at": NOW + timedelta(minutes=45),
        "pool": 23,
        "seed": "7",
        "cases": cases,
        "rectify_within": timedelta(hours=24),
    }
    return Results(**{**told, **changes})


def test_the_circular_tells_period_method_counts_cases_and_requirements() -> None:
    text = draft(results(WELL, ILL), ZONE)
    for words in (
        "2025年6月18日22:10至22:55，根据周敏副市长要求",
        "从23个值班岗位中随机抽取2个（抽取种子 7），其中电话抽查1个、视频抽查1个；合格1个，不合格1个。",
        "合格单位：东镇。",
        "1.西镇：22:10、22:16视频抽查，视频未能接通；带班领导联系不上。",
        "（一）存在问题的单位要立即整改，于6月19日22:55前",
        "樟川市应急指挥中心\n2025年6月18日",
    ):
        assert words in text


def test_the_circular_of_a_night_on_which_all_went_well_names_no_case() -> None:
    text = draft(results(WELL, ordered_by="", ended_at=NOW + timedelta(hours=3)), ZONE)
    assert "22:10至6月19日01:10，樟川市应急指挥中心" in text
    assert "存在问题" not in text and "不合格单位" not in text and "二、有关要求" in text


def test_a_case_names_who_answered() -> None:
    text = draft(results(Case("南镇", "phone", (NOW,), "司机老李", ("substitute",))), ZONE)
    assert "南镇：22:10电话抽查，由司机老李应答，由非值班人员顶岗。" in text
    assert "\n不合格单位：南镇。" in text and "\n合格单位" not in text
