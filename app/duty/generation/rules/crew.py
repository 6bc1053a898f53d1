"""A few threads that work through a list while somebody watches whether to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TypeVar

from app.duty.generation.rules.attempt import Switch

THREADS = 2  # at a time; what is found does not depend on it
POLL_S = 0.05
Item = TypeVar("Item")


def each(
    items: Iterable[Item],
    run: Callable[[Item], None],
    switch: Switch,
    cancelled: Callable[[], bool],
    threads: int = THREADS,
) -> None:
    """Run over the items; once `cancelled` says so, turn the switch until everybody has gone home."""
    with ThreadPoolExecutor(threads, "generation") as pool:
        waiting = {pool.submit(run, item) for item in items}
        try:
            while waiting:
                if cancelled():
                    switch.stop()
                done, waiting = wait(waiting, POLL_S, FIRST_COMPLETED)
                for one in done:
                    one.result()
        except BaseException:
            switch.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
