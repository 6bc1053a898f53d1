"""The decisions of the satellite phone's driver alone, and its commands in a loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import SetClock
from app.delivery.actions import Outcome
from app.devices import modem as modem_module
from app.devices.adapters.at_calls import CELLULAR, TIANTONG, CallNews
from app.devices.adapters.at_words import Answer, Command, Unasked
from app.devices.links.serial import LinkLost
from app.devices.modem import Modem, until_one_ends
from app.devices.satphone.calls import RINGS_WITHIN, CallDesk
from app.devices.satphone.numbers import dialled, national, spellings
from app.devices.satphone.outbox import RETRY_AFTER, outcome_of
from app.devices.satphone.setup import Plate, registered, signal_pct
from app.signals import Ring

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "ways"),
    [
        ("+8617400000005", ("8617400000005", "17400000005")),
        ("17400000005", ("17400000005", "8617400000005")),
        ("017400000005", ("017400000005", "8617400000005")),
        ("008617400000005", ("8617400000005", "17400000005")),
        ("+881632525176", ("881632525176",)),
        ("10010", ()),
        ("+123", ()),
        ("InternetSMS", ()),
        ("١٧٤٠٠٠٠٠٠٠٥", ()),
        ("", ()),
        ("0000000", ()),
        ("1" * 16, ()),
    ],
)
def test_a_phone_is_known_by_any_of_its_spellings(number: str, ways: tuple[str, ...]) -> None:
    assert spellings(number, "86") == ways


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("17400000005", "17400000005"),
        ("8617400000005", "+8617400000005"),
        ("+8617400000005", "+8617400000005"),
        ("881632525176", "+881632525176"),
        ("079112345678", "079112345678"),
        ("+881632525176", "+881632525176"),
        ("110", "110"),
    ],
)
def test_a_number_is_dialled_as_the_network_wants_it(number: str, said: str) -> None:
    assert dialled(number) == said


@given(number=st.text(max_size=30))
def test_what_is_dialled_is_digits_and_nothing_else(number: str) -> None:
    try:
        said = dialled(number)
    except ValueError:
        return
    assert said.removeprefix("+").isdecimal()
    assert said.isascii()


def test_people_write_numbers_without_their_own_country() -> None:
    assert [national(n, "86") for n in ("+8613800138000", "+881632525176", "110", "")] == [
        "13800138000",
        "881632525176",
        "110",
        "",
    ]


@pytest.mark.parametrize(
    ("csq", "pct"),
    [
        ("25,0", 80.6),
        ("31,99", 100),
        ("0,0", 0),
        ("99,99", None),
        ("4", 80),
        ("6", None),
        ("", None),
        ("x,1", None),
    ],
)
def test_signal_in_per_cent(csq: str, pct: float | None) -> None:
    assert signal_pct(csq) == pct


@pytest.mark.parametrize(
    ("creg", "is_registered"),
    [("0,1", True), ("1,5", True), ("0,0", False), ("0,2", False), ("1,3", False), ("1", None), ("", None)],
)
def test_registration(creg: str, is_registered: bool | None) -> None:
    assert registered(creg) is is_registered


@pytest.mark.parametrize(
    ("maker", "model", "table"),
    [
        ("HWA", "HTDM1310E", TIANTONG),
        ("", "", TIANTONG),
        ("Quectel", "EC20", CELLULAR),
        ("Huawei", "TT-1", TIANTONG),
    ],
)
def test_each_model_has_its_table_of_call_states(maker: str, model: str, table: Mapping[int, str]) -> None:
    assert Plate(maker, model).call_states is table


@pytest.mark.parametrize(
    ("final", "code", "outcome"),
    [
        ("+CMS ERROR", 331, Outcome("fail", "no_network", RETRY_AFTER)),
        ("+CMS ERROR", 1, Outcome("fail", "no_such_number")),
        ("+CMS ERROR", 500, Outcome("fail", "error_500", RETRY_AFTER)),
        ("ERROR", None, Outcome("fail", "error_0", RETRY_AFTER)),
        ("TIMEOUT", None, Outcome("fail", "no_feedback", RETRY_AFTER)),
        ("REBOOT", None, Outcome("fail", "phone_restarted", RETRY_AFTER)),
    ],
)
def test_what_a_refusal_means(final: str, code: int | None, outcome: Outcome) -> None:
    assert outcome_of(Answer(Command("AT+CMGS=1"), final, code=code)) == outcome


# Calls

RING = CallNews("incoming", incoming=True)
CLIP = CallNews("incoming", "+8613800000005", incoming=True)


def play(*steps: CallNews | float) -> list[tuple[str, str]]:
    """Let a call go its way; a number lets so many seconds pass."""
    desk, now, told = CallDesk("phone"), NOON, list[Ring]()
    for step in steps:
        if isinstance(step, CallNews):
            told += desk.take(step, now)
        else:
            now += timedelta(seconds=step)
            told += desk.tick(now)
    assert len({ring.ref for ring in told}) <= 1
    return [(ring.stage, ring.number) for ring in told]


N = "+8613800000005"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ((RING, CLIP, RING, CLIP), [("ringing", N)]),
        ((RING, 1.0, CLIP), [("ringing", N)]),
        ((RING, 2.0, RING, 2.0), [("ringing", "")]),
        ((RING, CLIP, CallNews("active"), CallNews("active")), [("ringing", N), ("answered", N)]),
        ((CLIP, CallNews("active"), CallNews("released")), [("ringing", N), ("answered", N), ("ended", N)]),
        ((CLIP, 4.0, RING, 4.0, RING, 13.0), [("ringing", N), ("ended", N)]),
        ((RING, CallNews("released")), [("ringing", ""), ("ended", "")]),
        ((CallNews("released"), CallNews("released")), []),
        ((CallNews("dialing", incoming=False), CallNews("alerting"), CallNews("active"), 60.0), []),
        ((CallNews("active", N, incoming=True),), [("ringing", N), ("answered", N)]),
    ],
)
def test_what_the_desk_is_told_of_a_call(
    steps: tuple[CallNews | float, ...], told: list[tuple[str, str]]
) -> None:
    assert play(*steps) == told


def test_a_second_call_is_another_one() -> None:
    desk = CallDesk("phone")
    first = desk.take(CLIP, NOON)
    desk.tick(NOON + RINGS_WITHIN + timedelta(seconds=1))
    second = desk.take(CLIP, NOON + timedelta(minutes=1))
    assert first[0].ref != second[0].ref


@given(
    steps=st.lists(
        st.one_of(
            st.floats(0, 30),
            st.builds(
                CallNews,
                st.sampled_from(["dialing", "alerting", "active", "incoming", "released"]),
                st.sampled_from(["", N]),
                st.sampled_from([None, True, False]),
            ),
        ),
        max_size=30,
    )
)
def test_however_a_phone_talks_each_call_rings_and_ends_once_at_most(steps: list[CallNews | float]) -> None:
    desk, now, told = CallDesk("phone"), NOON, list[Ring]()
    for at, step in enumerate(steps):
        now += timedelta(microseconds=at + 1)
        if isinstance(step, CallNews):
            told += desk.take(step, now)
        else:
            now += timedelta(seconds=step)
            told += desk.tick(now)
    seen = [(ring.ref, ring.stage) for ring in told]
    assert len(seen) == len(set(seen))


# Commands in a loop


class Wire:
    """A line whose far end is the test."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[bytes] = asyncio.Queue()
        self.asked: list[bytes] = []

    async def read(self) -> bytes:
        data = await self.said.get()
        if not data:
            raise LinkLost("unplugged")
        return data

    async def write(self, data: bytes) -> None:
        self.asked.append(data)

    async def was_asked(self, data: bytes) -> None:
        async with asyncio.timeout(30):
            while data not in self.asked:  # noqa: ASYNC110 - the line tells nobody
                await asyncio.sleep(0.002)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    monkeypatch.setattr(modem_module, "TICK_S", 0.01)
    return Wire()


