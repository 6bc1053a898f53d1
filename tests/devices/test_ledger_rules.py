"""What may stand in the register, and whether a device counts as heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.ledger.rules import FAMILIES, KINDS, device_state, kind_of, number_fault, vouched_by
from app.devices.testing.rules import PLANS

NOW = datetime(2025, 6, 17, 18, 0, tzinfo=UTC)
agos = st.timedeltas(timedelta(), timedelta(days=100))


@pytest.mark.parametrize(
    ("kind", "ago", "state"),
    [
        ("vehicle_terminal", timedelta(minutes=10), "live"),
        ("vehicle_terminal", timedelta(minutes=10, seconds=1), "silent"),
        ("radio_370", timedelta(minutes=30), "live"),
        ("radio_370", timedelta(minutes=31), "silent"),
        ("satellite_phone", timedelta(days=7, hours=23), "live"),
        ("satellite_phone", timedelta(days=9), "silent"),
        ("beidou_terminal", timedelta(days=8), "live"),
        ("gateway", timedelta(minutes=4), "silent"),
        ("a kind of next year", timedelta(days=8), "live"),
        ("a kind of next year", timedelta(days=8, seconds=1), "silent"),
    ],
)
def test_silence_is_judged_per_kind(kind: str, ago: timedelta, state: str) -> None:
    assert device_state(kind, NOW - ago, NOW, active=True) == state


@given(st.sampled_from(sorted(KINDS)), st.none() | agos)
def test_a_device_that_was_never_heard_is_not_lost(kind: str, ago: timedelta | None) -> None:
    heard_at = None if ago is None else NOW - ago
    state = device_state(kind, heard_at, NOW, active=True)
    assert (state == "never_heard") == (heard_at is None)
    assert device_state(kind, heard_at, NOW, active=False) == "off"


@pytest.mark.parametrize(
    ("kind", "facts", "ago", "state"),
    [
        ("gateway", {"connection": "online"}, timedelta(days=3), "live"),  # a quiet night, held by its broker
        ("gateway", {"connection": "offline"}, timedelta(seconds=1), "silent"),
        ("gateway", {"connection": "unknown"}, timedelta(minutes=2), "live"),
        ("gateway", {"connection": "unknown"}, timedelta(minutes=4), "silent"),
        ("radio_370", {"online": True, "renew_s": 3600}, timedelta(minutes=119), "live"),
        ("radio_370", {"online": True, "renew_s": 3600}, timedelta(minutes=121), "silent"),
        ("radio_370", {"online": False, "renew_s": 3600}, timedelta(minutes=31), "silent"),
        ("radio_370", {"online": True, "renew_s": None}, timedelta(minutes=31), "silent"),
        ("radio_370", {"online": True, "renew_s": "soon"}, timedelta(minutes=31), "silent"),
        ("radio_370", {"online": True, "renew_s": True}, timedelta(minutes=31), "silent"),
        ("radio_370", {"online": True, "renew_s": -5}, timedelta(minutes=29), "live"),
        ("radio_370", {"online": True, "renew_s": 1e300}, timedelta(days=3), "silent"),
    ],
)
def test_what_a_network_vouches_for_is_believed(
    kind: str, facts: dict[str, object], ago: timedelta, state: str
) -> None:
    assert device_state(kind, NOW - ago, NOW, active=True, vouched=vouched_by(facts)) == state


@given(st.sampled_from(sorted(KINDS)), agos, agos)
def test_a_device_heard_later_never_stands_worse(kind: str, one: timedelta, other: timedelta) -> None:
    earlier, later = sorted((NOW - one, NOW - other))
    if device_state(kind, earlier, NOW, active=True) == "live":
        assert device_state(kind, later, NOW, active=True) == "live"


def test_every_family_has_a_kind_and_every_kind_with_a_plan_is_known() -> None:
    assert set(FAMILIES.values()) <= set(KINDS)
    assert set(PLANS) <= set(KINDS)
    for kind, plan in PLANS.items():  # what is tested weekly is not called silent before its test is overdue
        assert kind_of(kind).silent_after >= plan.every or kind in ("radio_370", "repeater", "tower_camera")


@pytest.mark.parametrize(
    ("family", "number", "good"),
    [
        ("hdap", "370101", True),
        ("hdap", "16776415", True),
        ("hdap", "16776416", False),
        ("hdap", "0370101", False),
        ("hdap", "3701o1", False),
        ("rdss21", "500123", True),
        ("rdss21", "0500123", False),
        ("rdss40", "16777215", False),
        ("jt808", "19900010001", True),
        ("jt808", "019900010001", False),
        ("satphone", "17400000001", True),
        ("satphone", "+8617400000001", False),
        ("satphone", "8617400000001", True),
        ("sbd", "300234010753370", True),
        ("sbd", "30023401075337", False),
        ("broadcast", "59901811000000314010401", True),
        ("broadcast", "5", False),
        ("gateway", "pdt-cd-01", True),
        ("gateway", "a b", False),
        ("gateway", "", False),
        ("uav", "1001", True),
        ("uav", "=1+1", False),
        ("uav", "x" * 65, False),
    ],
)
def test_numbers_are_checked_as_they_stand_on_the_wire(family: str, number: str, good: bool) -> None:
    assert (number_fault(family, number) is None) == good


@given(st.sampled_from(sorted(FAMILIES)), st.text(max_size=70))
def test_no_number_whatever_it_is_breaks_the_check(family: str, number: str) -> None:
    fault = number_fault(family, number)
    if fault is None:
        assert 0 < len(number) <= 64
        assert number.isascii()
