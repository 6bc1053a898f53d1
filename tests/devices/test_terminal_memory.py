"""What is remembered of a terminal: its clock, the troubles that stand, the health that was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Jt808Codec, Terminal, encode
from app.devices.jt808 import standing
from app.devices.jt808.memory import TerminalMemory
from app.devices.jt808.standing import Standing
from app.signals import Distress, Fix, Health, Signal, Trouble
from tests.devices.evidence import only
from tests.world import TRUCK

NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
SOS, LOW, LOST, AREA, ROUTE = 1, 1 << 7, 1 << 8, 1 << 20, 1 << 23


@dataclass
class Ear:
    """Hears frames of one terminal at the times told, in seconds."""

    memory: TerminalMemory = field(default_factory=TerminalMemory)

    def hears(self, at_s: float, *, alarm: int = 0, behind_s: float = 0, items: object = ()) -> list[Signal]:
        now = NOW + timedelta(seconds=at_s)
        fixed_at = now - timedelta(seconds=behind_s)
        body = encode.location(118.2, 28.5, fixed_at, alarm=alarm, items=items)  # type: ignore[arg-type]
        to = Terminal.v2013(TRUCK)
        reading = only(Jt808Codec(), encode.encode(encode.LOCATION, body, to=to, serial=int(at_s) & 0xFFFF))
        return list(self.memory.hear(reading, now).signals)

    def troubles(self, at_s: float, alarm: int) -> list[Trouble]:
        return [one for one in self.hears(at_s, alarm=alarm) if isinstance(one, Trouble)]


def test_a_bit_that_stands_is_one_trouble_told_again_every_ten_minutes() -> None:
    ear = Ear()
    told = {at: ear.troubles(at, LOST) for at in range(0, 1300, 10)}
    spoken = {at: found for at, found in told.items() if found}
    assert list(spoken) == [0, 600, 1200]
    assert len({found[0].ref for found in spoken.values()}) == 1
    assert spoken[0][0].kind == "power_lost"


def test_a_trouble_that_comes_back_within_ten_minutes_is_the_same_and_later_a_new_one() -> None:
    ear = Ear()
    (first,) = ear.troubles(0, LOST)
    assert ear.troubles(10, 0) == []
    assert ear.troubles(300, LOST) == []
    (again,) = ear.troubles(700, LOST)
    assert again.ref == first.ref
    assert ear.troubles(710, 0) == []
    assert ear.troubles(1310, 0) == []
    (new,) = ear.troubles(1320, LOST)
    assert new.ref != first.ref


@pytest.mark.parametrize(
    ("alarm", "items", "kinds"),
    [
        (LOW, (), ["low_battery"]),
        (LOW | LOST, (), ["low_battery", "power_lost"]),
        (AREA, (), ["left_area"]),
        (AREA, ((0x12, b"\x01\x00\x00\x00\x07\x01"),), ["left_area"]),
        (AREA, ((0x12, b"\x01\x00\x00\x00\x07\x00"),), []),  # it came in
        (ROUTE, (), ["left_area"]),
        (AREA | ROUTE, (), ["left_area"]),
        (1 << 1, (), []),  # speeding is nobody's alarm here
    ],
)
def test_which_bits_are_a_trouble_of_the_device(alarm: int, items: object, kinds: list[str]) -> None:
    found = Ear().hears(0, alarm=alarm, items=items)
    assert [one.kind for one in found if isinstance(one, Trouble)] == kinds


def test_the_past_tells_no_trouble() -> None:
    item = encode.location(118.2, 28.5, NOW, alarm=LOST)
    body = b"\x00\x01\x01" + len(item).to_bytes(2, "big") + item
    reading = only(Jt808Codec(), encode.encode(0x0704, body, to=Terminal.v2013(TRUCK), serial=1))
    assert [type(one) for one in TerminalMemory().hear(reading, NOW).signals] == [Fix]


def test_a_clock_eight_hours_behind_is_put_right_and_said_once() -> None:
    ear = Ear()
    for at in (0, 10):
        (fix, *_) = ear.hears(at, behind_s=28800)
        assert isinstance(fix, Fix) and fix.fixed_at == NOW + timedelta(seconds=at - 28800)
    found = ear.hears(20, behind_s=28800, alarm=SOS | LOST)
    fix, distress, trouble = found[:3]
    assert isinstance(fix, Fix) and isinstance(distress, Distress) and isinstance(trouble, Trouble)
    right = NOW + timedelta(seconds=20)
    assert [fix.fixed_at, distress.sent_at, trouble.sent_at] == [right] * 3
    assert distress.fix == trouble.fix == fix
    assert Health((("clock_offset_s", 28800),)) in found
    assert Health((("clock_offset_s", 28800),)) not in ear.hears(30, behind_s=28800)


def test_gauges_are_passed_on_every_thirty_seconds_and_a_new_fault_at_once() -> None:
    ear = Ear()

    def told(at: float, alarm: int = 0) -> bool:
        return any(isinstance(one, Health) for one in ear.hears(at, alarm=alarm, items=((0x30, b"\x10"),)))

    assert [told(0), told(10), told(20), told(30)] == [True, False, False, True]
    assert told(40, 1 << 4)
    assert not told(50, 1 << 4)


def test_a_report_that_tells_nothing_new_of_the_device_is_passed_on_as_it_is() -> None:
    reading = Reading("jt808", "0x0200", TRUCK, {}, b"", (Fix(118.2, 28.5, NOW),))
    assert TerminalMemory().hear(reading, NOW) is reading


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 1200)), min_size=1, max_size=30))
def test_a_trouble_is_told_at_its_beginning_and_never_twice_within_ten_minutes_under_one_name(
    reports: list[tuple[bool, int]],
) -> None:
    now, held = NOW, None
    told: list[tuple[str, datetime]] = []
    for number, (stands, later_s) in enumerate(reports):
        now += timedelta(seconds=later_s)
        if stands:
            fresh = held is None
            held, tell = standing.heard(held, str(number), now)
            assert tell or not fresh
            if tell:
                told.append((held.ref, now))
        elif held is not None:
            held = standing.missed(held, now)
    for (ref, at), (next_ref, next_at) in pairwise(told):
        assert ref != next_ref or next_at - at >= standing.TELL_EVERY


def test_a_trouble_that_is_away_for_long_is_over_even_if_nobody_reported_meanwhile() -> None:
    away = Standing("a", NOW, away_since=NOW)
    assert standing.heard(away, "b", NOW + timedelta(minutes=10))[0].ref == "b"
    assert standing.missed(away, NOW + timedelta(minutes=10)) is None
    assert standing.missed(away, NOW + timedelta(minutes=9)) == away
