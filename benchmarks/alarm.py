"""A1: from the SOS frame on the wire to the alarm on the last of 50 consoles, through the real service.

The terminals of the fictional city press SOS one after the other, over TCP with their own credentials.
The limit is one command of the same run: an incident opened by hand and heard of on the same consoles.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection, connect

from app.db import Database
from app.demo.city import generate
from app.demo.movement import Motion
from app.simulators.firmware import TypePlate
from app.simulators.terminal import Pace, Terminal
from app.stage.seed import seed
from benchmarks.result import Result, middle
from tests.node import Service

SCREENS = 50
CALLS = 30


async def measure(url: str) -> list[Result]:
    """Return p50 and worst of the time to the last screen, in milliseconds."""
    database = Database(url)
    await seed(database)
    await database.close()
    phones = [device.number for device in generate().devices if device.family == "jt808"][:CALLS]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        service = await stack.enter_async_context(Service(url, Path(folder), cold=True))
        desk = await stack.enter_async_context(service.client("wangjun"))
        screens = [await screen(stack, service, desk) for _ in range(SCREENS)]
        terminals = [await terminal(stack, service, phone) for phone in phones]

        async def by_frame(number: int) -> None:
            terminals[number].press_sos()

        async def by_hand(_: int) -> None:
            told = {"event_code": "12G00", "region_code": "990181001001"}
            (await desk.post("/api/incidents", json=told)).raise_for_status()

        frames = [await seen_everywhere(screens, "alarm.raised", by_frame, n) for n in range(len(phones))]
        hands = [await seen_everywhere(screens, "incident.opened", by_hand, n) for n in range(len(phones))]
    note = f"worst {max(frames):.0f} ms of {len(frames)} calls; the promise is 1,000 ms"
    return [
        Result(
            "A1",
            f"SOS frame → alarm on the last of {SCREENS} consoles",
            "ms",
            middle(frames),
            {"one HTTP command": middle(hands)},
            note,
        )
    ]


async def seen_everywhere(
    screens: list[ClientConnection], event: str, act: Callable[[int], Awaitable[None]], number: int
) -> float:
    """Act, and return after how many milliseconds the last screen has heard of it."""
    waiting = [asyncio.create_task(_hears(one, event)) for one in screens]
    await asyncio.sleep(0)
    began = time.perf_counter()
    await act(number)
    async with asyncio.timeout(60):
        heard = await asyncio.gather(*waiting)
    return (max(heard) - began) * 1000


async def _hears(screen: ClientConnection, event: str) -> float:
    while True:
        frame = json.loads(await screen.recv())
        if frame["type"] == event:
            return time.perf_counter()


async def screen(stack: AsyncExitStack, service: Service, desk: httpx.AsyncClient) -> ClientConnection:
    """Open one console that hears everything from now on."""
    seq = (await desk.get("/api/snapshot")).json()["seq"]
    cookie = f"zhishou_session={desk.cookies['zhishou_session']}"
    return await stack.enter_async_context(
        connect(
            f"ws://127.0.0.1:{service.port}/ws?after={seq}",
            additional_headers={"Cookie": cookie},
            max_queue=None,
            compression=None,
        )
    )


async def terminal(stack: AsyncExitStack, service: Service, phone: str) -> Terminal:
    """Switch a terminal of the city on, until it is on line."""
    found = Terminal(
        TypePlate(phone, "樟Z12345"),
        "127.0.0.1",
        service.jt808_port,
        lambda: Motion(115.5, 27.9, 0.0, 0.0),
        pace=Pace(period_s=5, sos_s=5),
    )
    task = asyncio.create_task(found.run())

    async def hang_up() -> None:
        await found.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(hang_up)
    await asyncio.wait_for(found.online.wait(), 20)
    return found
