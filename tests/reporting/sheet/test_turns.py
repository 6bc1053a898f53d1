"""Proofs take turns, and nobody waits in a queue without end."""

from __future__ import annotations

import asyncio

import pytest

from app.reporting.sheet.turns import ProofBusy, Turns


async def test_one_proves_at_a_time_and_the_one_too_many_is_sent_away() -> None:
    turns, go = Turns(2), asyncio.Event()
    done: list[int] = []

    async def prove(number: int) -> None:
        async with turns.turn():
            done.append(number)
            await go.wait()

    first, second = (asyncio.create_task(prove(n)) for n in (1, 2))
    await asyncio.sleep(0)
    with pytest.raises(ProofBusy):
        await prove(3)
    assert done == [1]
    go.set()
    await asyncio.gather(first, second)
    assert done == [1, 2]
    await prove(4)
    assert done == [1, 2, 4]
