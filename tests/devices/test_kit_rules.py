"""What a station must own, and which devices count."""

from __future__ import annotations

import pytest

from app.devices.kit.norms import norms, read_norms
from app.devices.kit.rules import Item, Norm, Owned, Station, compare, condition, worst

HERE, ELSEWHERE = "990181100000", "990181100201"
PHONE = Item("satellite_phone", frozenset({"satellite_phone"}), 1, "A3.4", "S001")
RADIOS = Item("radio_370", frozenset({"radio_370"}), 2, "A9", "D")
LINK = Item("satellite_link", frozenset({"satellite_phone", "beidou_terminal"}), 1, "§0.7", "D")
NONE: frozenset[str] = frozenset()


def station(*kit: Item, team_id: int | None = None) -> Station:
    norm = Norm("township", "乡镇", "township", frozenset({"township"}), NONE, NONE, kit)
    return Station(norm, "东镇", HERE, team_id)


def owned(kind: str, stands: str = "works", region: str = HERE, team: int | None = None) -> Owned:
    return Owned(1, "设备", kind, region, team, stands)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("active", "test", "state", "stands"),
    [
        (True, "ok", "live", ("works", "")),
        (True, "ok", "silent", ("works", "")),  # a phone in its drawer that passed its weekly test
        (True, "due", "silent", ("works", "")),  # within the grace
        (True, "overdue", "live", ("untested", "overdue")),
        (True, "untested", "live", ("untested", "never")),
        (True, "failed", "live", ("broken", "failed")),
        (False, "exempt", "off", ("broken", "off")),
        (True, "exempt", "live", ("works", "")),  # what reports by itself needs no test
        (True, "exempt", "silent", ("broken", "silent")),
        (True, "exempt", "never_heard", ("untested", "never")),
    ],
)
def test_a_device_works_when_its_test_or_its_voice_says_so(
    active: bool, test: str, state: str, stands: tuple[str, str]
) -> None:
    assert condition(active=active, test=test, state=state) == stands  # type: ignore[arg-type]


def test_a_township_without_a_satellite_phone_is_short() -> None:
    lines = compare(station(PHONE, RADIOS), [owned("radio_370"), owned("radio_370")])
    assert [(line.works, line.missing, line.verdict) for line in lines] == [(0, 1, "short"), (2, 0, "met")]
    assert worst(lines) == "short"


@pytest.mark.parametrize(
    ("conditions", "line", "verdict"),
    [
        (["works", "works"], (2, 0, 0, 0), "met"),
        (["works", "works", "broken"], (2, 0, 1, 0), "met"),  # one more than needed is broken
        (["works", "untested"], (1, 1, 0, 0), "untested"),
        (["works", "broken"], (1, 0, 1, 0), "short"),
        (["untested", "broken"], (0, 1, 1, 0), "short"),
        (["works"], (1, 0, 0, 1), "short"),
        ([], (0, 0, 0, 2), "short"),
    ],
)
def test_only_devices_that_work_count_and_the_rest_is_named(
    conditions: list[str], line: tuple[int, int, int, int], verdict: str
) -> None:
    [found] = compare(station(RADIOS), [owned("radio_370", one) for one in conditions])
    assert (found.works, len(found.untested), len(found.broken), found.missing) == line
    assert found.verdict == verdict == worst([found])


def test_a_place_owns_what_is_registered_exactly_there_and_a_team_what_it_carries() -> None:
    devices = [owned("satellite_phone", region=ELSEWHERE, team=7), owned("radio_370", team=8)]
    assert compare(station(PHONE), devices)[0].missing == 1
    assert compare(station(PHONE, team_id=7), devices)[0].works == 1
    assert compare(station(RADIOS, team_id=7), devices)[0].missing == 2


def test_one_of_several_kinds_is_enough() -> None:
    assert compare(station(LINK), [owned("beidou_terminal")])[0].verdict == "met"
    assert compare(station(LINK), [owned("radio_370")])[0].verdict == "short"
    assert worst([]) == "met"  # who must own nothing lacks nothing


def test_the_shipped_norms_name_their_source_and_how_far_to_trust_it() -> None:
    found = {norm.station: norm for norm in norms()}
    assert {"centre", "township", "park", "village", "township_team"} <= found.keys()
    wanted = {item.item: (item.at_least, item.trust) for item in found["township"].kit}
    assert wanted["satellite_phone"] == (1, "S001")  # rules A3.4
    assert wanted["conference_room"] == wanted["broadcast_terminal"] == (1, "S001")
    assert [(item.item, item.at_least) for item in found["village"].kit] == [("broadcast_terminal", 2)]


ITEM = "{item: uav, at_least: 1, trust: D, source: x}"


@pytest.mark.parametrize(
    "words",
    [
        "norms: 3",
        "norms: [",
        "norms: [{station: a, zh: a, en: a, place: [x]}]",
        f"norms: [{{station: a, zh: a, en: a, kit: [{ITEM}]}}]",
        f"norms: [{{station: a, zh: a, en: a, place: [x], team: [y], kit: [{ITEM}]}}]",
        f"norms: [{{station: a, zh: a, en: a, place: [x], kit: [{ITEM}, {ITEM}]}}]",
        "norms: [{station: a, zh: a, en: a, place: [x], kit: [" + ITEM.replace("uav", "kite") + "]}]",
        "norms: [{station: a, zh: a, en: a, place: [x], kit: [" + ITEM.replace("1", "0") + "]}]",
        "norms: [{station: a, zh: a, en: a, place: [x], kit: ["
        + ITEM.replace("source: x", "source: ''")
        + "]}]",
        "norms: [" + 2 * "{station: a, zh: a, en: a, place: [x], kit: []}, " + "]",
    ],
)
def test_norms_that_cannot_be_meant_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_norms(words)
