"""A roster is made in a process of its own: the service goes on, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import psutil  # type: ignore[import-untyped]
import pytest

from app.duty.generation.job import GenerationBusy, GenerationFailed, Generator, Job
from app.duty.generation.rules.bounds import BadProblem
from app.duty.generation.rules.outcome import Cancelled, Infeasible, Progress, Roster
from app.duty.generation.rules.problem import Wish
from app.duty.generation.rules.validate import validate
from tests.duty.generation.county import centre
from tests.duty.generation.month import LI, WANG, ZHAO, day, days, leave, month, people, person

EASY = month(
    days(6), [person(WANG, wishes=(Wish("want", on=day(1)),), leave=(leave(1, 1),)), person(LI), person(ZHAO)]
)


@pytest.fixture
async def generator() -> AsyncIterator[Generator]:
    generator = Generator()
    yield generator
    await generator.close()


async def child_of(job: Job) -> int:
    async with asyncio.timeout(10):
        while job.progress is None or job.pid is None:  # noqa: ASYNC110 - a process has no event to wait on
            await asyncio.sleep(0.01)
    return job.pid


def alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


async def test_the_result_comes_with_the_unmet_wishes_explained(generator: Generator) -> None:
    job = generator.start(EASY, seconds=10)
    roster = await job.result()
    assert isinstance(roster, Roster) and validate(EASY, roster.assignments) == ()
    assert [(one.person, one.because) for one in roster.unmet] == [(WANG, "rule")]
    assert isinstance(job.progress, Progress) and job.progress.phase == "explaining"
    assert job.done and job.pid is not None and not alive(job.pid)


async def test_a_conflict_crosses_the_processes_too(generator: Generator) -> None:
    outcome = await generator.start(month(days(2, needed=2), people(3)), seconds=10).result()
    assert isinstance(outcome, Infeasible) and outcome.conflicts[0].minimal


async def test_the_loop_stays_free_and_a_second_roster_is_refused_until_the_first_is_cancelled(
    generator: Generator,
) -> None:
    job = generator.start(centre(), seconds=60)
    pid = await child_of(job)
    latest = 0.0
    for _ in range(50):
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        latest = max(latest, time.perf_counter() - before - 0.01)
    assert latest < 0.25
    with pytest.raises(GenerationBusy) as refused:
        generator.start(EASY)
    assert "另一份值班表正在生成" in refused.value.zh and "another roster" in refused.value.en
    asked = time.perf_counter()
    job.cancel()
    assert isinstance(await job.result(), Cancelled)
    assert time.perf_counter() - asked < 1.0 and not alive(pid)
    assert isinstance(await generator.start(EASY, seconds=10).result(), Roster)


async def test_a_job_cancelled_before_it_begins_is_cancelled(generator: Generator) -> None:
    job = generator.start(EASY)
    job.cancel()
    assert isinstance(await job.result(), Cancelled) and job.done


async def test_who_leaves_does_not_cancel_the_job(generator: Generator) -> None:
    job = generator.start(EASY, seconds=10)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await job.result()
    assert isinstance(await job.result(), Roster)


async def test_bad_input_is_refused_before_a_process_is_started(generator: Generator) -> None:
    with pytest.raises(BadProblem):
        generator.start(month(days(2), ()))


async def test_a_child_that_dies_is_told_and_the_next_roster_can_be_made(generator: Generator) -> None:
    job = generator.start(centre(), seconds=60)
    os.kill(await child_of(job), signal.SIGKILL)
    with pytest.raises(GenerationFailed, match=r"意外退出.*ended unexpectedly"):
        await job.result()
    generator.start(EASY).cancel()


async def test_closing_leaves_no_child_behind() -> None:
    generator = Generator()
    pid = await child_of(generator.start(centre(), seconds=60))
    await generator.close()
    assert not alive(pid)
    await generator.close()


PARENT = """
import asyncio
from app.duty.generation.job import Generator
from tests.duty.generation.county import centre

async def main():
    job = Generator().start(centre(), seconds=60)
    while job.progress is None:
        await asyncio.sleep(0.01)
    print(job.pid, flush=True)
    await job.result()

asyncio.run(main())
"""


def test_the_child_dies_with_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    began = time.monotonic()
    while alive(pid) and time.monotonic() - began < 3:
        time.sleep(0.02)
    assert not alive(pid)
