"""When a battery is low, a silence is a loss and a device has left: judged with hysteresis, per kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.ledger.rules import KINDS, NOBODY, Vouched
from app.devices.watch.judgement import findings
from app.devices.watch.rules import BATTERIES, Expected, area, battery, patience, reach_km, silence
from app.devices.watch.store import Watched

NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
kinds = st.sampled_from(sorted(KINDS))
GATEWAY = Expected("gateway")
NETWORK = Expected("radio_370", Vouched(renew_s=3600))


@pytest.mark.parametrize(
    ("kind", "pct", "ago", "stands", "verdict"),
    [
        ("radio_370", 20, MINUTE, False, "begins"),
        ("radio_370", 20.1, MINUTE, False, None),
        ("radio_370", 5, 13 * HOUR, False, None),  # of yesterday
        ("radio_370", 5, MINUTE, True, None),
        ("radio_370", 29, MINUTE, True, None),
        ("radio_370", 30, MINUTE, True, "ends"),
        ("radio_370", None, MINUTE, True, None),
        ("vehicle_terminal", 5, MINUTE, False, None),  # the vehicle's, not its own
        ("field_phone", 5, MINUTE, False, None),
        ("gateway", 5, MINUTE, False, "begins"),
    ],
)
def test_a_battery_is_low_at_twenty_and_well_again_at_thirty(
    kind: str, pct: float | None, ago: timedelta, stands: bool, verdict: str | None
) -> None:
    assert battery(kind, pct, NOW - ago, NOW, stands=stands) == verdict


@given(st.sampled_from(sorted(BATTERIES)), st.lists(st.floats(0, 100), max_size=30))
def test_a_battery_that_wavers_around_the_limit_is_told_once(kind: str, told: list[float]) -> None:
    stands, begun = False, 0
    for pct in told:
        verdict = battery(kind, pct, NOW, NOW, stands=stands)
        assert verdict != ("begins" if stands else "ends")
        begun += verdict == "begins"
        stands = stands if verdict is None else verdict == "begins"
    swings, low = 0, False
    for pct in told:
        if not low and pct <= 20:
            swings, low = swings + 1, True
        low = low and pct < 30
    assert begun == swings


@pytest.mark.parametrize(
    ("expected", "ago", "stands", "verdict"),
    [
        (GATEWAY, 3 * MINUTE, False, None),
        (GATEWAY, 4 * MINUTE, False, "begins"),
        (GATEWAY, 4 * MINUTE, True, None),
        (GATEWAY, MINUTE, True, "ends"),
        (NETWORK, 119 * MINUTE, False, None),  # two renewals may be missed
        (NETWORK, 121 * MINUTE, False, "begins"),
        (Expected("radio_370", Vouched(renew_s=60)), 29 * MINUTE, False, None),
        (Expected("radio_370", Vouched(renew_s=60)), 31 * MINUTE, False, "begins"),
        (Expected("radio_370"), 9 * DAY, False, None),  # nobody renews it: who knows
        (Expected("gateway", Vouched("online")), 9 * DAY, False, None),  # its broker holds it: a quiet night
        (Expected("gateway", Vouched("online")), 9 * DAY, True, "ends"),
        (Expected("gateway", Vouched("offline")), 2 * MINUTE, False, None),  # it may be back at once
        (Expected("gateway", Vouched("offline")), 4 * MINUTE, False, "begins"),
        (Expected("gateway", Vouched("unknown")), 4 * MINUTE, False, "begins"),
        (Expected("vehicle_terminal"), 9 * DAY, False, None),  # in the garage
        (Expected("vehicle_terminal", engaged_at=NOW - HOUR), 11 * MINUTE, False, "begins"),
        (Expected("vehicle_terminal", engaged_at=NOW - HOUR), 9 * MINUTE, False, None),
        (Expected("vehicle_terminal", engaged_at=NOW - 5 * MINUTE), 11 * MINUTE, False, "begins"),
        (Expected("vehicle_terminal", engaged_at=NOW - HOUR), 9 * DAY, False, None),  # never with them
        (Expected("satellite_phone", engaged_at=NOW - HOUR), 7 * DAY, False, None),
        (Expected("vehicle_terminal"), 11 * MINUTE, True, None),  # its team is back, it is still not heard
        (Expected("vehicle_terminal"), MINUTE, True, "ends"),
        (Expected("broadcast_terminal"), 9 * DAY, False, None),
    ],
)
def test_only_a_device_that_is_expected_falls_silent(
    expected: Expected, ago: timedelta, stands: bool, verdict: str | None
) -> None:
    assert silence(expected, NOW - ago, NOW, stands=stands) == verdict


@given(
    kinds,
    st.none() | st.floats(0, 1e9),
    st.none() | st.timedeltas(timedelta(), 9 * DAY),
    st.timedeltas(timedelta(), 90 * DAY),
    st.booleans(),
)
def test_never_heard_is_not_lost_and_just_heard_is_not_silent(
    kind: str,
    renew_s: float | None,
    out: timedelta | None,
    ago: timedelta,
    stands: bool,
) -> None:
    expected = Expected(kind, Vouched("", renew_s), None if out is None else NOW - out)
    assert silence(expected, None, NOW, stands=stands) is None
    assert silence(expected, NOW, NOW, stands=False) is None
    assert silence(expected, NOW, NOW, stands=True) == "ends"
    if silence(expected, NOW - ago, NOW, stands=False) == "begins":
        limit = patience(expected)
        assert limit is not None
        assert ago > limit
        assert silence(expected, NOW - ago, NOW, stands=True) is None  # it does not end as it begins


@pytest.mark.parametrize(
    ("km", "kind", "stands", "verdict"),
    [
        (16.9, "township", False, None),
        (17.1, "township", False, "begins"),
        (16.9, "township", True, None),
        (15.2, "township", True, "ends"),
        (8.1, "village", False, "begins"),
        (46, "county", False, None),
        (48, "county", False, "begins"),
    ],
)
def test_a_device_has_left_beyond_the_margin_and_is_back_clearly_inside(
    km: float, kind: str, stands: bool, verdict: str | None
) -> None:
    assert area(km, kind, stands=stands) == verdict
    assert reach_km(kind) > 0


def watched(**changes: object) -> Watched:
    told = {
        "device_id": 7,
        "kind": "gateway",
        "active": True,
        "heard_at": NOW - HOUR,
        "battery_pct": 3.0,
        "health_at": NOW,
        "vouched": NOBODY,
        "engaged_at": None,
        "fenced": True,
        "place": (118.5, 28.5),
        "middle": (118.2, 28.5),
        "region_kind": "township",
        "stands": frozenset(),
        **changes,
    }
    return Watched(**told)  # type: ignore[arg-type]


def test_a_device_may_be_in_three_troubles_at_once_and_is_in_none_when_switched_off() -> None:
    begun = list(findings(watched(), NOW))
    assert [(f.kind, f.verdict) for f in begun] == [
        ("low_battery", "begins"),
        ("silent", "begins"),
        ("left_area", "begins"),
    ]
    assert "60" in begun[1].text
    assert all("/" in f.text for f in begun)
    stands = frozenset(f.kind for f in begun)
    assert list(findings(watched(stands=stands), NOW)) == []
    off = findings(watched(stands=stands, active=False), NOW)
    assert [f.verdict for f in off] == ["ends"] * 3
    assert list(findings(watched(active=False), NOW)) == []


def test_without_a_fence_or_a_place_nobody_leaves() -> None:
    assert [f.kind for f in findings(watched(fenced=False), NOW)] == ["low_battery", "silent"]
    assert [f.kind for f in findings(watched(place=None), NOW)] == ["low_battery", "silent"]
    (back,) = findings(watched(fenced=False, stands=frozenset({"low_battery", "silent", "left_area"})), NOW)
    assert (back.kind, back.verdict) == ("left_area", "ends")
