"""P10: clients that sit there, one event a second and one frame of positions a second, for minutes.

What counts is the last client's event (p99), the longest pause of the collector and whether memory grows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.fanout import FRAME
from benchmarks.processes import clients, server
from benchmarks.result import Result, middle

PAUSE_MS = 100.0
SLOPE_KIB = 100.0  # a minute: less is noise
ROUND_WITHIN_S = 1.0


def measure(count: int = 10_000, seconds: int = 300) -> Iterator[Result]:
    """One server, one load client; both bounded."""
    stay_s = 2 * seconds + 60
    with server("hub") as hub, clients(hub.port, count, wants=1 << 62, within_s=stay_s) as fleet:
        took, held = [], []
        for number in range(seconds):
            began = time.monotonic()
            hub.publish(1, first=number)
            took.append((time.monotonic() - began) * 1000)  # every client's bytes are with the kernel by then
            hub.publish(1, FRAME, first=number)
            held.append(hub.memory())
            time.sleep(max(0.0, ROUND_WITHIN_S - (time.monotonic() - began)))
        pause_ms = hub.longest_pause_s() * 1000
        if fleet.poll() is not None:
            raise RuntimeError("the clients left before the end")
    settled = held[len(held) // 4 :]
    slope = (settled[-1] - settled[0]) / 1024 / (len(settled) * ROUND_WITHIN_S / 60)
    took.sort()
    workload = f"{count:,} clients, an event and a frame of {FRAME:,} B a second, {seconds} s"
    yield Result(
        "P10",
        f"{workload}: event → written to the last, p99",
        "ms",
        took[int(len(took) * 0.99)],
        {},
        f"median {middle(took):.0f} ms",
    )
    yield Result(
        "P10",
        "… longest pause of the collector",
        "ms",
        pause_ms,
        {"promise": PAUSE_MS},
        limit="promise",
        target=1.0,
        less=True,
    )
    yield Result(
        "P10",
        "… growth of memory",
        "KiB/min",
        slope,
        {"noise": SLOPE_KIB},
        f"{held[-1] / 2**20:.0f} MiB at the end",
        limit="noise",
        target=1.0,
        less=True,
    )
