"""The law of a due (app/reporting/rules/dues.py), for any situation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reporting.rules.book import Limit
from app.reporting.rules.dues import Due, Key, dues
from app.reporting.rules.situation import FigureSet, FlagSet, Happening, LevelSet, Situation, Told
from app.reporting.rules.story import RANK
from app.reporting.rules.terms import EVENTS, FROM_OCCURRENCE, LEVELS, OWN_REPORT
from app.reporting.rules.words import in_words
from app.reporting.settings import CHINA
from tests.reporting.telling import RULES, clock

T0 = clock("02:00")
calm = settings(deadline=None)  # the first working day counted loads the whole calendar
NOW = T0 + timedelta(days=2)
PROFILES = sorted(RULES.profiles)
CODES = ("11A01", "11G01", "12D02", "12H05", "12G03", "12Q00", "13A00", "14A00")
instants = st.integers(0, 36 * 60).map(lambda minutes: T0 + timedelta(minutes=minutes))
levels = st.builds(LevelSet, instants, st.sampled_from(LEVELS))
figures = st.builds(
    FigureSet,
    instants,
    st.sampled_from(("dead", "missing", "trapped", "at_risk", "evacuated", "area", "hot_pixels")),
    st.none() | st.integers(0, 700).map(float),
)
flags = st.builds(
    FlagSet, instants, st.sampled_from(("sensitive", "larger_risk", "media", "heavy_loss")), st.booleans()
)
nodes = st.dictionaries(st.sampled_from(("E", "V", "T", "D", "C", "P")), instants, max_size=4)
reports = st.builds(
    Told,
    st.sampled_from(("T", "C")),
    st.sampled_from(("C", "L", "CG", "P", "PR")),
    st.sampled_from(("phone", "written", "system")),
    instants,
)
profiles = st.frozensets(st.sampled_from(PROFILES), min_size=1)


def rows(
    one: st.SearchStrategy[object],
) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=6).map(tuple)


untold = st.builds(
    Situation,
    id=st.just("SJ"),
    event_code=st.sampled_from(CODES),
    opened=instants,
    levels=rows(levels),
    occurred=st.none() | instants,
    learned=nodes,
    received=nodes,
    figures=rows(figures),
    flags=rows(flags),
    happenings=rows(st.builds(Happening, instants, st.sampled_from(sorted(EVENTS)))),
    ended=st.none() | instants,
    fire_out=st.none() | instants,
    stable=st.none() | instants,
)
situations = st.builds(lambda one, told: replace(one, told=told), untold, rows(reports))


def first(found: tuple[Due, ...]) -> dict[Key, datetime]:
    """The earliest due of each key."""
    earliest: dict[Key, datetime] = {}
    for due in found:
        earliest[due.key] = min(due.at, earliest.get(due.key, due.at))
    return earliest


def no_later(more: dict[Key, datetime], less: dict[Key, datetime]) -> bool:
    return all(key in more and more[key] <= at for key, at in less.items())


@calm
@given(situations, profiles)
def test_every_due_is_the_formula_of_its_explanation(situation: Situation, active: frozenset[str]) -> None:
    for due in dues(situation, RULES, active, NOW):
        for one in (due.why, *due.losers):
            bounds = [at for at in (one.limit_at, one.grace_at, one.floor_at) if at is not None]
            assert one.at == max(bounds)
            assert getattr(one, f"{one.applied}_at") == one.at
            if isinstance(one.limit, Limit) and one.limit.unit == "minutes":
                assert one.limit_at == one.anchor_at + timedelta(minutes=one.limit.amount)
            assert one.rule.profile in active
        assert due.at == due.why.at
        zh, en = in_words(due, CHINA)
        assert due.why.rule.label in zh
        assert all(one.rule.label in en for one in due.losers)


@calm
@given(situations, profiles)
def test_no_due_is_later_than_any_rule_that_applies_to_it(
    situation: Situation, active: frozenset[str]
) -> None:
    found = dues(situation, RULES, active, NOW)
    for due in found:
        assert all(due.at <= one.at for one in due.losers)


@calm
@given(untold, profiles)
def test_no_cap_counted_from_a_receipt_is_ever_passed(situation: Situation, active: frozenset[str]) -> None:
    """Work accidents, written: the prefecture within two hours of the centre's receipt (N3…N5)."""
    found = first(dues(situation, RULES, active | {"statutory_caps"}, NOW))
    received = situation.received.get("C", situation.learned.get("C"))
    if situation.event_code == "12D02" and received is not None:
        assert found["C", "P", "written", "initial"] <= received + timedelta(minutes=120)


@calm
@given(situations, profiles)
def test_a_cap_counted_from_the_occurrence_is_passed_only_by_the_grace_of_who_did_not_know(
    situation: Situation, active: frozenset[str]
) -> None:
    for due in dues(situation, RULES, active | {"statutory_caps"}, NOW):
        caps = [
            one
            for one in (due.why, *due.losers)
            if one.rule.statutory and one.anchor in FROM_OCCURRENCE and one.since is None
        ]
        if any(due.at > one.limit_at for one in caps):
            assert due.why.grace_at == due.at
            assert due.cap_exceeded_upstream is not None