async def test_whoever_asks_waits_for_his_turn_and_words_come_through_meanwhile(wire: Wire) -> None:
    heard: list[Unasked] = []
    modem = Modem("satphone", wire, SetClock(NOON), heard.append)

    async def work() -> None:
        first, second = asyncio.create_task(modem.ask("AT+CSQ")), asyncio.create_task(modem.ask("AT+CREG?"))
        await wire.was_asked(b"AT+CSQ\r")
        assert wire.asked == [b"AT+CSQ\r"]
        wire.said.put_nowait(b"\r\nRING\r\n\r\n+CSQ: 9,0\r\nOK\r\n")
        assert (await first).value() == "9,0"
        await wire.was_asked(b"AT+CREG?\r")
        wire.said.put_nowait(b"\r\n+CREG: 0,1\r\nOK\r\n")
        assert (await second).ok

    await until_one_ends(modem.run(), work())
    assert heard == [Unasked("RING")]


async def test_after_a_command_that_got_no_answer_a_late_one_is_nobodys(wire: Wire) -> None:
    clock = SetClock(NOON)
    modem = Modem("satphone", wire, clock, lambda _: None)

    async def work() -> None:
        asked = asyncio.create_task(modem.ask("AT+CSQ"))
        await wire.was_asked(b"AT+CSQ\r")
        clock.advance(timedelta(seconds=6))
        await wire.was_asked(b"AT\r")
        wire.said.put_nowait(b"\r\n+CSQ: 9,0\r\nOK\r\n\r\nOK\r\n")
        assert (await asked).final == "TIMEOUT"
        again = asyncio.create_task(modem.ask("AT+CREG?"))
        await wire.was_asked(b"AT+CREG?\r")
        await asyncio.sleep(0.03)
        assert not again.done()
        wire.said.put_nowait(b"\r\n+CREG: 0,1\r\nOK\r\n")
        assert (await again).value() == "0,1"

    await until_one_ends(modem.run(), work())


async def test_a_lost_line_is_told_to_whoever_waits(wire: Wire) -> None:
    modem = Modem("satphone", wire, SetClock(NOON), lambda _: None)

    async def work() -> None:
        asked = asyncio.create_task(modem.ask("AT+CMGS=23"))
        await wire.was_asked(b"AT+CMGS=23\r")
        wire.said.put_nowait(b"")
        with pytest.raises(LinkLost, match="unplugged"):
            await asked
        with pytest.raises(LinkLost, match="unplugged"):
            await modem.ask("AT")
        await asyncio.sleep(1)

    with pytest.raises(LinkLost):
        await until_one_ends(modem.run(), work())


async def test_whoever_goes_away_leaves_the_line_in_step(wire: Wire) -> None:
    modem = Modem("satphone", wire, SetClock(NOON), lambda _: None)

    async def work() -> None:
        gone = asyncio.create_task(modem.ask("AT+CSQ"))
        await wire.was_asked(b"AT+CSQ\r")
        gone.cancel()
        asked = asyncio.create_task(modem.ask("AT+CREG?"))
        await asyncio.sleep(0.03)
        assert len(wire.asked) == 1
        wire.said.put_nowait(b"\r\n+CSQ: 9,0\r\nOK\r\n")
        await wire.was_asked(b"AT+CREG?\r")
        wire.said.put_nowait(b"\r\n+CREG: 0,1\r\nOK\r\n")
        assert (await asked).value() == "0,1"

    await until_one_ends(modem.run(), work())
