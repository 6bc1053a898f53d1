"""No township is left bare: field.md §4.7 D10."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.dispatch.recommendation.rules.candidate import Candidate
from app.dispatch.recommendation.rules.move_up import Cover, Place, bare_after, covered, move_ups
from tests.dispatch.recommendation.units import PLAIN, unit

COVER = Cover(frozenset({"boat", "flood_rescue"}), frozenset({"semi_pro"}), 1)
A, B, C = "990181100", "990181200", "990181300"
PLACES = {
    code: Place(code, name, 118.2, 28.5 + north / 111.195)
    for code, name, north in ((A, "东镇", 0), (B, "西镇", 10), (C, "南镇", 30))
}


def at(team_id: int, code: str, **known: Any) -> Candidate:
    home = PLACES[code]
    return unit(team_id, region_code=code + "000", lon=home.lon, lat=home.lat, **known)


def moves(free: list[Candidate], *leaving: int, cover: Cover = COVER) -> list[tuple[str, int | None]]:
    bare = [PLACES[code] for code in bare_after(free, leaving, cover)]
    found = move_ups(bare, free, leaving, cover, PLAIN, night=False)
    return [(one.to.code, one.candidate.team_id if one.candidate else None) for one in found]


def test_d10_the_only_engine_of_a_leaves_and_the_second_of_b_moves_up() -> None:
    assert moves([at(1, A), at(2, B), at(3, B)], 1) == [(A, 2)]


def test_a_township_that_has_just_enough_gives_nothing_and_the_gap_is_told() -> None:
    assert moves([at(1, A), at(2, B)], 1) == [(A, None)]


def test_the_nearest_that_can_be_spared_moves_and_nobody_moves_twice() -> None:
    teams = [at(1, A), at(2, B), at(3, C), at(4, C), at(5, C)]
    assert moves(teams, 1, 2) == [(A, 3), (B, 4)]


def test_a_township_that_had_no_cover_before_is_nobodys_gap() -> None:
    assert moves([at(1, A, kind="village_detachment"), at(2, B), at(3, B)], 1) == []
    assert moves([at(1, A), at(2, A)], 1) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from((A, B, C)), max_size=9), st.sets(st.integers(1, 9)), st.integers(0, 2))
def test_a_move_never_bares_the_giver(homes: list[str], leaving: set[int], least: int) -> None:
    free = [at(number, code) for number, code in enumerate(homes, start=1)]
    found = moves(free, *leaving, cover=replace(COVER, teams=least))
    movers = [team for _, team in found if team is not None]
    assert len(movers) == len(set(movers)) and not set(movers) & leaving
    for code in (A, B, C):
        left = [t for t, home in enumerate(homes, 1) if home == code and t not in leaving and t not in movers]
        if any(homes[team - 1] == code for team in movers):
            assert len(left) >= least


def test_who_is_known_to_stay_covers_his_place_and_nobody_need_ask_further() -> None:
    free = [at(1, A), at(2, A), at(3, B), at(4, C, kind="village_detachment")]
    assert covered(free, [1, 3], COVER) == {A}
    assert not set(bare_after(free, [1, 3], COVER)) & covered(free[:2], [1, 3], COVER)
