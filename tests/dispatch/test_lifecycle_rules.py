"""When two incidents may be one, and what both together say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.command_body.rules import Body, fitting
from app.dispatch.lifecycle.joining import check_audience, joined, read, written
from app.dispatch.lifecycle.refusals import NoCommonReader, WouldWiden
from app.dispatch.lifecycle.rules import ALIKE_FROM, Account, alike, likeness
from app.journal.concern import Concern
from app.org.rules.access import Viewer

AT = datetime(2025, 6, 18, 2, tzinfo=UTC)
LEAK = Account("12D02", "990181100201", AT, 118.2, 28.5, "园区液氨泄漏", "化工园区三号路", ("13812345678",))


def _like(**changes: object) -> Account:
    fields = {name: getattr(LEAK, name) for name in Account.__slots__}
    return Account(**{**fields, **changes})


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (_like(), True),
        (_like(at=AT + timedelta(minutes=20), lon=118.203, phones=()), True),
        (_like(event_code="12D05", title="闻到刺鼻气味", address="", phones=(), lon=118.204), True),
        (_like(lon=118.9, title="", address="", event_code="11A01"), False),  # the caller alone
        (_like(lon=118.9, at=AT + timedelta(days=2)), True),  # told again by him in the same words
        (_like(lon=118.9, phones=()), False),
        (_like(at=AT + timedelta(hours=13), phones=()), False),
        (_like(event_code="14A00", title="", address="", phones=(), lon=118.23), False),
        (_like(lon=None, lat=None, title="液氨泄漏", phones=()), True),
    ],
)
def test_an_account_is_or_is_not_suggested_as_the_same(other: Account, same: bool) -> None:
    assert (likeness(LEAK, other).score >= ALIKE_FROM) is same


accounts = st.builds(
    Account,
    event_code=st.sampled_from(["12D02", "12D05", "11A01", ""]),
    region_code=st.sampled_from(["990181100201", "990181100202"]),
    at=st.datetimes(datetime(2025, 6, 17), datetime(2025, 6, 19), timezones=st.just(UTC)),  # noqa: DTZ001
    lon=st.none() | st.floats(118, 119),
    lat=st.none() | st.floats(28, 29),
    title=st.text(max_size=20),
    address=st.text(max_size=20),
    phones=st.tuples(st.text(alphabet="0123456789 +-", max_size=14)),
)


@given(accounts, accounts)
def test_likeness_is_the_same_both_ways_and_is_explained(one: Account, other: Account) -> None:
    found, back = likeness(one, other), likeness(other, one)
    assert (found.score, {t.zh for t in found.traits}) == (back.score, {t.zh for t in back.traits})
    assert 0 <= found.score <= 100
    assert found.score == min(100, sum(t.points for t in found.traits))
    assert all(t.points > 0 and t.zh and t.en for t in found.traits)


@given(st.lists(accounts, max_size=12))
def test_few_are_suggested_and_the_likeliest_first(known: list[Account]) -> None:
    found = alike(LEAK, list(enumerate(known)))
    assert len(found) <= 5
    assert [f.score for _, f in found] == sorted((f.score for _, f in found), reverse=True)


def _said(**changes: object) -> dict[str, object]:
    return {
        "occurred_at": None,
        "received_at": AT,
        "initial_level": 4,
        "restricted": False,
        "restricted_by_hand": False,
        "sensitive": False,
        "life_threat": False,
        "callers": [],
        "casualties": {},
        "grading": {},
        "named_readers": [],
        "readers": [],
        "alarm_ids": [],
        **changes,
    }


def test_the_earlier_instants_and_the_higher_level_win() -> None:
    one = _said(occurred_at=AT, initial_level=3, life_threat=True)
    other = _said(received_at=AT - timedelta(hours=1), initial_level=2, sensitive=True)
    both = joined(one, other)
    assert (both["occurred_at"], both["received_at"]) == (AT, AT - timedelta(hours=1))
    assert (both["initial_level"], both["life_threat"], both["sensitive"]) == (2, True, True)


def test_of_two_lists_of_readers_those_on_both_may_know() -> None:
    one, other = _said(readers=["person:1", "person:2"]), _said(readers=["person:2", "person:3"])
    assert joined(one, other)["readers"] == ["person:2"]
    assert joined(one, _said())["readers"] == ["person:1", "person:2"]


def test_what_an_incident_said_comes_back_from_its_json() -> None:
    said = _said(occurred_at=AT)
    assert read(written(said)) == said


BY = Viewer(7, "值班员", "duty_officer", "990181", "990181", person_id=2)
EAST, WEST = Concern(("990181100201",), (1,)), Concern(("990181200201",), (2,))


def test_what_is_public_is_joined_without_asking() -> None:
    assert check_audience(BY, EAST, WEST, [], widen=False) == (
        (*EAST.region_codes, *WEST.region_codes),
        (1, 2),
    )


def test_more_people_see_a_need_to_know_incident_only_when_a_person_says_so() -> None:
    secret = Concern(EAST.region_codes, EAST.team_ids, restricted=True)
    with pytest.raises(WouldWiden):
        check_audience(BY, secret, WEST, [], widen=False)
    assert check_audience(BY, secret, WEST, [], widen=True)[1] == (1, 2)


def test_two_incidents_without_a_common_reader_are_not_merged() -> None:
    one = Concern(EAST.region_codes, (), restricted=True, readers=("person:1",))
    with pytest.raises(NoCommonReader):
        check_audience(BY, one, one, [], widen=True)
    with pytest.raises(NoCommonReader):
        check_audience(BY, one, one, ["person:1"], widen=True)


@pytest.mark.parametrize(
    ("code", "level", "proposed"),
    [
        ("12D02", 4, [3, 2]),
        ("12A01", 4, [2]),
        ("12D02", 2, [3, 2, 1]),
        ("13A00", 4, [1]),
    ],
)
def test_the_closest_headquarters_is_proposed_first(code: str, level: int, proposed: list[int]) -> None:
    bodies = [
        Body(1, "general", ()),
        Body(2, "special", ("12",)),
        Body(3, "special", ("12D", "12A99")),
        Body(4, "on_site", ("12D02",)),
    ]
    assert fitting(bodies, code, level) == proposed
