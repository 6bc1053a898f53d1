"""Who may see and do what."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.journal.concern import Concern
from app.org.rules.access import (
    PERMISSIONS,
    Permission,
    Role,
    Viewer,
    may_for_county,
    may_see,
    require_for_county,
)
from app.refusals import NotPermitted

COUNTY, EAST, WEST = "990181", "990181100", "990181200"
ROLES: tuple[Role, ...] = get_args(Role)


def viewer(role: Role, scope: str = COUNTY, *teams: int) -> Viewer:
    return Viewer(1, "某人", role, COUNTY, scope, frozenset(teams))


def concern(
    *places: str, teams: tuple[int, ...] = (), restricted: bool = False, audience: str = "desk"
) -> Concern:
    codes = tuple(place.ljust(12, "0") for place in places)
    return Concern(codes, teams, restricted, audience)  # type: ignore[arg-type]


def test_every_role_has_its_permissions_and_no_unknown_one() -> None:
    assert set(PERMISSIONS) == set(ROLES)
    assert set().union(*PERMISSIONS.values()) == set(get_args(Permission))
    for role in ROLES:
        for permission in get_args(Permission):
            assert viewer(role).may(permission) == (permission in PERMISSIONS[role])


@pytest.mark.parametrize(
    ("who", "what", "sees"),
    [
        (viewer("duty_officer"), concern(EAST), True),
        (viewer("township_officer", EAST), concern(EAST), True),
        (viewer("township_officer", EAST), concern(WEST), False),
        (viewer("township_officer", EAST), concern(WEST, EAST), True),  # one place of several is enough
        (viewer("township_officer", EAST), concern(EAST, restricted=True), False),
        (viewer("duty_officer"), concern(EAST, restricted=True), True),
        (viewer("auditor"), concern(EAST, restricted=True), True),
        (viewer("responder", EAST, 7), concern(EAST), False),
        (viewer("responder", EAST, 7), concern(WEST, teams=(7,)), True),  # by team, wherever it is
        (viewer("responder", EAST, 7), concern(WEST, teams=(7,), restricted=True), True),
        (viewer("responder", EAST, 7), concern(EAST, teams=(8,)), False),
        (viewer("township_officer", EAST, 7), concern(WEST, teams=(7,), restricted=True), True),
        (viewer("device_admin"), concern(EAST), False),
        (viewer("auditor"), concern(EAST, audience="audit"), True),
        (viewer("auditor", WEST), concern(EAST, audience="audit"), False),
        (viewer("centre_leader"), concern(EAST, audience="audit"), False),
        (viewer("responder", EAST, 7), concern(EAST, teams=(7,), audience="audit"), False),
        # "It has left your sight" is told to those who saw it and may not any more, and to nobody else.
        (viewer("township_officer", EAST), concern(EAST, audience="outside"), True),
        (viewer("township_officer", WEST), concern(EAST, audience="outside"), False),
        (viewer("duty_officer"), concern(EAST, audience="outside"), False),
        (viewer("auditor"), concern(EAST, audience="outside"), False),
        (viewer("responder", EAST, 7), concern(EAST, teams=(7,), audience="outside"), False),
        (viewer("responder", EAST, 8), concern(EAST, teams=(7,), audience="outside"), False),
        (viewer("township_officer", EAST, 7), concern(EAST, teams=(7,), audience="outside"), False),
        (viewer("duty_officer"), concern(), False),
    ],
)
def test_a_fact_is_seen_by_place_by_team_or_not_at_all(who: Viewer, what: Concern, sees: bool) -> None:
    assert may_see(who, what) is sees


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(ROLES),
    st.sampled_from((COUNTY, EAST, WEST)),
    st.frozensets(st.integers(1, 3)),
    st.lists(st.sampled_from((COUNTY, EAST, WEST)), max_size=3),
    st.frozensets(st.integers(1, 3)),
)
def test_a_need_to_know_matter_is_seen_by_some_and_its_leaving_by_exactly_the_others(
    role: Role, scope: str, own: frozenset[int], places: list[str], teams: frozenset[int]
) -> None:
    who = viewer(role, scope, *own)
    before = concern(*places, teams=tuple(teams))
    secret = concern(*places, teams=tuple(teams), restricted=True)
    leaving = concern(*places, teams=tuple(teams), audience="outside")
    assert may_see(who, before) == (may_see(who, secret) or may_see(who, leaving))
    assert not (may_see(who, secret) and may_see(who, leaving))


@pytest.mark.parametrize("role", ROLES)
def test_a_wider_scope_never_sees_less(role: Role) -> None:
    for place in (EAST, WEST, COUNTY):
        for audience in ("desk", "audit", "outside"):
            what = concern(place, audience=audience)
            assert may_see(viewer(role), what) >= may_see(viewer(role, EAST), what)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", get_args(Permission))
@pytest.mark.parametrize(
    ("scope", "whole"), [(COUNTY, True), (EAST, False), (WEST, False), (f"{EAST}001", False)]
)
def test_what_is_the_countys_is_done_by_a_role_that_may_and_for_the_whole_county(
    role: Role, permission: Permission, scope: str, whole: bool
) -> None:
    """`scope == stream` says the same: a scope is 6, 9 or 12 digits that begin with the county's."""
    who = viewer(role, scope)
    allowed = whole and permission in PERMISSIONS[role]
    assert may_for_county(who, permission) is allowed
    assert (who.may(permission) and who.scope == who.stream) is allowed
    if allowed:
        require_for_county(who, permission)
    else:
        with pytest.raises(NotPermitted):
            require_for_county(who, permission)
