"""Which places a running round does not call yet: none twice, none that lies in another."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codecs.ebm.identifiers import covers
from app.response.call_and_respond.rules.limits import Tier
from app.response.call_and_respond.rules.widen import to_add, uncalled

COUNTY, EAST, WEST = "990181000000", "990181100000", "990181101000"
BANK, HILL, LAKE = "990181100201", "990181100202", "990181101201"
places = st.lists(st.sampled_from([COUNTY, EAST, WEST, BANK, HILL, LAKE]), max_size=6)


@dataclass(frozen=True)
class One:
    tier: Tier
    region_code: str


@pytest.mark.parametrize(
    ("held", "asked", "new"),
    [
        ([EAST], [EAST, WEST], [WEST]),
        ([EAST], [BANK, HILL], []),
        ([BANK], [EAST], [EAST]),
        ([COUNTY], [EAST, LAKE], []),
        ([EAST], [LAKE, WEST, LAKE], [WEST]),
        ([], [BANK, BANK], [BANK]),
        ([EAST], [], []),
    ],
)
def test_new_is_what_lies_in_no_place_that_is_called(
    held: list[str], asked: list[str], new: list[str]
) -> None:
    assert uncalled(held, asked) == new


@given(places, places)
def test_every_asked_place_lies_in_one_of_the_old_or_the_new_and_no_new_one_in_another(
    held: list[str], asked: list[str]
) -> None:
    new = uncalled(held, asked)
    for place in asked:
        assert any(covers(wide, place) for wide in (*held, *new))
    for one in new:
        assert not any(covers(wide, one) for wide in (*held, *(other for other in new if other != one)))
    assert uncalled([*held, *new], asked) == []


def test_the_township_of_a_new_village_and_the_county_are_not_called_again() -> None:
    drawn = [One("county", COUNTY), One("township", EAST), One("village", BANK), One("village", HILL)]
    held = {("county", COUNTY), ("township", EAST), ("village", BANK)}
    assert to_add(drawn, held) == [One("village", HILL)]
    assert to_add(drawn, {("village", EAST)}) == drawn, "the same place on another tier is another call"
