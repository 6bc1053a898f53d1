from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.duty.roster.rules.interval import Interval, union
from app.duty.roster.rules.proof import gaps
from app.duty.roster.rules.resolve import (
    FixedShift,
    Layer,
    Override,
    Part,
    Recorded,
    ResolvedShift,
    SeatPlan,
    Source,
    Temporary,
    on_duty,
    resolve,
)
from app.duty.roster.rules.rotation import Rotation
from app.duty.roster.rules.windows import WeeklyWindow
from tests.duty.clocks import SHANGHAI, on, span

UTC_ZONE = ZoneInfo("UTC")
FOOBAR, BINBAZ, BAZ = 1, 2, 3
EVERY_DAY = frozenset(range(7))
BASE = (Layer(FOOBAR, (WeeklyWindow(EVERY_DAY, time(8), time(10)),)),)


def hour(start: str, end: str) -> Interval:
    return span(f"2018-01-01 {start}", f"2018-01-01 {end}")


# design/field.md 4.3, lines V1 to V5, from GoAlert's oncall/state_test.go: window 08:00 to 09:00 of
# 2018-01-01, base rule daily 08:00 to 10:00. V4's last shift is truncated there too ("Temporary Schedule").
# V7, two overrides inserted at once, is a matter of the database.
Told = tuple[int, str, str, Source, bool]
CASES: dict[str, tuple[SeatPlan, list[Told]]] = {
    "V1": (
        SeatPlan(BASE, overrides=(Override(hour("08:30", "08:45"), add=BINBAZ, remove=FOOBAR),)),
        [
            (FOOBAR, "08:00", "08:30", "fixed", False),
            (BINBAZ, "08:30", "08:45", "override", False),
            (FOOBAR, "08:45", "09:00", "fixed", True),
        ],
    ),
    "V2": (
        SeatPlan(
            BASE,
            overrides=(
                Override(hour("08:30", "08:45"), add=BINBAZ),
                Override(hour("08:00", "08:15"), add=BINBAZ),
            ),
        ),
        [
            (BINBAZ, "08:00", "08:15", "override", False),
            (FOOBAR, "08:00", "09:00", "fixed", True),
            (BINBAZ, "08:30", "08:45", "override", False),
        ],
    ),
    "V3": (
        SeatPlan(BASE, overrides=(Override(hour("08:30", "08:45"), remove=FOOBAR),)),
        [(FOOBAR, "08:00", "08:30", "fixed", False), (FOOBAR, "08:45", "09:00", "fixed", True)],
    ),
    "V4": (
        SeatPlan(
            BASE,
            temporaries=(Temporary(hour("08:15", "08:45"), (FixedShift(BAZ, hour("08:25", "08:35")),)),),
        ),
        [
            (FOOBAR, "08:00", "08:15", "fixed", False),
            (BAZ, "08:25", "08:35", "temporary", False),
            (FOOBAR, "08:45", "09:00", "fixed", True),
        ],
    ),
    "V5": (
        SeatPlan(
            BASE,
            recorded=(Recorded(FOOBAR, hour("07:00", "08:00")),),
            recorded_until=on("2018-01-01 08:00"),
        ),
        [(FOOBAR, "07:00", "09:00", "recorded", True)],
    ),
}


@pytest.mark.parametrize(("plan", "expected"), CASES.values(), ids=CASES)
def test_a_seat_resolves_as_goalert_resolves_it(plan: SeatPlan, expected: list[Told]) -> None:
    found = resolve(plan, hour("08:00", "09:00"), UTC_ZONE)
    assert found == tuple(
        ResolvedShift(person, hour(start, end), source, truncated)
        for person, start, end, source, truncated in expected
    )


def test_v6_additions_come_first_then_replacements_then_removals() -> None:
    rab, baz, bin_, foo, bar = 1, 2, 3, 4, 5  # overridecalculator_test.go
    day = hour("00:00", "12:00")
    overrides = (Override(day, remove=baz), Override(day, add=bar, remove=rab), Override(day, add=foo))
    plan = SeatPlan(tuple(Layer(one) for one in (rab, baz, bin_)), overrides=overrides)
    assert on_duty(plan, on("2018-01-01 06:00"), UTC_ZONE) == (bin_, foo, bar)
    assert on_duty(plan, on("2018-01-01 12:00"), UTC_ZONE) == (rab, baz, bin_)


def test_v8_a_replacement_comes_only_while_the_replaced_is_on_duty() -> None:
    u1, u2, u3 = 1, 2, 3  # scheduleoverridereplace_test.go
    midnight = on("2026-01-01 00:00")
    plan = SeatPlan(
        (Layer(u1), Layer(u2, (WeeklyWindow(EVERY_DAY, time(9), time(21)),))),
        overrides=(
            Override(Interval(midnight + timedelta(days=2), midnight + timedelta(days=6)), add=u3, remove=u2),
        ),
    )

    def there(day: int, clock: int) -> tuple[int, ...]:
        return on_duty(plan, midnight + timedelta(days=day, hours=clock), UTC_ZONE)

    assert there(0, 9) == (u1, u2)
    assert there(3, 9) == (u1, u3)
    assert there(3, 21) == (u1,)
    assert there(6, 9) == (u1, u2)


