"""One run of CP-SAT over one part: repeatable as long as its work, not the clock, ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ortools.sat.python import cp_model

from app.duty.generation.rules.model import Model
from app.duty.generation.rules.problem import Assignment

BATCH = 4  # turns between looks at the work done: more waste work, fewer find less
Status = Literal["optimal", "feasible", "infeasible", "unknown"]
_STATUS: dict[object, Status] = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "feasible",
    cp_model.INFEASIBLE: "infeasible",
    cp_model.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to try: `work` in the solver's own repeatable units (about seconds), `seconds` by the clock.

    More than one worker take turns in a fixed order, so that they too come to the same roster every time.
    """

    work: float
    seconds: float
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of it. `work` was spent; `cut` says that the clock or somebody ended it."""

    status: Status
    assignments: tuple[Assignment, ...] = ()
    objective: float = 0.0
    bound: float = 0.0
    work: float = 0.0
    cut: bool = False
    against: tuple[int, ...] = ()  # indices of the assumptions that cannot hold together


class Switch:
    """Stops whatever runs: `stop` may be called again and again, for a solver that only just begins."""

    def __init__(self) -> None:
        self.stopped = False
        self._lock = threading.Lock()
        self._running: set[cp_model.CpSolver] = set()

    def stop(self) -> None:
        """End the runs at once; later ones end before they begin."""
        self.stopped = True
        with self._lock:
            running = list(self._running)
        for solver in running:
            solver.stop_search()

    def run(self, solver: cp_model.CpSolver, model: cp_model.CpModel, watch: Watch | None) -> object:
        """Solve, unless it was stopped."""
        if self.stopped:
            return cp_model.UNKNOWN
        with self._lock:
            self._running.add(solver)
        try:
            return solver.solve(model, watch)
        finally:
            with self._lock:
                self._running.discard(solver)


class Watch(cp_model.CpSolverSolutionCallback):
    """Tells the cost of each better roster."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        """Tell of a roster that is better than all before."""
        self._tell(self.objective_value)


def attempt(
    model: Model, effort: Effort, switch: Switch, better: Callable[[float], None] | None = None
) -> Attempt:
    """Solve the model as it is."""
    if effort.seconds <= 0:
        return Attempt("unknown", cut=True)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = model.problem.seed
    solver.parameters.max_deterministic_time = effort.work
    solver.parameters.max_time_in_seconds = effort.seconds
    solver.parameters.num_workers = effort.workers
    # A worker alone finds fair rosters through the linear relaxation or not at all.
    solver.parameters.linearization_level = 2 if effort.workers == 1 else 1
    if effort.workers > 1:
        solver.parameters.interleave_search = True
        solver.parameters.interleave_batch_size = BATCH
    status = _STATUS[switch.run(solver, model.cp, None if better is None else Watch(better))]
    if switch.stopped and status == "unknown":
        return Attempt("unknown", cut=True)
    work = solver.response_proto.deterministic_time
    cut = status in ("feasible", "unknown") and work < 0.98 * effort.work
    if status == "infeasible":
        against = tuple(solver.sufficient_assumptions_for_infeasibility()) if model.literals else ()
        return Attempt(status, work=work, against=against)
    if status == "unknown":
        return Attempt(status, work=work, cut=cut)
    chosen = tuple(
        sorted(Assignment(*key) for key, seat in model.seated.items() if solver.boolean_value(seat))
    )
    aimed = model.cp.has_objective()
    objective, bound = (solver.objective_value, solver.best_objective_bound) if aimed else (0.0, 0.0)
    return Attempt(status, chosen, objective, bound, work, cut)
