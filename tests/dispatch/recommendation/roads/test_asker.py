"""Driving times over real TCP: from memory, within a budget, and for nothing from a service that is dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from app.clock import SetClock
from app.dispatch.recommendation.roads.asker import RoadService, RoadTerms
from app.dispatch.recommendation.roads.dialects import Dialect, Point, parse_address
from app.simulators.road_service import RoadServiceSimulator

NOON = datetime(2025, 6, 18, 4, tzinfo=UTC)
SCENE = (115.0, 28.3)
TEAMS: dict[int, Point] = {1: (115.0, 28.31), 2: (115.0, 28.39)}


class Watched:
    """Patience that counts: who waits for nothing has waited his whole time, without any passing."""

    def __init__(self, clock: SetClock) -> None:
        self.clock = clock
        self.waited_s = 0.0
        self.answers = True

    async def __call__(self, answered: asyncio.Event, seconds: float) -> None:
        if self.answers:
            await answered.wait()
            return
        self.waited_s += seconds
        self.clock.advance(timedelta(seconds=seconds))


@pytest.fixture
async def roads() -> AsyncIterator[RoadServiceSimulator]:
    async with RoadServiceSimulator().serving() as simulator:
        yield simulator


class Bench:
    """A service before a simulator, with a set clock and a watched patience."""

    def __init__(self, roads: RoadServiceSimulator, dialect: Dialect = "osrm") -> None:
        self.clock = SetClock(NOON)
        self.patience = Watched(self.clock)
        self.service = RoadService(dialect, parse_address(roads.url), self.clock, RoadTerms(), self.patience)

    async def asked(self, sources: dict[int, Point] | None = None) -> dict[int, float]:
        return await self.service.times(TEAMS if sources is None else sources, SCENE)

    async def sounded(self) -> None:
        async def somewhere() -> Point | None:
            return SCENE

        await self.service.sound(somewhere)
        await self.service.settled()


@pytest.mark.parametrize("dialect", ["osrm", "valhalla"])
async def test_a_service_that_is_well_gives_its_times_with_the_first_answer(
    roads: RoadServiceSimulator, dialect: Dialect
) -> None:
    bench = Bench(roads, dialect)
    await bench.sounded()
    times = await bench.asked()
    assert times[1] == pytest.approx(1112 / (40 / 3.6), rel=0.01)
    assert times[2] == pytest.approx(10007 / (40 / 3.6), rel=0.01)
    assert len(roads.asked) == 2  # the sounding, and one request for all of them


async def test_nobody_waits_for_a_service_that_has_not_answered_yet(roads: RoadServiceSimulator) -> None:
    bench = Bench(roads)
    bench.patience.answers = False
    assert await bench.asked() == {}
    await bench.service.settled()
    assert set(await bench.asked()) == {1, 2}  # it was asked beside; now it is known
    assert bench.patience.waited_s == 0


async def test_answers_are_kept_for_minutes_by_rounded_places(roads: RoadServiceSimulator) -> None:
    bench = Bench(roads)
    await bench.sounded()
    first = await bench.asked()
    moved = {1: (115.0003, 28.3103), 2: TEAMS[2]}  # thirty metres on: the same answer
    assert await bench.asked(moved) == first
    assert len(roads.asked) == 2
    bench.clock.advance(timedelta(minutes=6))
    await bench.asked()
    assert len(roads.asked) == 3


async def test_where_no_road_leads_there_is_no_time_and_it_is_not_asked_again(
    roads: RoadServiceSimulator,
) -> None:
    roads.way = lambda lon, lat, *_: None if lat > 28.35 else 60.0
    bench = Bench(roads)
    await bench.sounded()
    assert await bench.asked() == {1: 60.0}
    assert await bench.asked() == {1: 60.0}
    assert len(roads.asked) == 2


async def test_a_black_hole_costs_nothing_from_the_first_answer_on(roads: RoadServiceSimulator) -> None:
    roads.silent = True
    bench = Bench(roads)
    bench.patience.answers = False
    for n in range(20):
        assert await bench.asked({1: (115.0, 28.31 + n / 100)}) == {}
        await asyncio.sleep(0)
    assert bench.patience.waited_s == 0
    assert len(roads.asked) <= 4  # no more connections are held than that
    await end(bench)


async def test_a_service_that_dies_costs_one_bounded_wait_and_then_nothing(
    roads: RoadServiceSimulator,
) -> None:
    bench = Bench(roads)
    await bench.sounded()
    roads.silent, bench.patience.answers = True, False
    for n in range(20):
        assert await bench.asked({1: (115.0, 28.31 + n / 100)}) == {}
    assert bench.patience.waited_s == 0.3
    await end(bench)


async def end(bench: Bench) -> None:
    """Give up what hangs, as the end of the house does."""

    async def nowhere() -> Point | None:
        return None

    async with bench.service.running(nowhere):
        pass


async def test_after_failures_it_is_left_alone_for_a_while_then_sounded(
    roads: RoadServiceSimulator,
) -> None:
    roads.status = 503
    bench = Bench(roads)
    for n in range(10):
        assert await bench.asked({1: (115.0, 28.31 + n / 100)}) == {}
        await bench.service.settled()
    assert len(roads.asked) == 3
    told = bench.service.health()
    assert (told["ok"], told["trouble"], told["left_alone"]) == (False, "router_refuses", True)
    roads.status = 200
    await bench.sounded()
    assert len(roads.asked) == 3  # not even sounded while it is left alone
    bench.clock.advance(timedelta(seconds=61))
    await bench.sounded()
    assert bench.service.health()["ok"]
    assert set(await bench.asked()) == {1, 2}


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "router_nonsense"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "router_nonsense"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 300_000, "router_nonsense"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b'{"code": "Ok", "durations": [[',
            "router_nonsense",
        ),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            "router_refuses",
        ),
        (b"", "router_unreachable"),
    ],
)
async def test_nonsense_is_not_believed_not_followed_and_told(
    roads: RoadServiceSimulator, said: bytes, trouble: str
) -> None:
    roads.raw = said
    bench = Bench(roads)
    await bench.asked()
    await bench.service.settled()
    assert await bench.asked() == {}
    await bench.service.settled()
    assert bench.service.health()["trouble"] == trouble
    assert all(one.startswith("GET /table/v1/driving/") for one in roads.asked)


async def test_where_nobody_listens_the_panel_says_so() -> None:
    async with RoadServiceSimulator().serving() as gone:
        bench = Bench(gone)
    assert await bench.asked() == {}
    await bench.service.settled()
    assert bench.service.health()["trouble"] == "router_unreachable"


async def test_an_answer_that_comes_late_serves_the_next_one_who_asks(roads: RoadServiceSimulator) -> None:
    bench = Bench(roads)
    await bench.sounded()
    bench.patience.answers = False
    assert await bench.asked() == {}
    await bench.service.settled()
    assert set(await bench.asked()) == {1, 2}
    assert bench.patience.waited_s == 0.3


async def test_it_is_sounded_only_when_nobody_asked_for_a_while(roads: RoadServiceSimulator) -> None:
    bench = Bench(roads)
    await bench.sounded()
    await bench.sounded()
    assert len(roads.asked) == 1
    bench.clock.advance(timedelta(seconds=15))
    await bench.sounded()
    assert len(roads.asked) == 2
