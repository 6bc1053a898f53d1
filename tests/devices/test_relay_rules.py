"""When a relay fails, and where nobody is heard any more without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.devices.relays.rules import Place, Relay, losses, trouble_of

SEAT = Place("990181100000", "东镇", 118.20, 28.50)
NEAR = Place("990181100201", "东岸村", 118.21, 28.50)  # about 1 km to the east
FAR = Place("990181200201", "西湖村", 118.60, 28.50)  # some 39 km
EAST = Relay(1, ("1", "101"), 118.20, 28.50, 5.0, "silent")
WIDE = Relay(2, ("1",), 118.30, 28.50, 60.0)


@pytest.mark.parametrize(
    ("facts", "trouble"),
    [
        ({}, ""),
        ({"state": "never_heard", "test_passed": None}, ""),  # never heard is not lost
        ({"state": "silent"}, "silent"),
        ({"test_passed": False}, "failed"),
        ({"told": "fault"}, "fault"),
        ({"told": "fault", "state": "silent"}, "fault"),
        ({"told": "power_lost"}, "power_lost"),
        ({"told": "low_battery", "state": "silent"}, "silent"),  # it ran out: no longer a risk
        ({"told": "power_lost", "test_passed": False}, "failed"),
        ({"active": False, "told": "fault"}, "off"),
    ],
)
def test_the_surest_word_names_what_is_wrong(facts: dict[str, object], trouble: str) -> None:
    told: dict[str, object] = {"active": True, "told": "", "state": "live", "test_passed": True, **facts}
    assert trouble_of(**told) == trouble  # type: ignore[arg-type]


def test_a_place_loses_the_groups_that_no_other_relay_carries_there() -> None:
    found = losses(EAST, [EAST, WIDE], [SEAT, NEAR, FAR])
    assert [(loss.place, loss.groups) for loss in found] == [(SEAT, ("101",)), (NEAR, ("101",))]
    assert [loss.groups for loss in losses(EAST, [EAST], [NEAR])] == [("1", "101")]


def test_what_another_standing_relay_carries_is_not_lost() -> None:
    both = replace(WIDE, talk_groups=("1", "101"))
    assert losses(EAST, [EAST, both], [SEAT, NEAR, FAR]) == []
    assert losses(EAST, [EAST, replace(WIDE, talk_groups=())], [SEAT]) == []  # it is taken to carry all
    assert losses(replace(EAST, talk_groups=()), [EAST, WIDE], [SEAT]) == []


def test_a_relay_that_fails_itself_covers_for_nobody_and_one_at_risk_still_does() -> None:
    both = replace(WIDE, talk_groups=("1", "101"))
    for trouble in ("silent", "failed", "fault", "off"):
        assert len(losses(EAST, [EAST, replace(both, trouble=trouble)], [SEAT])) == 1
    for trouble in ("", "power_lost", "low_battery"):
        assert losses(EAST, [EAST, replace(both, trouble=trouble)], [SEAT]) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("unknown", [{"lon": None}, {"lat": None}, {"coverage_km": None}])
def test_without_a_position_or_a_coverage_nothing_is_known_of_places(unknown: Any) -> None:
    assert losses(replace(EAST, **unknown), [], [SEAT]) == []


def test_a_relay_without_groups_loses_places_and_names_no_group() -> None:
    [loss] = losses(replace(EAST, talk_groups=()), [], [SEAT])
    assert loss.groups == ("",)
