"""Places as people say them: milestones, direction and distance, beyond the county."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.facts import IncidentFact
from app.dispatch.places.actions import locate
from app.dispatch.places.commands import PlaceIn
from app.dispatch.places.rules import DIRECTION_ZH, Bearing, Milestone, offset, read_place
from app.refusals import InvalidInput
from app.tracking.distance import distance_m
from tests.dispatch.known_evening import version
from tests.world import EAST_BANK, World


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("G105 K1823+400", Milestone("G105", 1_823_400)),
        ("g105k1823", Milestone("G105", 1_823_000)),
        ("G105 K1823+4", Milestone("G105", 1_823_004)),
        ("国道105 1823公里400米处", Milestone("G105", 1_823_400)),
        ("S221线K12+050附近", Milestone("S221", 12_050)),
        ("东岸村小学东北300米", Bearing("东岸村小学", "NE", 300)),
        ("东岸村小学东北方向约300米处", Bearing("东岸村小学", "NE", 300)),
        ("阁山水库以南1.5公里", Bearing("阁山水库", "S", 1500)),
        ("东岸大桥西侧50米", Bearing("东岸大桥", "W", 50)),
        ("临溪镇政府对面", None),
        ("河东路12号", None),
        ("G105 旁边", None),
        ("𠮷家村西三百米", None),
        ("", None),
    ],
)
def test_places_are_read_as_they_are_said(words: str, meant: object) -> None:
    assert read_place(words) == meant


@given(st.sampled_from(["G105", "S221", "X708"]), st.integers(0, 99_999_999))
def test_a_milestone_is_read_as_it_is_written(road: str, metre: int) -> None:
    stone = Milestone(road, metre)
    assert read_place(stone.text) == stone


@given(st.sampled_from(sorted(DIRECTION_ZH)), st.integers(1, 20_000))
def test_a_direction_and_distance_come_back_and_lead_there(direction: Any, metres: int) -> None:
    said = Bearing("村小学", direction, metres)
    assert read_place(said.text) == said
    lon, lat = offset(115.5, 28.0, said)
    assert distance_m(115.5, 28.0, lon, lat) == pytest.approx(metres, rel=0.02, abs=2)
    assert (lat > 28.0) == ("N" in direction) or direction in ("E", "W")


@given(st.text(max_size=200))
def test_no_words_whatever_make_reading_fail(words: str) -> None:
    read_place(words)


async def put(world: World, id_: int, **told: Any) -> IncidentFact:
    place = PlaceIn(version=await version(world, id_), **told)
    return await world.do(lambda tx: locate(tx, world.people["officer"], id_, place, world.clock.now()))


@pytest.mark.database
async def test_a_place_keeps_how_it_was_said_and_how_far_off_it_may_be(world: World) -> None:
    id_ = (await world.incident()).id
    found = await put(world, id_, words="东岸村小学东北300米")
    assert found.place is not None
    assert (found.place.kind, found.place.direction, found.address) == (
        "bearing",
        "NE",
        "东岸村小学东北300米",
    )
    assert found.lon is not None and found.lon > 118.212  # from the village's centre
    assert found.place.uncertainty_m == 1590
    found = await put(world, id_, words="东岸村小学东北300米", known_lon=118.2, known_lat=28.5)
    assert found.place is not None and found.place.uncertainty_m == 90
    held = (found.lon, found.lat)
    found = await put(world, id_, words="国道105 1823公里400米")
    assert found.place is not None
    assert (found.place.road, found.place.metre, found.place.on_map) == ("G105", 1_823_400, False)
    assert (found.lon, found.lat) == held  # no table of milestones: the point stays for a person to set
    found = await put(world, id_, lon=118.3, lat=28.6, uncertainty_m=20)
    assert found.place is not None and (found.place.kind, found.place.uncertainty_m) == ("point", 20)


@pytest.mark.database
async def test_a_place_beyond_the_county_is_taken_with_a_proposal_to_hand_it_off(world: World) -> None:
    id_ = (await world.incident()).id
    with pytest.raises(InvalidInput, match="哪个县"):
        await put(world, id_, words="G105 K1900+000", outside=True)
    found = await put(
        world, id_, words="G105 K1900+000", outside=True, neighbour="丰城市", lon=118.9, lat=28.9
    )
    assert found.region_code == EAST_BANK
    assert found.place is not None and (found.place.outside, found.place.neighbour) == (True, "丰城市")
    (event,) = [one for one in await world.events() if one["type"] == "incident.located"]
    assert "建议转交" in event["zh"]
