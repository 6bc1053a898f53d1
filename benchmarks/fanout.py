"""P3-small: events of 256 bytes to 200 and 1,000 clients, deliveries per server CPU-second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from app.realtime.frames import frame
from benchmarks.processes import Server, clients, report, server
from benchmarks.result import Result, middle
from benchmarks.server import event

FLAVOURS = ("hub", "naive", "raw")
DELIVERIES = 100_000
_FRAME = len(frame(event(0)))


def measure(repetitions: int = 3) -> Iterator[Result]:
    """Interleave the servers, so that a disturbance of the machine meets them all."""
    with ExitStack() as stack:
        servers = [stack.enter_context(server(flavour)) for flavour in FLAVOURS]
        for count in (200, 1_000):
            figures: dict[str, list[float]] = {flavour: [] for flavour in FLAVOURS}
            walls: list[float] = []
            for _ in range(repetitions):
                for one in servers:
                    per_cpu_s, wall_s = _once(one, count)
                    figures[one.flavour].append(per_cpu_s)
                    walls += [wall_s] if one.flavour == "hub" else []
            yield Result(
                "P3",
                f"fan-out: 256 B to {count:,} clients",
                "deliveries/CPU-s",
                middle(figures["hub"]),
                {flavour: middle(figures[flavour]) for flavour in FLAVOURS[1:]},
                f"{DELIVERIES / middle(walls):,.0f}/s wall",
            )


def _once(one: Server, count: int) -> tuple[float, float]:
    rounds = DELIVERIES // count
    with clients(one.port, count, wants=rounds * _FRAME) as fleet:
        before = one.cpu_s()
        one.publish(rounds)
        wall_s = report(fleet)["s"]
        return rounds * count / (one.cpu_s() - before), wall_s
