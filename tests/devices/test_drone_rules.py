"""When a drone is in trouble, and what a county may set of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.drones import rules
from app.devices.drones.rules import DroneLimits
from app.devices.drones.settings import check_stream, load_drone_limits, parse_udp, stream_for

LIMITS = DroneLimits()
AIR: dict[str, object] = {"landed": "in_air"}
T0 = datetime.fromisoformat("2025-06-18T02:00:00+00:00")


@pytest.mark.parametrize(
    ("pct", "facts", "stands", "verdict"),
    [
        (30, AIR, False, "begins"),
        (31, AIR, False, None),
        (10, {"landed": "on_ground"}, False, None),
        (10, {"motors": "armed"}, False, "begins"),
        (10, {}, False, None),
        (10, {**AIR, "battery": "unknown"}, False, None),
        (None, AIR, False, None),
        (35, AIR, True, None),
        (40, {"landed": "on_ground"}, True, "ends"),
    ],
)
def test_a_battery_is_a_trouble_in_the_air_and_over_when_it_is_charged(
    pct: float | None, facts: dict[str, object], stands: bool, verdict: str | None
) -> None:
    assert rules.battery(pct, facts, LIMITS, stands=stands) == verdict


@given(st.lists(st.integers(0, 100), max_size=60))
def test_a_battery_that_wavers_is_told_once_until_it_is_charged(levels: list[int]) -> None:
    stands, told = False, 0
    for pct in levels:
        verdict = rules.battery(pct, AIR, LIMITS, stands=stands)
        stands = verdict == "begins" or (stands and verdict != "ends")
        told += verdict == "begins"
    falls = "".join("L" if p <= 30 else "H" if p >= 40 else "" for p in levels)
    assert told == sum(run == "L" for run, before in zip(falls, "H" + falls, strict=False) if before == "H")


@pytest.mark.parametrize(
    ("silent_s", "facts", "stands", "verdict", "word"),
    [
        (30, AIR, False, None, "live"),
        (31, AIR, False, "begins", "lost"),
        (31, {"landed": "on_ground"}, False, None, "silent"),
        (5, AIR, True, "ends", "live"),
        (31, {"landed": "on_ground"}, True, None, "silent"),
    ],
)
def test_a_link_is_lost_when_what_flies_is_silent(
    silent_s: int, facts: dict[str, object], stands: bool, verdict: str | None, word: str
) -> None:
    now = T0 + timedelta(seconds=silent_s)
    assert rules.link(T0, facts, now, LIMITS, stands=stands) == verdict
    assert rules.link_of(T0, facts, now, LIMITS) == word
    assert rules.link(None, facts, now, LIMITS, stands=stands) is None


@pytest.mark.parametrize(
    ("off_s", "words"),
    [
        (0, None),
        (-1_433_000_000, ("慢 45 年", "45 years slow")),
        (7_200, ("快 2 小时", "2 h fast")),
        (-600, ("慢 10 分钟", "10 min slow")),
        (200_000, ("快 2.3 天", "2.3 days fast")),
    ],
)
def test_a_wrong_clock_is_said_in_the_unit_that_says_it_best(
    off_s: int, words: tuple[str, str] | None
) -> None:
    assert rules.clock({"clock_off_s": off_s}, stands=False) == (None if words is None else "begins")
    assert rules.clock({"clock_off_s": off_s}, stands=True) == ("ends" if words is None else None)
    if words:
        assert rules.off_words(off_s) == words
    assert rules.clock({}, stands=False) is None


def test_late_is_what_is_a_little_older_and_a_clock_that_was_set_is_believed() -> None:
    assert [rules.is_late(100_000, ms) for ms in (99_999, 40_000, 39_999, 100_000, 100_001)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert not rules.is_late(None, 5)


def test_what_a_county_sets_is_read_or_refused(tmp_path: Path) -> None:
    assert load_drone_limits() == LIMITS
    for number, words in enumerate(
        ("low_pct: 50\ncharged_pct: 40\nlink_lost_s: 30\nclock_off_s: 300", "a: 1", "[")
    ):
        file = tmp_path / f"{number}.yaml"
        file.write_text(words)
        with pytest.raises(ValueError, match=r"charged_pct|yaml"):
            load_drone_limits(file)
    assert parse_udp("127.0.0.1:14550") == ("127.0.0.1", 14550)
    assert parse_udp("") is None
    for wrong in ("14550", "host", "a:b", "h:99999", "h:1/x"):
        with pytest.raises(ValueError, match="MAVLink"):
            parse_udp(wrong)
    assert stream_for("rtmp://m/live/{sn}", "A1") == "rtmp://m/live/A1"
    for wrong in ("", "http://x/y", "rtmp:///live", "rtmp://h:99999/x"):
        with pytest.raises(ValueError, match="rtmp"):
            check_stream(wrong)
