"""The process that solves: `python -m app.duty.generation.child`. A problem comes in, frames go out.

A frame is four bytes of length and a pickle. The parent holds our standard input open for as long as it
lives: when it ends, so do we, whatever the solver is doing.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

from app.duty.generation.rules.outcome import Outcome, Progress, Roster
from app.duty.generation.rules.problem import Problem

LENGTH = struct.Struct(">I")
POLITENESS = 10  # the service on the same cores goes first


def main() -> None:
    """Read one problem, tell progress, tell the outcome."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no frame
    if hasattr(os, "nice"):
        os.nice(POLITENESS)
    problem, seconds, explain_seconds = pickle.loads(_frame(sys.stdin.buffer))  # noqa: S301 - from our parent
    threading.Thread(target=_end_with_parent, daemon=True).start()
    lock = threading.Lock()

    def tell(fact: Progress | Outcome) -> None:
        with lock, contextlib.suppress(BrokenPipeError):
            out.write(frame(fact))
            out.flush()

    tell(_outcome(problem, seconds, explain_seconds, tell))


def frame(fact: object) -> bytes:
    """Return the bytes of one frame."""
    body = pickle.dumps(fact)
    return LENGTH.pack(len(body)) + body


def _outcome(
    problem: Problem, seconds: float, explain_seconds: float, tell: Callable[[Progress], None]
) -> Outcome:
    from app.duty.generation.rules.explain import explain
    from app.duty.generation.rules.solve import solve

    began = time.monotonic()
    outcome = solve(problem, seconds=seconds, on_progress=tell)
    if not isinstance(outcome, Roster) or explain_seconds <= 0:
        return outcome
    found = outcome

    def explained(done: int, of: int) -> None:
        tell(Progress("explaining", done, of, 0, found.objective, time.monotonic() - began))

    return replace(found, unmet=explain(problem, found, seconds=explain_seconds, on_wish=explained))


def _frame(source: BinaryIO) -> bytes:
    (length,) = LENGTH.unpack(source.read(LENGTH.size))
    return source.read(length)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
