"""A roster generated beside the service: in a process of its own, one at a time, and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from pathlib import Path

import app
from app.duty.generation.child import LENGTH, frame
from app.duty.generation.rules.bounds import check
from app.duty.generation.rules.outcome import Cancelled, Outcome, Progress
from app.duty.generation.rules.problem import Problem
from app.refusals import Refusal

GRACE_S = 30.0  # past both limits the child hangs


class GenerationBusy(Refusal):
    """Another roster of this planner is being generated, or waits to be."""

    code = "generation_busy"

    def __init__(self) -> None:
        super().__init__(
            "您的另一份值班表正在生成或排队,请等待其完成或先取消",
            "another roster of yours is being generated or waits: wait for it or cancel it first",
        )


class GenerationFailed(RuntimeError):
    """The child ended without an answer; what it said stands in the service's log."""

    def __init__(self, code: int | None) -> None:
        self.zh = "排班计算进程意外退出,请重试;如再次发生,请联系管理员"
        self.en = (
            "the process that generates the roster ended unexpectedly: try again, then tell the administrator"
        )
        super().__init__(f"{self.zh} / {self.en} ({code})")


class Job:
    """One generation under way."""

    def __init__(self, problem: Problem, seconds: float, explain_seconds: float) -> None:
        self.progress: Progress | None = None
        self._cancelled = False
        self._process: asyncio.subprocess.Process | None = None
        self._task = asyncio.create_task(self._run(problem, seconds, explain_seconds))
        # A failure that nobody asks about is no unheard exception.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    @property
    def done(self) -> bool:
        """Whether the child is gone."""
        return self._task.done()

    @property
    def pid(self) -> int | None:
        """The child's process, once there is one."""
        return self._process.pid if self._process else None

    async def result(self) -> Outcome:
        """Wait for the outcome; raise `GenerationFailed` if the child dies. Leaving cancels nothing."""
        return await asyncio.shield(self._task)

    def cancel(self) -> None:
        """Kill the child; the result is `Cancelled`, unless it was there before."""
        self._cancelled = True
        self._kill()

    async def _run(self, problem: Problem, seconds: float, explain_seconds: float) -> Outcome:
        try:
            async with asyncio.timeout(seconds + explain_seconds + GRACE_S):
                return await self._talk(frame((problem, seconds, explain_seconds)))
        except TimeoutError:
            raise GenerationFailed(None) from None
        finally:
            self._kill()
            if self._process is not None:
                await self._process.wait()

    async def _talk(self, question: bytes) -> Outcome:
        if self._cancelled:
            return Cancelled()
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "app.duty.generation.child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
        )
        if self._cancelled:
            return Cancelled()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(question)
            await process.stdin.drain()
            while True:
                fact = await _read(process.stdout)
                if not isinstance(fact, Progress):
                    return fact
                self.progress = fact
        except (asyncio.IncompleteReadError, ConnectionError):
            if self._cancelled:
                return Cancelled()
            raise GenerationFailed(await process.wait()) from None
        finally:
            process.stdin.close()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()


class Generator:
    """What a node generates with: one roster at a time."""

    def __init__(self) -> None:
        self._job: Job | None = None

    def start(self, problem: Problem, *, seconds: float = 55.0, explain_seconds: float = 30.0) -> Job:
        """Begin, and return at once; the process itself takes a few seconds to start.

        Raise `BadProblem` or, while another is under way, `GenerationBusy`.
        """
        if self._job is not None and not self._job.done:
            raise GenerationBusy
        check(problem)
        self._job = Job(problem, seconds, explain_seconds)
        return self._job

    async def close(self) -> None:
        """Leave no child behind."""
        if self._job is not None and not self._job.done:
            self._job.cancel()
            with contextlib.suppress(GenerationFailed):
                await self._job.result()


async def _read(stream: asyncio.StreamReader) -> Progress | Outcome:
    (length,) = LENGTH.unpack(await stream.readexactly(LENGTH.size))
    fact: Progress | Outcome = pickle.loads(await stream.readexactly(length))  # noqa: S301 - from our child
    return fact


def _environment() -> dict[str, str]:
    """Let the child find the same house as we, wherever the service was started."""
    house = str(Path(app.__file__).resolve().parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (house, os.environ.get("PYTHONPATH"))))}
