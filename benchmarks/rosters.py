"""D3: a county's month of duty, 44 posts x 31 days, generated in the service's child process.

The limit is the time that a person at the desk waits: 60 seconds. What is found is checked by `validate`.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import psutil  # type: ignore[import-untyped]

from app.duty.generation.job import Generator, Job
from app.duty.generation.rules.outcome import Roster
from app.duty.generation.rules.quality import quality
from benchmarks.result import Result
from tests.duty.generation.county import county

LIMIT_S = 60.0
SOLVE_S = 55.0  # the rest is for the process to start and to hand over
PROMISED_MIB = 600.0


async def measure() -> list[Result]:
    """Return the time to the roster, with its gap and score, and the memory of the child."""
    problem = county()
    generator = Generator()
    began = time.perf_counter()
    job = generator.start(problem, seconds=SOLVE_S, explain_seconds=0)
    watching = asyncio.create_task(_watched(job))
    roster = await job.result()
    took = time.perf_counter() - began
    peak, cpu_s = await watching
    if not isinstance(roster, Roster) or roster.unfilled:
        raise RuntimeError("the county's month was not filled")
    told = quality(problem, roster.assignments)
    people = len(problem.candidates)
    spread = max(one.spread for one in told.balance)
    return [
        Result(
            "D3",
            f"{len(problem.posts)} posts x 31 days, {problem.places:,} places, {people} people",
            "s",
            took,
            {"limit": LIMIT_S},
            f"gap {roster.gap:.1%}, {'repeatable' if roster.repeatable else 'ended by the clock'}; "
            f"score {told.score}, violations {len(told.violations)}, widest spread {spread}, "
            f"wishes met {told.wishes_met_pct:.0f}% of {told.wishes}; CPU {cpu_s:.0f} s",
        ),
        Result("D3", "… peak memory of the child", "MiB", peak / 2**20, {"promise": PROMISED_MIB}),
    ]


async def _watched(job: Job) -> tuple[int, float]:
    peak, cpu_s = 0, 0.0
    while not job.done:
        await asyncio.sleep(0.1)
        with suppress(psutil.Error):
            if job.pid is not None:
                process = psutil.Process(job.pid)
                peak = max(peak, process.memory_info().rss)
                times = process.cpu_times()
                cpu_s = max(cpu_s, times.user + times.system)
    return peak, cpu_s
