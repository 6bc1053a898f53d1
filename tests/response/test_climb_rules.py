"""Who is tried next: persons, then channels, by deadline; nobody is skipped, nobody called twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.response.call_and_respond.rules.climb import (
    Group,
    Means,
    Reachable,
    Silence,
    Way,
    again_at,
    decide,
    due_groups,
    ladder,
    next_at,
)
from app.response.call_and_respond.rules.limits import COLOURS, SHIPPED, Limits, Minutes, faults, read, stored
from app.response.call_and_respond.rules.loop import Place, Standing, counted, sample, standing
from app.response.call_and_respond.rules.review import review
from app.response.call_and_respond.rules.roll import Callee, gaps, in_order, role_of
from app.response.call_and_respond.rules.words import alert, changed, feedback, heard, overdue

NOON = datetime(2025, 6, 18, 4, tzinfo=UTC)
RED = SHIPPED.colours["red"]
PHONE = Reachable(phone=True)
people = st.builds(
    Reachable, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans()
)
tiers = st.sampled_from(["county", "township", "village"])


def _minute(group: Group) -> float:
    return (group.at - NOON).total_seconds() / 60


def test_a_red_village_climbs_from_a_to_b_to_the_head_to_the_grid_then_over_channels() -> None:
    everybody = [
        Reachable(app=True, mobile=True, phone=True),
        Reachable(mobile=True, phone=True),
        Reachable(phone=True, radio=True),
        Reachable(phone=True, satellite=True, beidou=True),
    ]
    told = [
        (_minute(g), [(w.person, w.means) for w in g.ways]) for g in ladder(everybody, "village", NOON, RED)
    ]
    assert told == [
        (0, [(0, "app"), (0, "sms"), (0, "phone")]),
        (5, [(1, "sms"), (1, "phone")]),
        (10, [(2, "phone")]),
        (15, [(3, "phone")]),
        (30, [(2, "radio_370")]),
        (32, [(3, "satellite_phone"), (3, "beidou")]),
        (34, [(None, "broadcast")]),
        (38, [(None, "messenger")]),
    ]


@pytest.mark.parametrize(
    ("tier", "last"), [("county", "phone"), ("township", "messenger"), ("village", "messenger")]
)
def test_nobody_is_sent_to_a_leader_of_the_county_and_no_broadcast_to_a_township(
    tier: str, last: Means
) -> None:
    groups = ladder([PHONE], tier, NOON, RED)  # type: ignore[arg-type]
    assert groups[-1].ways[0].means == last
    assert any(way.means == "broadcast" for group in groups for way in group.ways) == (tier == "village")


def test_many_people_are_all_tried_before_the_deadline() -> None:
    groups = ladder([PHONE] * 12, "village", NOON, RED)
    assert [_minute(g) for g in groups[:12]] == [2.5 * k for k in range(12)]


def test_a_village_without_anybody_still_gets_a_broadcast_and_a_messenger() -> None:
    assert [g.ways for g in ladder([Reachable()], "village", NOON, RED)] == [
        (Way(None, "broadcast"),),
        (Way(None, "messenger"),),
    ]


@pytest.mark.parametrize(
    ("minute", "tried", "failed", "answered", "opens"),
    [
        (0, 0, None, False, 1),
        (4, 1, None, False, 0),
        (5, 1, None, False, 1),
        (1, 1, 1, False, 1),  # no answer: the next at once
        (1, 1, 2, False, 0),
        (16, 1, None, False, 3),  # the house was away: what was missed is done now
        (60, 4, None, False, 2),
        (60, 6, None, False, 0),
        (60, 1, 1, True, 0),  # answered: nothing any more
    ],
)
def test_what_is_opened_at_a_minute(
    minute: int,
    tried: int,
    failed: int | None,
    answered: bool,
    opens: int,
) -> None:
    groups = ladder([PHONE] * 4, "village", NOON, RED)
    failed_at = None if failed is None else NOON + timedelta(minutes=failed)
    silence = Silence(groups, tried, failed_at, answered)
    assert len(due_groups(silence, NOON + timedelta(minutes=minute))) == opens
    assert decide([silence], NOON + timedelta(minutes=minute)) == [
        due_groups(silence, NOON + timedelta(minutes=minute))
    ]


def test_the_clock_looks_again_at_the_next_group_or_at_once_after_a_failure() -> None:
    groups = ladder([PHONE] * 2, "village", NOON, RED)
    assert next_at(Silence(groups, 1)) == NOON + timedelta(minutes=5)
    assert next_at(Silence(groups, 1, NOON)) == NOON
    assert next_at(Silence(groups, 1, answered=True)) is None
    assert next_at(Silence(groups, len(groups))) is None


@pytest.mark.parametrize(
    ("result", "attempt", "again"), [("busy", 1, 2), ("busy", 3, None), ("no_answer", 1, None)]
)
def test_only_a_busy_line_is_tried_again(result: str, attempt: int, again: int | None) -> None:
    wanted = None if again is None else NOON + timedelta(minutes=again)
    assert again_at(result, attempt, NOON, RED) == wanted  # type: ignore[arg-type]


@given(st.lists(people, max_size=8), tiers)
def test_nobody_with_a_number_is_skipped_and_everybody_is_opened_once(
    told: list[Reachable], tier: str
) -> None:
    groups = ladder(told, tier, NOON, RED)  # type: ignore[arg-type]
    opened: list[Way] = []
    tried = 0
    for minute in range(61):
        for group in due_groups(Silence(groups, tried), NOON + timedelta(minutes=minute)):
            opened += group.ways
            tried += 1
    assert len(opened) == len(set(opened))
    for n, one in enumerate(told):
        mine = {way.means for way in opened if way.person == n}
        assert mine == {
            means
            for there, means in (
                (one.app, "app"),
                (one.mobile, "sms"),
                (one.phone, "phone"),
                (one.radio, "radio_370"),
                (one.satellite, "satellite_phone"),
                (one.beidou, "beidou"),
            )
            if there
        }
    firsts = [way.person for way in opened if way.means == "phone"]
    assert firsts == sorted(firsts, key=lambda n: n or 0), "in the order of the list"


@given(st.lists(people, min_size=1, max_size=6), tiers)
def test_a_milder_colour_is_never_quicker_at_any_rung(told: list[Reachable], tier: str) -> None:
    ladders = [ladder(told, tier, NOON, SHIPPED.colours[colour]) for colour in COLOURS]  # type: ignore[arg-type]
    for graver, milder in pairwise(ladders):
        assert [g.ways for g in graver] == [g.ways for g in milder]
        assert all(a.at <= b.at for a, b in zip(graver, milder, strict=True))


@given(st.lists(people, max_size=6), st.integers(0, 9), st.integers(0, 200))
def test_what_answered_is_never_called_again(told: list[Reachable], tried: int, minute: int) -> None:
    silence = Silence(ladder(told, "village", NOON, RED), tried, NOON, answered=True)
    assert due_groups(silence, NOON + timedelta(minutes=minute)) == () and next_at(silence) is None


places = st.builds(
    Place,
    tiers,
    st.sampled_from(["990181100201", "990181100202", "990181200201"]),
    st.sampled_from(["waiting", "answered", "late", "silent"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "agrees", "not_passed_on", "unreached"]),
)


@given(st.lists(places, max_size=40))
def test_counts_add_up_by_tier_and_by_township(told: list[Place]) -> None:
    counts = counted(told)
    whole = [one for one in counts if one.township_code is None]
    assert sum(one.total for one in whole) == len(told)
    for one in counts:
        assert one.waiting + one.answered + one.silent == one.total and one.late <= one.answered
    villages = [one for one in counts if one.township_code is not None]
    total = next((one for one in whole if one.tier == "village"), None)
    for name in ("total", "answered", "late", "silent", "warned", "acted", "fed_back", "drawn", "agreed"):
        assert sum(getattr(one, name) for one in villages) == (getattr(total, name) if total else 0)


def test_a_place_stands_by_its_deadline() -> None:
    later = NOON + timedelta(seconds=1)
    table: list[tuple[datetime | None, datetime, Standing]] = [
        (None, NOON, "waiting"),
        (None, later, "silent"),
        (NOON, later, "answered"),
        (later, later, "late"),
    ]
    assert [standing(NOON, answered, now) for answered, now, _ in table] == [want for *_, want in table]


def test_five_in_a_hundred_are_asked_at_least_one() -> None:
    assert [sample(n, 5) for n in (0, 1, 20, 21, 36, 300)] == [0, 1, 1, 2, 2, 15]


def test_the_shipped_table_is_sane_and_survives_being_kept() -> None:
    assert faults(SHIPPED) == [] and read(stored(SHIPPED)) == SHIPPED
    assert (RED.of("county"), RED.of("township"), RED.of("village")) == (10, 10, 30)


def test_a_milder_colour_with_less_time_and_a_village_before_its_township_are_refused() -> None:
    hasty = Minutes(5, 40, 30, 30, 5, 2, 2)
    wrong = faults(Limits({**SHIPPED.colours, "yellow": hasty}, 5))
    assert {"colours.yellow.county", "colours.yellow.village"} <= {one.name for one in wrong}


@pytest.mark.parametrize(
    ("today", "filed", "state"),
    [
        (date(2025, 3, 19), None, "not_yet"),
        (date(2025, 3, 20), None, "due"),
        (date(2025, 4, 19), date(2024, 4, 1), "due"),
        (date(2025, 4, 20), None, "overdue"),
        (date(2025, 6, 1), date(2025, 5, 2), "filed"),
    ],
)
def test_the_list_is_filed_before_20_april(today: date, filed: date | None, state: str) -> None:
    assert review(today, filed) == state


def _callee(role: str, person: int, *phones: str) -> Callee:
    return Callee(role, person, f"人{person}", "", phones)  # type: ignore[arg-type]


def test_a_list_is_in_its_order_holds_nobody_twice_and_names_what_it_lacks() -> None:
    listed = in_order(
        [_callee("village_head", 1, "13700000001"), _callee("contact_a", 2), _callee("contact_a", 1, "1")]
    )
    assert [(one.role, one.person_id) for one in listed] == [("contact_a", 2), ("contact_a", 1)]
    assert gaps("village", listed) == ("无B角", "无村主干", "A角人2无号码")
    assert gaps("county", [_callee("county_head", 3, "0799-555")]) == ()
    assert _callee("contact_a", 4, "0799-555", "13700000001").mobile == "13700000001"
    assert [role_of(word) for word in ("市委副书记、市长", "副市长", "指挥长")] == [
        "county_head",
        "other_leader",
        "flood_hq",
    ]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("收到 4821", "4821", True),
        ("收到4821,马上转移", "4821", True),
        ("4821", "4821", False),
        ("1", None, True),
        ("已知晓。", None, True),
    ],
)
def test_an_answer_by_text_is_read(text: str, code: str | None, said: bool) -> None:
    told = heard(text)
    assert told is not None and (told.code, told.said) == (code, said)


@pytest.mark.parametrize("text", ["", "没收到", "水位4821", "13700000001", "12 应急", "应急救援"])
def test_other_texts_are_no_answer(text: str) -> None:
    assert heard(text) is None


def test_texts_carry_the_mark_of_a_drill_and_only_what_is_known() -> None:
    told = alert("暴雨红色", True, ("大雨", "", "两镇", ""), "18日03:10", "4821")
    assert told == "【演练】叫应 暴雨红色:大雨;两镇。请18日03:10前回复“收到 4821”并落实"
    assert alert("暴雨", False, (), "03:10", "1").startswith("叫应 暴雨。请")
    assert changed("暴雨解除", False, "雨停", "1").startswith("暴雨解除。雨停")
    assert feedback("暴雨", True, "东村").startswith("【演练】请反馈:东村")
    assert "等9个村" in overdue("暴雨", False, [f"村{n}" for n in range(9)])
