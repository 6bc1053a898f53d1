"""W2: a look of the clock at a red round of a whole county on one core: who is tried next in 300 villages.

Each village has four people with every means there is; the round is at its deadline, where most is opened.
The limit in the same run: walking the same groups without deciding anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from app.response.call_and_respond.rules.climb import Reachable, Silence, decide, ladder
from app.response.call_and_respond.rules.limits import SHIPPED
from benchmarks.result import Result

VILLAGES = 300
LIMIT_MS = 50.0
BEGAN = datetime(2026, 6, 18, 2, 40, tzinfo=UTC)
_EVERYTHING = Reachable(app=True, mobile=True, phone=True, radio=True, satellite=True, beidou=True)


def measure(repetitions: int = 15) -> Iterator[Result]:
    """Interleave both; the best repetition counts: whatever disturbs only slows down."""
    ours = limit = float("inf")
    for _ in range(repetitions):
        ours = min(ours, _ms(_decided))
        limit = min(limit, _ms(_walked))
    note = f"best of {repetitions}; ladders built and decided, 4 people each; at most {LIMIT_MS:.0f} ms"
    yield Result("W2", f"{VILLAGES} silent villages decided", "ms", ours, {"walking only": limit}, note)


def _decided() -> int:
    minutes = SHIPPED.colours["red"]
    silences = [Silence(ladder([_EVERYTHING] * 4, "village", BEGAN, minutes), n % 3) for n in range(VILLAGES)]
    return len(decide(silences, BEGAN + timedelta(minutes=30)))


def _walked() -> int:
    groups = ladder([_EVERYTHING] * 4, "village", BEGAN, SHIPPED.colours["red"])
    return len([[group.at for group in groups] for _ in range(VILLAGES)])


def _ms(work: Callable[[], int]) -> float:
    began = time.process_time()
    count = work()
    took = time.process_time() - began
    if count != VILLAGES:
        raise RuntimeError(f"{count} villages, not {VILLAGES}")
    return took * 1e3
