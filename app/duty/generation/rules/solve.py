"""Fill the month fairly: part by part, first quickly, then with what is left of the time.

Loads OR-Tools: import it only to generate.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from app.duty.generation.rules.attempt import Attempt, Effort, Switch, attempt
from app.duty.generation.rules.bounds import check
from app.duty.generation.rules.conflict import conflict
from app.duty.generation.rules.crew import THREADS, each
from app.duty.generation.rules.model import Model
from app.duty.generation.rules.outcome import Cancelled, Conflict, Infeasible, Outcome, Progress, Roster
from app.duty.generation.rules.parts import Part, split
from app.duty.generation.rules.problem import Problem

FIRST = 0.5  # work to find any roster of a part, or that there is none: a tenth of it does, mostly
QUICK = 0.7  # work to find a fair one: most posts are proved best within it
DOUBT = 4.0  # work for a part of which nothing is known yet
ROUND = 1.0  # work for each other part, four times as much the next time
LEAST = 0.2  # less is not worth beginning
WORKERS = 8  # that take turns on what remains
CLOSING = 0.02  # of the time, to stop the solver and hand over
AT_LEAST_S = 2.0  # to name a conflict, even past the limit
RATE = 0.8  # work for each second allowed: two cores do more, so that work ends it, and it is repeatable


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = THREADS,
) -> Outcome:
    """Return the fairest roster found in the time, or why there is none.

    `on_progress` is called one at a time, from threads of the solver; `cancelled` is asked 20 times a second.
    Raise `BadProblem` for a problem that cannot be meant.
    """
    check(problem)
    return _Search(problem, seconds, on_progress, cancelled or (lambda: False), threads).run()


@dataclass(slots=True)
class _State:
    """What is known of one part."""

    part: Part
    found: Attempt = field(default_factory=lambda: Attempt("unknown"))
    cost: float | None = None
    work: float = 0.0
    cut: bool = False

    @property
    def settled(self) -> bool:
        return self.found.status in ("optimal", "infeasible")


class _Search:
    def __init__(
        self,
        problem: Problem,
        seconds: float,
        on_progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool],
        threads: int,
    ) -> None:
        self.problem = problem
        self.began = time.monotonic()
        self.seconds = seconds
        self.states = [_State(part) for part in split(problem)]
        self._on_progress = on_progress
        self._cancelled = cancelled
        self._threads = threads
        self._switch = Switch()
        self._improved = 0
        self._lock = threading.Lock()

    def run(self) -> Outcome:
        self._tell()
        self._each(self.states, self._begin)
        pending = [state for state in self.states if not state.settled]
        self._each(pending, partial(self._try, work=QUICK, workers=1))
        undecided = [state for state in self.states if state.found.status == "unknown"]
        self._each(undecided, partial(self._try, work=DOUBT, workers=WORKERS))
        if not any(state.found.status == "infeasible" for state in self.states):
            self._better_and_better()
        if self._switch.stopped:
            return Cancelled()
        # All that is wrong is told at once: whoever corrects one post wants to know of the others.
        failed = [state for state in self.states if state.found.status == "infeasible"]
        return self._conflicts(failed) if failed else self._roster()

    def _better_and_better(self) -> None:
        """Go round with more and more work, as long as there is some left."""
        work = ROUND
        while pending := [state for state in self.states if not state.settled]:
            left = RATE * self.seconds - sum(state.work for state in self.states)
            share = min(work, left / len(pending))
            if share < LEAST or self._left() <= 0 or self._switch.stopped:
                return
            self._each(pending, partial(self._try, work=share, workers=WORKERS))
            work *= 4

    def _left(self) -> float:
        return self.began + self.seconds * (1 - CLOSING) - time.monotonic()

    def _each(self, states: Sequence[_State], run: Callable[[_State], None]) -> None:
        each(states, run, self._switch, self._cancelled, self._threads)

    def _begin(self, state: _State) -> None:
        """Find any roster at all, so that no post is left without one when the time is up."""
        if self._switch.stopped or self._left() <= 0:
            state.cut = True
            return
        problem = state.part.problem
        found = attempt(Model(problem), Effort(FIRST, self._left()), self._switch)
        if found.status == "optimal":
            model = Model(problem)
            model.aim()
            model.pin(found.assignments)
            found = replace(attempt(model, Effort(FIRST, self._left()), self._switch), bound=0.0)
        if found.status == "optimal" and found.objective > 0:
            found = replace(found, status="feasible")
        self._learn(state, found)
        if found.status == "feasible":
            self._better(state, found.objective)

    def _try(self, state: _State, work: float, workers: int) -> None:
        if self._switch.stopped:
            return
        if self._left() <= 0:
            state.cut = True
            return
        model = Model(state.part.problem)
        model.aim()
        effort = Effort(work, self._left(), workers)
        self._learn(state, attempt(model, effort, self._switch, lambda cost: self._better(state, cost)))

    def _learn(self, state: _State, found: Attempt) -> None:
        with self._lock:
            state.work += found.work
            state.cut = state.cut or found.cut
            state.found = _best(state.found, found)
        self._tell()

    def _better(self, state: _State, cost: float) -> None:
        with self._lock:
            if state.cost is not None and cost >= state.cost:
                return
            state.cost = cost
            self._improved += 1
        self._tell()

    def _tell(self) -> None:
        if self._on_progress is None:
            return
        with self._lock:
            open_posts = {p for state in self.states if not state.settled for p in state.part.posts}
            posts = {p for state in self.states for p in state.part.posts}
            cost = sum(state.cost or 0.0 for state in self.states)
            elapsed = time.monotonic() - self.began
            self._on_progress(
                Progress("solving", len(posts - open_posts), len(posts), self._improved, cost, elapsed)
            )

    def _conflicts(self, failed: Sequence[_State]) -> Outcome:
        """Name the rules in conflict, for every part that cannot be filled."""
        found: dict[int, Conflict] = {}

        def name(number: int) -> None:
            found[number] = conflict(failed[number].part, max(AT_LEAST_S, self._left()), self._switch)

        each(range(len(failed)), name, self._switch, self._cancelled, self._threads)
        if self._switch.stopped:
            return Cancelled()
        return Infeasible(tuple(found[number] for number in range(len(failed))))

    def _roster(self) -> Roster:
        assignments = tuple(sorted(one for state in self.states for one in state.found.assignments))
        unfilled = (
            slot.id
            for state in self.states
            if state.found.status == "unknown"
            for slot in state.part.problem.slots
        )
        return Roster(
            assignments,
            objective=sum(state.found.objective for state in self.states),
            bound=sum(state.found.bound for state in self.states),
            seconds=time.monotonic() - self.began,
            repeatable=not any(state.cut for state in self.states),
            unfilled=tuple(unfilled),
        )


def _best(before: Attempt, after: Attempt) -> Attempt:
    """Return the better of two tries at one part, with the higher of their bounds."""
    if before.status != "feasible" or after.status in ("optimal", "infeasible"):
        return after
    if after.status == "unknown":
        return before
    better = min(after, before, key=lambda one: one.objective)
    bound = max(before.bound, after.bound)
    return Attempt(
        "optimal" if better.objective <= bound else "feasible",
        better.assignments,
        better.objective,
        min(bound, better.objective),
    )
