from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from app.clock import SetClock
from app.demo.city import City, generate
from app.devices.adapters import rdss21
from app.devices.adapters.rdss21 import cctxa
from app.signals import Distress, Fix
from app.simulators.crew import Crew
from app.simulators.demo import RANGER_CALL, Stage, Story, run_demo
from app.simulators.fleet import Fleet
from app.simulators.terminal import Pace
from tests.simulators.host import plugged_in
from tests.simulators.platform import Platform

ORDER = "【派单】去阁峰镇。回复1收到"
BRISK = Pace(period_s=0.1, sos_s=0.05)


@pytest.fixture(scope="module")
def city() -> City:
    return generate()


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with Platform().running() as platform:
        yield platform


@asynccontextmanager
async def staged(
    city: City, platform: Platform, *, crew: Crew | None = None, story: Story | None = None
) -> AsyncIterator[tuple[Stage, str]]:
    """Run the demo's devices; nothing of them is left afterwards."""
    before = asyncio.all_tasks()
    stage = Stage(city, "127.0.0.1", platform.port, pace=BRISK, frequency_s=0, crew=crew)
    stop = asyncio.Event()
    path: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    play = asyncio.create_task(run_demo(stage, stop, on_path=path.set_result, story=story))
    try:
        yield stage, await path
    finally:
        stop.set()
        await play
        await platform.hang_up()
        assert asyncio.all_tasks() <= before


async def test_all_vehicles_of_the_city_report_from_their_patrols(
    city: City, platform: Platform, clock: SetClock
) -> None:
    fleet = Fleet(city, "127.0.0.1", platform.port, pace=BRISK, now=clock.now)
    drive = asyncio.create_task(fleet.run())
    numbers = {device.number for device in city.devices if device.family == "jt808"}
    assert len(numbers) == 33

    def places() -> set[tuple[str, float, float]]:
        return {(r.sender, s.lon, s.lat) for r in platform.heard for s in r.signals if isinstance(s, Fix)}

    await platform.until(lambda: {number for number, *_ in places()} == numbers)
    assert len(places()) == 33
    clock.advance(timedelta(minutes=20))
    await platform.until(lambda: len(places()) > 50)
    await fleet.close()
    await drive
    layouts = {reading.sender: reading.fields["layout"] for reading in platform.heard}
    assert list(layouts.values()).count("2019") == 11


async def test_the_story_is_a_handset_and_a_vehicle_that_call_for_help(
    city: City, platform: Platform
) -> None:
    story = Story(after_s=0.3, vehicle_later_s=0.05)
    async with (
        staged(city, platform, story=story) as (_, path),
        plugged_in(path, rdss21.ADAPTER.codec()) as host,
    ):
        heard = await host.next()
        await platform.until(platform.distress)
    assert (heard.sender, heard.fields["text"]) == ("500123", RANGER_CALL)
    (call,) = {reading.sender for reading in platform.distress()}
    assert call == "19900010001"
    assert any(isinstance(signal, Distress) for signal in platform.distress()[0].signals)


async def test_without_a_story_nobody_calls_but_orders_are_answered(city: City, platform: Platform) -> None:
    crew = Crew(1, share=1.0, haste=1000)
    async with staged(city, platform, crew=crew) as (_, path):
        await platform.until_heard("0x0200")
        phone = platform.heard[-1].sender
        platform.send_text("路上小心", phone)
        platform.send_text(ORDER, phone)
        answer = await platform.until_heard("0x0302")
        async with plugged_in(path, rdss21.ADAPTER.codec()) as host:
            host.port.write(cctxa(500999, ORDER))  # nobody's
            host.port.write(cctxa(500123, ORDER))
            heard = [await host.next() for _ in range(3)]
    assert (answer.sender, answer.fields["body"]["answer_id"]) == (phone, 1)
    assert platform.kinds().count("0x0302") == 1
    assert [reading.kind for reading in heard] == ["BDFKI", "BDFKI", "BDTXR"]
    assert (heard[2].sender, heard[2].fields["text"]) == ("500123", "1")
    assert not platform.distress()


async def test_the_same_seed_answers_the_same_orders() -> None:
    async def answered(seed: int) -> list[int]:
        crew = Crew(seed, haste=10_000)
        heard: list[int] = []
        for n in range(20):
            crew.read(ORDER, lambda _, n=n: heard.append(n))  # type: ignore[misc]  # mypy: lambda default
        await asyncio.sleep(0.02)
        return sorted(heard)

    first = await answered(7)
    assert 5 < len(first) < 20
    assert await answered(7) == first
    assert await answered(8) != first


def test_a_story_may_not_scream() -> None:
    with pytest.raises(ValueError, match="too often"):
        Story(again_s=599)


async def test_a_crew_that_has_gone_home_answers_nothing() -> None:
    heard: list[str] = []
    crew = Crew(1, share=1.0, haste=10_000)
    crew.read(ORDER, heard.append)
    crew.go_home()
    await asyncio.sleep(0.01)
    assert not heard
