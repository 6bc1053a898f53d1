"""Generations of this node, one after the other: begun by planners, watched, cancelled, kept as drafts."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import structlog

from app.clock import Clock
from app.db import Database
from app.duty.generation.facts import GenerationFact, LoadFact, SentenceFact, UnmetFact
from app.duty.generation.job import GenerationBusy, GenerationFailed, Generator, Job
from app.duty.generation.rules.bounds import check
from app.duty.generation.rules.outcome import Cancelled, Infeasible, Outcome, Roster
from app.duty.generation.rules.problem import Problem
from app.duty.generation.rules.quality import quality
from app.duty.roster.actions.publish import StaleRoster, keep_generated
from app.org.rules.access import Viewer
from app.refusals import Refusal

log = structlog.get_logger()
MOST_TOLD = 200
MOST_WAITING = 8  # half a minute each: who would wait longer is told so
MOST_KEPT = 20  # results that are remembered


class GenerationQueueFull(Refusal):
    """So many wait on this node already that another would wait for minutes."""

    code = "generation_queue_full"

    def __init__(self) -> None:
        super().__init__(
            f"已有{MOST_WAITING}份值班表在排队生成,请过几分钟再试",
            f"{MOST_WAITING} rosters wait to be generated already: try again in a few minutes",
        )


@dataclass
class _Run:
    """What was begun, by whom, and what came of it."""

    by: Viewer
    month: date
    versions: dict[int, int]
    problem: Problem
    seconds: float
    started_at: datetime
    job: Job | None = None  # none while it waits for its turn
    outcome: Outcome | None = None
    trouble: SentenceFact | None = None
    drafts: list[int] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    ended: bool = False

    def may_be_seen(self, by: Viewer) -> bool:
        """Whether this planner plans for the same places."""
        return by.stream == self.by.stream and self.by.scope.startswith(by.scope)


class GenerationDesk:
    """Where planners have rosters generated: each one at a time, the node one after the other.

    Its memory is of this node: whoever waits or runs, and the last results. Drafts are rows.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._generator = Generator()
        self._runs: list[_Run] = []  # the oldest first
        self._waiting: deque[_Run] = deque()
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[GenerationDesk]:
        """Serve while the block lasts; leave no child behind."""
        try:
            yield self
        finally:
            self._waiting.clear()
            await self._generator.close()
            if self._task is not None:
                await asyncio.wait([self._task], timeout=5)

    def begin(
        self, by: Viewer, month: date, versions: dict[int, int], problem: Problem, seconds: float
    ) -> GenerationFact:
        """Begin, or wait for one's turn; `versions` are the drafts' versions by post.

        Raises GenerationBusy while another of this planner waits or runs, GenerationQueueFull, BadProblem.
        """
        if any(run.by.account_id == by.account_id and not run.ended for run in self._runs):
            raise GenerationBusy
        if len(self._waiting) >= MOST_WAITING:
            raise GenerationQueueFull
        check(problem)
        run = _Run(by, month, versions, problem, seconds, self._clock.now())
        self._runs = [*self._remembered(), run]
        self._waiting.append(run)
        self._next()
        return self.fact(by)

    def cancel(self, by: Viewer) -> GenerationFact:
        """Stop the generation that is shown to this planner; drafts stay as they were."""
        run = self._shown(by)
        if run is not None and run in self._waiting:
            self._waiting.remove(run)
            run.outcome, run.ended = Cancelled(), True
        elif run is not None and run.job is not None and not run.ended:
            run.job.cancel()
        return self.fact(by)

    async def ended(self) -> None:
        """Wait until nothing runs or waits any more and all drafts are kept."""
        while self._task is not None and not self._task.done():
            await self._task

    def fact(self, by: Viewer) -> GenerationFact:
        """Return how far one's own is; without one, that of somebody who plans for the same places."""
        run = self._shown(by)
        if run is None:
            return GenerationFact(state="none")
        told = GenerationFact(
            state=_state(run),
            place=self._waiting.index(run) + 1 if run in self._waiting else None,
            month=run.month,
            post_ids=sorted(run.versions),
            started_by=run.by.name,
            started_at=run.started_at,
            drafts=run.drafts,
            skipped=run.skipped,
            trouble=run.trouble,
        )
        progress = run.job.progress if run.job else None
        if progress is not None:
            told = told.model_copy(
                update={
                    "phase": progress.phase,
                    "steps_done": progress.done,
                    "steps": progress.of,
                    "improved": progress.improved,
                    "elapsed_s": round(progress.elapsed_s, 1),
                }
            )
        return told.model_copy(update=_result(run)) if run.ended else told

    def _shown(self, by: Viewer) -> _Run | None:
        """Return the last run of this planner, else the one under way that he may see, else the last one."""
        seen = [run for run in self._runs if run.may_be_seen(by)]
        own = [run for run in seen if run.by.account_id == by.account_id]
        under_way = [run for run in seen if not run.ended]
        return next((runs[-1] for runs in (own, under_way[:1], seen) if runs), None)

    def _remembered(self) -> list[_Run]:
        """Return what is under way, and as many of the last results as are kept."""
        over = [run for run in self._runs if run.ended]
        return [run for run in self._runs if not run.ended or run in over[-MOST_KEPT:]]

    def _next(self) -> None:
        """Let the first who waits begin, unless another is at it."""
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._work(*self._start()))

    def _start(self) -> tuple[_Run, Job]:
        run = self._waiting.popleft()
        run.job = self._generator.start(run.problem, seconds=run.seconds)
        return run, run.job

    async def _work(self, run: _Run, job: Job) -> None:
        await self._follow(run, job)
        while self._waiting:
            await self._follow(*self._start())

    async def _follow(self, run: _Run, job: Job) -> None:
        try:
            run.outcome = await job.result()
            if isinstance(run.outcome, Roster):
                await self._keep(run, run.outcome)
        except GenerationFailed as failed:
            run.trouble = SentenceFact(zh=failed.zh, en=failed.en)
        except Exception as error:
            log.error("generation_not_kept", exc_info=error)
            run.trouble = SentenceFact(zh="结果未能保存,请重试", en="the result could not be kept: try again")
        finally:
            run.ended = True

    async def _keep(self, run: _Run, roster: Roster) -> None:
        """Put each post's part into its draft, unless somebody worked on that meanwhile."""
        for post_id, cells in sorted(_cells(run.problem, roster).items()):
            try:
                async with self._database.transaction() as tx:
                    await keep_generated(
                        tx, run.by, post_id, run.month, run.versions[post_id], cells, self._clock.now()
                    )
                run.drafts.append(post_id)
            except (StaleRoster, Refusal):
                run.skipped.append(post_id)


