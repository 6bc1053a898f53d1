from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from app.org.rules.access import Concern, Role, Viewer, may_see
from app.realtime.audience import Audience, position_visible, visible
from app.tracking.facts import PositionFact
from tests.realtime.floor import AT, STREAM, row, viewer

SCOPES = ["990181", "990181100", "990181100200", "990181200"]
PLACES = ["990181000000", "990181100000", "990181100200", "990181200000", "990182100000"]

teams = st.frozensets(st.integers(1, 3), max_size=2)
viewers = st.builds(
    Viewer,
    account_id=st.integers(1, 9),
    name=st.sampled_from(["张三", "李四"]),
    role=st.sampled_from(get_args(Role)),
    stream=st.sampled_from([STREAM, "990182"]),
    scope=st.sampled_from(SCOPES),
    team_ids=teams,
)
concerns = st.builds(
    Concern,
    region_codes=st.lists(st.sampled_from(PLACES), max_size=2).map(tuple),
    team_ids=teams.map(tuple),
    restricted=st.booleans(),
    audience=st.sampled_from(["desk", "audit", "register", "outside"]),
)
streams = st.sampled_from([STREAM, "990182"])


@given(viewers, viewers, concerns, streams)
def test_equal_audiences_see_the_same(one: Viewer, other: Viewer, concern: Concern, stream: str) -> None:
    if Audience.of(one) == Audience.of(other):
        seen = row(1, concern, stream=stream)
        assert visible(Audience.of(one), seen) == visible(Audience.of(other), seen)
        assert one.stream == other.stream
        assert may_see(one, concern) == may_see(other, concern)


@given(viewers, concerns)
def test_an_audience_sees_what_each_of_its_viewers_may_see(one: Viewer, concern: Concern) -> None:
    assert visible(Audience.of(one), row(1, concern, stream=one.stream)) == may_see(one, concern)


@given(viewers, concerns)
def test_nobody_sees_another_county(one: Viewer, concern: Concern) -> None:
    assert not visible(Audience.of(one), row(1, concern, stream="another"))


def test_who_and_by_what_title_makes_no_difference() -> None:
    assert Audience.of(viewer("shift_lead", account_id=1)) == Audience.of(
        viewer("duty_officer", account_id=2)
    )


def test_the_scope_of_those_who_read_no_desk_makes_no_difference() -> None:
    one, other = (Audience.of(viewer("responder", scope=scope, teams=[3])) for scope in SCOPES[:2])
    assert one == other


def test_teams_roles_and_scopes_that_matter_are_kept_apart() -> None:
    everybody: Iterable[Viewer] = [
        viewer("duty_officer"),
        viewer("duty_officer", scope="990181100"),
        viewer("township_officer"),
        viewer("auditor"),
        viewer("responder", teams=[3]),
        viewer("responder", teams=[4]),
        replace(viewer("duty_officer"), stream="990182"),
    ]
    assert len({Audience.of(one) for one in everybody}) == 7


def test_a_device_is_seen_by_its_team_and_by_the_desk_of_its_place() -> None:
    fact = PositionFact(device_id=1, team_id=3, region_code="990181100000", lon=1, lat=2, heard_at=AT)
    loose = fact.model_copy(update={"team_id": None})
    officer, township = viewer(), viewer("township_officer", scope="990181200")
    mate, stranger = viewer("responder", teams=[3]), viewer("responder", teams=[4])
    seen_by = [position_visible(Audience.of(one), fact) for one in (officer, township, mate, stranger)]
    assert seen_by == [True, False, True, False]
    assert not position_visible(Audience.of(mate), loose)
