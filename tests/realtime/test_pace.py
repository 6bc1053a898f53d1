from __future__ import annotations

import asyncio

from app.background import alongside
from app.realtime.pace import Pace, steadily
from tests.realtime.floor import until

HASTY = Pace(first_retry_s=0.001, last_retry_s=0.002)


async def test_a_step_that_fails_is_tried_again_for_ever() -> None:
    tried: list[int] = []

    async def step() -> None:
        tried.append(len(tried))
        if len(tried) % 4:
            raise ConnectionResetError

    async with alongside(steadily(step, 0.001, HASTY)):
        await until(lambda: len(tried) > 9)


async def test_works_alongside_end_with_the_block() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    async with alongside(work(), work()):
        await asyncio.sleep(0)
        assert ended == []
    assert ended == ["ended", "ended"]