def test_swaps_of_swaps_apply_in_the_order_they_were_made() -> None:
    morning = hour("08:00", "09:00")
    chain = (Override(morning, add=2, remove=1), Override(morning, add=3, remove=2))
    at = on("2018-01-01 08:30")
    assert on_duty(SeatPlan((Layer(1),), overrides=chain), at, UTC_ZONE) == (3,)
    assert on_duty(SeatPlan((Layer(1),), overrides=chain[::-1]), at, UTC_ZONE) == (2,)


def test_a_group_sits_together_and_one_of_it_is_replaced_alone() -> None:
    platoons = Rotation("daily", 1, on("2026-01-01 08:00", SHANGHAI), ((1, 2), (3, 4)), SHANGHAI)
    day = span("2026-01-02 08:00", "2026-01-03 08:00", SHANGHAI)
    plan = SeatPlan((Layer(platoons),), overrides=(Override(day, add=9, remove=4),))
    assert resolve(plan, day, SHANGHAI) == (
        ResolvedShift(3, day, "rotation"),
        ResolvedShift(9, day, "override"),
    )


def test_history_says_who_was_there_and_the_rules_only_who_will_be() -> None:
    plan = SeatPlan(
        BASE,
        overrides=(Override(hour("08:00", "08:30"), add=BINBAZ),),
        temporaries=(Temporary(hour("08:00", "08:20")),),
        recorded=(Recorded(BAZ, hour("08:05", "08:30")), Recorded(BAZ, hour("06:00", "06:30"))),
        recorded_until=on("2018-01-01 08:10"),
    )
    assert resolve(plan, hour("08:00", "09:00"), UTC_ZONE) == (
        ResolvedShift(BAZ, hour("08:05", "08:10"), "recorded"),
        ResolvedShift(BINBAZ, hour("08:20", "08:30"), "override"),
        ResolvedShift(FOOBAR, hour("08:20", "09:00"), "fixed", truncated=True),
    )


def test_a_shift_recorded_in_pieces_is_told_from_its_real_beginning() -> None:
    plan = SeatPlan(
        recorded=(Recorded(BAZ, hour("06:00", "07:30")), Recorded(BAZ, hour("07:30", "08:30"))),
        recorded_until=on("2018-01-01 12:00"),
    )
    assert resolve(plan, hour("08:00", "09:00"), UTC_ZONE) == (
        ResolvedShift(BAZ, hour("06:00", "08:30"), "recorded"),
    )
    assert resolve(plan, hour("08:30", "09:00"), UTC_ZONE) == ()


def test_a_shift_tells_why_at_each_of_its_moments() -> None:
    plan = SeatPlan(
        BASE,
        fixed=(FixedShift(BINBAZ, hour("08:30", "08:40")), FixedShift(BAZ, hour("11:00", "12:00"))),
        overrides=(Override(hour("08:35", "08:50"), add=BINBAZ),),
    )
    first, second = resolve(plan, hour("08:10", "09:00"), UTC_ZONE)
    assert first == ResolvedShift(FOOBAR, hour("08:10", "09:00"), "fixed", True, True)
    assert second.parts == (
        Part(hour("08:30", "08:40"), "fixed"),
        Part(hour("08:40", "08:50"), "override"),
    )


def test_a_plan_says_what_is_wrong_with_it() -> None:
    day = hour("08:00", "09:00")
    with pytest.raises(ValueError, match=r"替班.*adds somebody"):
        Override(day)
    with pytest.raises(ValueError, match=r"本人.*replace himself"):
        Override(day, add=1, remove=1)
    with pytest.raises(ValueError, match="recorded_until"):
        SeatPlan(recorded=(Recorded(1, day),))
    with pytest.raises(ValueError, match="needs a time zone"):
        SeatPlan(recorded_until=datetime(2018, 1, 1, 8))  # noqa: DTZ001 - it is the mistake
    with pytest.raises(ValueError, match="ten years"):
        resolve(
            SeatPlan((Layer(Rotation("daily", 1, day.start, ((1,),), UTC_ZONE)),)),
            Interval(day.start, day.start + timedelta(days=5000)),
            UTC_ZONE,
        )


# ---- properties over random plans: minutes of four days, six persons -------------------------------
DAYS = 4 * 24 * 60
EPOCH = datetime(2020, 4, 3, 12, tzinfo=UTC)  # the clocks of Lord Howe go back on the third day
HOWE = ZoneInfo("Australia/Lord_Howe")
PERSON = st.integers(1, 6)


@st.composite
def some_time(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, DAYS - 1))
    return minutes(start, draw(st.integers(start + 1, DAYS)))


def minutes(start: int, end: int) -> Interval:
    return Interval(EPOCH + timedelta(minutes=start), EPOCH + timedelta(minutes=end))


