"""R1: what is due of 1,000 incidents, recomputed whole on one core, as after a change of the rules file.

The limit in the same run: as many objects built from the same instants with nothing worked out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.reporting.rules.dues import Due, dues
from app.reporting.rules.situation import FigureSet, FlagSet, Happening, LevelSet, Situation, Told
from app.reporting.rules.terms import LEVELS
from app.reporting.settings import shipped
from benchmarks.result import Result

SITUATIONS = 1_000
LIMIT_MS = 500.0
BEGAN = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
CODES = ("11A01", "12D02", "11G01", "12H05", "13A00", "11D01", "12F00", "12G03")
MINUTE = timedelta(minutes=1)


def measure(repetitions: int = 7) -> Iterator[Result]:
    """Interleave both; the best repetition counts: whatever disturbs only slows down."""
    situations = [_situation(n) for n in range(SITUATIONS)]
    now = BEGAN + timedelta(days=2)
    found = _recompute(situations, now)  # loads the calendar and makes the plans
    ours = limit = float("inf")
    for _ in range(repetitions):
        ours = min(ours, _ms(lambda: len(_recompute(situations, now)), len(found)))
        limit = min(limit, _ms(lambda: len([replace(due) for due in found]), len(found)))
    note = (
        f"best of {repetitions}; {len(found):,} dues, a third changed and reported; at most {LIMIT_MS:.0f} ms"
    )
    yield Result(
        "R1", "1,000 incidents' dues recomputed", "ms", ours, {"limit": LIMIT_MS, "copying": limit}, note
    )


def _recompute(situations: list[Situation], now: datetime) -> list[Due]:
    rules = shipped()
    return [due for one in situations for due in dues(one, rules, rules.default_profiles, now)]


def _situation(n: int) -> Situation:
    """An incident of the n-th kind; every third one rose by a level, changed its figures and was reported."""
    at = BEGAN + n * MINUTE
    one = Situation(
        f"SJ-{n}",
        CODES[n % len(CODES)],
        at + MINUTE,
        (LevelSet(at + MINUTE, LEVELS[n % 3]),),
        occurred=None if n % 4 == 0 else at - 5 * MINUTE,
        learned={"T": at - 3 * MINUTE},
        received={"C": at},
        figures=(FigureSet(at + MINUTE, "trapped", n % 5),),
    )
    if n % 3:
        return one
    return replace(
        one,
        levels=(*one.levels, LevelSet(at + 40 * MINUTE, LEVELS[n % 3 + 1])),
        figures=(*one.figures, FigureSet(at + 40 * MINUTE, "dead", 3)),
        flags=(FlagSet(at + 20 * MINUTE, "media"),),
        happenings=(Happening(at + 50 * MINUTE, "leader_on_scene"),),
        told=(
            Told("T", "C", "phone", at),
            Told("C", "L", "phone", at + 3 * MINUTE),
            Told("C", "P", "written", at + 60 * MINUTE, 2),
        ),
        ended=at + 600 * MINUTE,
    )


def _ms(work: Callable[[], int], expected: int) -> float:
    began = time.process_time()
    count = work()
    took = time.process_time() - began
    if count != expected:
        raise RuntimeError(f"{count} dues, not {expected}")
    return took * 1e3