@calm
@given(untold, profiles, st.integers(1, 3))
def test_a_higher_level_never_gives_a_later_due(
    situation: Situation, active: frozenset[str], lift: int
) -> None:
    beginning = LevelSet(T0 - timedelta(days=1), "general")
    held = replace(situation, levels=(beginning, *situation.levels))
    higher = replace(
        held,
        levels=tuple(replace(one, level=LEVELS[min(3, RANK[one.level] + lift)]) for one in held.levels),
    )
    # A change of level is an event that a follow-up is due of: fewer changes, fewer of those.
    low, high = (
        {key: at for key, at in first(dues(one, RULES, active, NOW)).items() if key[3] != "followup_on_event"}
        for one in (held, higher)
    )
    assert no_later(high, low)


@calm
@given(untold, profiles, instants)
def test_sensitive_never_gives_a_later_due(
    situation: Situation, active: frozenset[str], at: datetime
) -> None:
    flagged = replace(situation, flags=(FlagSet(at, "sensitive"),))
    plain = replace(situation, flags=())
    assert no_later(first(dues(flagged, RULES, active, NOW)), first(dues(plain, RULES, active, NOW)))


@calm
@given(untold, profiles, profiles)
def test_more_profiles_never_give_a_later_due(
    situation: Situation, active: frozenset[str], more: frozenset[str]
) -> None:
    assert no_later(
        first(dues(situation, RULES, active | more, NOW)), first(dues(situation, RULES, active, NOW))
    )


@calm
@given(situations, profiles, st.integers(0, 48 * 60))
def test_a_node_is_never_late_before_it_knows(
    situation: Situation, active: frozenset[str], minutes: int
) -> None:
    now = T0 + timedelta(minutes=minutes)
    for due in dues(situation, RULES, active, now):
        sender = due.sender
        told = [one.at for one in situation.told if one.receiver == sender]
        known = [
            at
            for at in (situation.received.get(sender), situation.learned.get(sender), *told)
            if at is not None
        ]
        milestones = [at for at in (situation.ended, situation.fire_out, situation.stable) if at is not None]
        assert min(known) <= now
        assert due.at >= (min(milestones) if due.kind in OWN_REPORT else min(known))


@calm
@given(situations, profiles, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_told_makes_no_difference(
    situation: Situation, active: frozenset[str], shuffle: object
) -> None:
    def mixed(row: tuple[object, ...]) -> tuple[object, ...]:
        found = list(row)
        shuffle.shuffle(found)  # type: ignore[attr-defined]  # hypothesis' Random
        return tuple(found)

    names = ("levels", "figures", "flags", "happenings", "told")
    again: dict[str, Any] = {name: mixed(getattr(situation, name)) for name in names}
    assert _plain(dues(replace(situation, **again), RULES, active, NOW)) == _plain(
        dues(situation, RULES, active, NOW)
    )


@calm
@given(situations, profiles, st.integers(0, 48 * 60))
def test_the_future_makes_no_difference(situation: Situation, active: frozenset[str], minutes: int) -> None:
    now = T0 + timedelta(minutes=minutes)
    known: dict[str, Any] = {
        name: tuple(one for one in getattr(situation, name) if one.at <= now)
        for name in ("levels", "figures", "flags", "happenings", "told")
    }
    for name in ("ended", "stable", "fire_out"):
        at = getattr(situation, name)
        known[name] = at if at is not None and at <= now else None
    for name in ("learned", "received"):
        known[name] = {node: at for node, at in getattr(situation, name).items() if at <= now}
    assert dues(replace(situation, **known), RULES, active, now) == dues(situation, RULES, active, now)


@calm
@given(untold, st.lists(st.tuples(st.integers(0, 59), st.sampled_from(LEVELS)), min_size=5, max_size=5))
def test_changing_the_level_within_a_minute_never_postpones_what_was_due_before(
    situation: Situation, changes: list[tuple[int, str]]
) -> None:
    """… and what the last rise asks for has the whole floor from that rise on."""
    at = T0 + timedelta(hours=6)
    before = replace(situation, levels=(LevelSet(T0, "general"),), opened=T0, flags=(), ended=None)
    bounced = replace(
        before,
        levels=(
            *before.levels,
            *(LevelSet(at + timedelta(seconds=seconds), level) for seconds, level in changes),  # type: ignore[arg-type]
        ),
    )
    now = at + timedelta(minutes=1)
    told = dues(bounced, RULES, RULES.default_profiles, now)
    assert no_later(first(told), first(dues(before, RULES, RULES.default_profiles, now)))
    for due in told:
        if due.why.since is not None and due.kind == "initial":
            assert due.at >= due.why.since + RULES.semantics.floor[due.channel]


def _plain(found: tuple[Due, ...]) -> list[tuple[object, ...]]:
    return [
        (due.key, due.round, due.at, due.why.rule.id, due.why.grade, due.done and due.done.at)
        for due in found
    ]