FIXED = st.builds(FixedShift, PERSON, some_time())
GROUPS = st.lists(st.lists(PERSON, min_size=1, max_size=2, unique=True).map(tuple), min_size=1, max_size=4)
ROTATION = st.builds(
    Rotation,
    st.sampled_from(["hourly", "daily"]),
    st.integers(1, 3),
    st.integers(-9000, 2000).map(lambda n: EPOCH + timedelta(minutes=n)),
    GROUPS.map(tuple),
    st.just(HOWE),
)
WINDOW = st.builds(
    WeeklyWindow,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 23).map(time),
    st.integers(0, 23).map(time),
)
LAYER = st.builds(Layer, st.one_of(PERSON, ROTATION), st.lists(WINDOW, max_size=2).map(tuple))
OVERRIDE = st.builds(
    lambda when, add, remove: Override(when, add, remove if remove != add else None),
    some_time(),
    PERSON,
    st.one_of(st.none(), PERSON),
) | st.builds(lambda when, remove: Override(when, remove=remove), some_time(), PERSON)
TEMPORARY = st.builds(Temporary, some_time(), st.lists(FIXED, max_size=3).map(tuple))


@st.composite
def plans(draw: st.DrawFn) -> SeatPlan:
    recorded = draw(st.lists(st.builds(Recorded, PERSON, some_time()), max_size=3))
    until = draw(st.integers(0, DAYS)) if recorded else None
    return SeatPlan(
        tuple(draw(st.lists(LAYER, max_size=3))),
        tuple(draw(st.lists(FIXED, max_size=3))),
        tuple(draw(st.lists(OVERRIDE, max_size=4))),
        tuple(draw(st.lists(TEMPORARY, max_size=2))),
        tuple(recorded),
        None if until is None else EPOCH + timedelta(minutes=until),
    )


def theirs(shifts: tuple[ResolvedShift, ...], person: int) -> list[Interval]:
    return [shift.interval for shift in shifts if shift.person == person]


@settings(max_examples=300, deadline=None)
@given(plans(), some_time())
def test_nobody_overlaps_himself_and_every_part_lies_in_its_shift(plan: SeatPlan, window: Interval) -> None:
    found = resolve(plan, window, HOWE)
    for person in range(1, 7):
        spans = theirs(found, person)
        assert tuple(sorted(spans)) == union(spans)
    for shift in found:
        assert union(part.interval for part in shift.parts) == (shift.interval,)
        assert shift.source == shift.parts[0].source
        assert shift.interval.overlaps(window)


@settings(max_examples=300, deadline=None)
@given(plans(), some_time(), st.integers(1, 4))
def test_gaps_and_coverage_make_up_the_window(plan: SeatPlan, window: Interval, needed: int) -> None:
    found = resolve(plan, window, HOWE)
    missing = sum(
        ((gap.interval.end - gap.interval.start) * gap.missing for gap in gaps(found, needed, window)),
        timedelta(0),
    )
    edges = sorted(
        {window.start, window.end, *(e for s in found for e in (s.interval.start, s.interval.end))}
    )
    inside = [edge for edge in edges if window.start <= edge <= window.end]
    there = timedelta(0)
    for start, end in pairwise(inside):
        there += (end - start) * min(needed, len({s.person for s in found if s.interval.contains(start)}))
    assert missing + there == (window.end - window.start) * needed


@settings(max_examples=300, deadline=None)
@given(plans(), st.lists(st.integers(0, DAYS), min_size=3, max_size=3, unique=True))
def test_two_windows_glued_are_the_one_window(plan: SeatPlan, three: list[int]) -> None:
    start, cut, end = sorted(three)
    first = resolve(plan, minutes(start, cut), HOWE)
    second = resolve(plan, minutes(cut, end), HOWE)
    whole = resolve(plan, minutes(start, end), HOWE)
    for person in range(1, 7):
        assert union(theirs(first, person) + theirs(second, person)) == tuple(sorted(theirs(whole, person)))


@settings(max_examples=300, deadline=None)
@given(plans(), st.integers(0, DAYS))
def test_each_instant_says_what_the_precedence_says(plan: SeatPlan, minute: int) -> None:
    at = EPOCH + timedelta(minutes=minute)
    assert on_duty(plan, at, HOWE) == tuple(sorted(by_the_book(plan, at)))


def by_the_book(plan: SeatPlan, at: datetime) -> set[int]:
    """Who is there at one instant, straight from the sentence «recorded > temporary > override > rules»."""
    if plan.recorded_until is not None and at < plan.recorded_until:
        return {one.person for one in plan.recorded if one.interval.contains(at)}
    temporary = [one for one in plan.temporaries if one.interval.contains(at)]
    if temporary:
        return {shift.person for one in temporary for shift in one.shifts if shift.interval.contains(at)}
    rules = SeatPlan(plan.layers, plan.fixed)
    there = set(on_duty(rules, at, HOWE))
    active = [one for one in plan.overrides if one.interval.contains(at)]
    there |= {one.add for one in active if one.add is not None and one.remove is None}
    for one in active:
        if one.add is not None and one.remove in there:
            there = (there - {one.remove}) | {one.add}
    return there - {one.remove for one in active if one.add is None}