def _cells(problem: Problem, roster: Roster) -> dict[int, list[tuple[int, int, datetime, datetime]]]:
    found: dict[int, list[tuple[int, int, datetime, datetime]]] = defaultdict(list)
    for assignment in roster.assignments:
        slot = problem.slot[assignment.slot]
        found[int(slot.post)].append((int(slot.seat), assignment.person, slot.start, slot.end))
    return found


def _state(run: _Run) -> Literal["waiting", "running", "done", "infeasible", "cancelled", "failed"]:
    if not run.ended:
        return "running" if run.job else "waiting"
    if run.trouble is not None:
        return "failed"
    if isinstance(run.outcome, Cancelled):
        return "cancelled"
    return "infeasible" if isinstance(run.outcome, Infeasible) else "done"


def _result(run: _Run) -> dict[str, object]:
    """Return what came of it, in words and figures."""
    if isinstance(run.outcome, Infeasible):
        conflicts = [
            [SentenceFact(zh=reason.zh, en=reason.en) for reason in conflict.reasons][:MOST_TOLD]
            for conflict in run.outcome.conflicts
        ]
        return {"conflicts": conflicts[:MOST_TOLD]}
    if not isinstance(run.outcome, Roster):
        return {}
    roster = run.outcome
    good = quality(run.problem, roster.assignments)
    return {
        "score": good.score,
        "gap_pct": _gap_pct(roster),
        "repeatable": roster.repeatable,
        "wishes": good.wishes,
        "wishes_met": good.wishes_met,
        "unfilled": len(roster.unfilled),
        "loads": [
            LoadFact(
                load=one.load, people=len(one.person), least=one.least, most=one.most, mean=round(one.mean, 2)
            )
            for one in good.balance
        ][:MOST_TOLD],
        "unmet": _unmet(roster)[:MOST_TOLD],
    }


def _gap_pct(roster: Roster) -> float:
    if roster.objective <= 0:
        return 0.0
    return round(100 * (roster.objective - roster.bound) / roster.objective, 1)


def _unmet(roster: Roster) -> Sequence[UnmetFact]:
    return [
        UnmetFact(person_id=one.person, day=one.wish.on, because=one.because, zh=one.zh, en=one.en)
        for one in roster.unmet
    ]
