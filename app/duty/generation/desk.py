"""One generation at a time on this node: begun by a planner, watched, cancelled, kept as drafts."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import structlog

from app.clock import Clock
from app.db import Database
from app.duty.generation.facts import GenerationFact, LoadFact, SentenceFact, UnmetFact
from app.duty.generation.job import GenerationFailed, Generator, Job
from app.duty.generation.rules.outcome import Cancelled, Infeasible, Outcome, Roster
from app.duty.generation.rules.problem import Problem
from app.duty.generation.rules.quality import quality
from app.duty.roster.actions.publish import StaleRoster, keep_generated
from app.org.rules.access import Viewer
from app.refusals import Refusal

log = structlog.get_logger()
MOST_TOLD = 200


@dataclass
class _Run:
    """What was begun, by whom, and what came of it."""

    by: Viewer
    month: date
    versions: dict[int, int]
    problem: Problem
    job: Job
    started_at: datetime
    outcome: Outcome | None = None
    trouble: SentenceFact | None = None
    drafts: list[int] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    ended: bool = False


class GenerationDesk:
    """Where planners have rosters generated. Its memory is of this node and of one run; drafts are rows."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._generator = Generator()
        self._run: _Run | None = None
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[GenerationDesk]:
        """Serve while the block lasts; leave no child behind."""
        try:
            yield self
        finally:
            await self._generator.close()
            if self._task is not None:
                await asyncio.wait([self._task], timeout=5)

    def begin(
        self, by: Viewer, month: date, versions: dict[int, int], problem: Problem, seconds: float
    ) -> GenerationFact:
        """Begin; `versions` are the drafts' versions by post. Raises GenerationBusy, BadProblem."""
        job = self._generator.start(problem, seconds=seconds)
        self._run = _Run(by, month, versions, problem, job, self._clock.now())
        self._task = asyncio.create_task(self._follow(self._run))
        return self.fact(by)

    def cancel(self, by: Viewer) -> GenerationFact:
        """Stop the generation that runs; drafts stay as they were."""
        if self._run is not None and not self._run.ended and self._may_see(by):
            self._run.job.cancel()
        return self.fact(by)

    async def ended(self) -> None:
        """Wait until the generation that runs has ended and its drafts are kept."""
        if self._task is not None:
            await self._task

    def fact(self, by: Viewer) -> GenerationFact:
        """Return how far it is, to whoever plans for the same places."""
        run = self._run
        if run is None or not self._may_see(by):
            return GenerationFact(state="none")
        told = GenerationFact(
            state=_state(run),
            month=run.month,
            post_ids=sorted(run.versions),
            started_by=run.by.name,
            started_at=run.started_at,
            drafts=run.drafts,
            skipped=run.skipped,
            trouble=run.trouble,
        )
        progress = run.job.progress
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

    def _may_see(self, by: Viewer) -> bool:
        run = self._run
        return run is not None and by.stream == run.by.stream and run.by.scope.startswith(by.scope)

    async def _follow(self, run: _Run) -> None:
        try:
            run.outcome = await run.job.result()
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


def _state(run: _Run) -> Literal["running", "done", "infeasible", "cancelled", "failed"]:
    if not run.ended:
        return "running"
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
