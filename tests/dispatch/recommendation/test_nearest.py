"""The index of nearby units narrows down and never hides the best."""

from __future__ import annotations

import math
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from app.dispatch.recommendation.rules import nearest as nearest_rules
from app.dispatch.recommendation.rules.nearest import Units, at_place, mask_of, nearest
from tests.dispatch.recommendation.units import PLAIN, advise, offered, unit

ROW = tuple[int, str, float, tuple[str, ...], float | None, float | None]
HERE = (118.2, 28.5)


def row(
    key: int, *, km: float | None = 1.0, place: str = "990181100201", able: tuple[str, ...] = ("boat",)
) -> ROW:
    lat = None if km is None else HERE[1] + km / 111.195
    return key, place, 40.0, able, None if km is None else HERE[0], lat


def found(
    rows: list[ROW], count: int, scope: str = "990181", wanted: tuple[str, ...] = ("boat",)
) -> set[int]:
    near = nearest(Units.of(rows), *HERE, mask_of(wanted), scope, count, PLAIN.best_factor)
    return set(near.team_ids)


def test_the_nearest_of_the_scope_with_the_capability_are_named() -> None:
    rows = [
        row(1),
        row(2, km=5),
        row(3, km=0.5, able=("gas",)),
        row(4, km=0.1, place="990181200201"),
        row(5, km=9),
    ]
    assert found(rows, 2) == {1, 4}
    assert found(rows, 2, scope="990181100") == {1, 2}
    assert found(rows, 9, wanted=("gas",)) == {3}
    assert found([], 9) == set()


def test_who_turns_out_sooner_comes_before_who_is_nearer() -> None:
    rows, turnout = [row(1, km=1), row(2, km=3), row(3, km=2)], {"village": 1800.0, "fire": 60.0}
    units = Units.of(rows, kinds=["village", "fire", "village"])
    near = nearest(units, *HERE, mask_of(("boat",)), "990181", 1, PLAIN.best_factor, turnout.__getitem__)
    assert near.team_ids == [2]
    assert near.beyond_s > 1800


def test_a_unit_without_a_place_comes_last_and_is_not_forgotten() -> None:
    rows = [row(1, km=None), row(2), row(3, km=70)]
    assert found(rows, 2) == {2, 3}
    assert found(rows, 3) == {1, 2, 3}


def test_a_capability_that_is_no_word_of_the_house_finds_nobody() -> None:
    assert found([row(1, able=("submarine",))], 5, wanted=("submarine",)) == set()


def test_units_move_and_a_position_of_a_stranger_is_left_out() -> None:
    units = Units.of([row(1), row(5, km=9)])
    units.move([5, 7, 99], [HERE[0]] * 3, [HERE[1]] * 3)
    assert units.lat.tolist() == [HERE[1] + 1 / 111.195, HERE[1]]
    Units.of([]).move([1], [0.0], [0.0])
    assert at_place(units, "990181100", mask_of(("boat",)), 1) == [1]


_spread = st.lists(st.tuples(st.floats(0, 80), st.floats(0, 130)), min_size=1, max_size=40)


@settings(deadline=None)
@given(_spread, st.integers(1, 40))
def test_nobody_left_out_could_be_there_before_the_bound(
    spread: list[tuple[float, float]], count: int
) -> None:
    crews = [
        unit(number, north_km=north, speed_kmh=speed) for number, (north, speed) in enumerate(spread, start=1)
    ]
    rows = [
        (one.team_id, one.region_code, one.speed_kmh, tuple(one.capabilities), one.lon, one.lat)
        for one in crews
    ]
    near = nearest(Units.of(rows), *HERE, mask_of(("boat",)), "990181", count, PLAIN.best_factor)
    assert len(near.team_ids) == min(count, len(crews))
    for option in advise(*crews).options:
        if option.team_id not in near.team_ids:
            assert option.drive_s >= near.beyond_s
    if near.beyond_s == math.inf:
        assert set(near.team_ids) == set(offered(advise(*crews)))


@settings(deadline=None, max_examples=60)
@given(_spread, st.integers(1, 12), st.integers(0, 60))
def test_a_square_around_the_place_finds_the_same_as_looking_at_everybody(
    spread: list[tuple[float, float]], count: int, turnout_min: int
) -> None:
    rows = [
        row(number, km=north, able=("boat", "gas")[number % 2 :]) for number, (north, _) in enumerate(spread)
    ]
    kinds = ["fire" if speed > 120 else "village" for _, speed in spread]
    units = Units.of(rows, kinds=kinds)
    turnouts = {"fire": 60.0, "village": 60.0 * turnout_min}

    def near() -> nearest_rules.Nearest:
        mask = mask_of(("boat",))
        return nearest(units, *HERE, mask, "990181", count, PLAIN.best_factor, turnouts.__getitem__)

    everybody = near()
    with patch.object(nearest_rules, "MANY", len(rows) // 2):
        some = near()
    assert some.beyond_s == everybody.beyond_s
    assert len(some.team_ids) == len(everybody.team_ids)
    away = {one[0]: one[5] or 0.0 for one in rows}
    assert sorted(away[one] for one in some.team_ids) == sorted(away[one] for one in everybody.team_ids)
