"""P3-small: events of 256 bytes to 200 and 1,000 clients, deliveries per server CPU-second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from app.realtime.frames import frame
from benchmarks.processes import Cpu, Server, clients, report, server
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
            used: dict[str, list[Cpu]] = {flavour: [] for flavour in FLAVOURS}
            for _ in range(repetitions):
                for one in servers:
                    used[one.flavour].append(_once(one, count))
            yield _result(count, used)


def _result(count: int, used: dict[str, list[Cpu]]) -> Result:
    per_cpu_s = {name: DELIVERIES / middle(cpu.total_s for cpu in samples) for name, samples in used.items()}
    own_us = {name: 1e6 / DELIVERIES * middle(cpu.own_s for cpu in samples) for name, samples in used.items()}
    kernel_us = 1e6 / DELIVERIES * middle(cpu.kernel_s for samples in used.values() for cpu in samples)
    return Result(
        "P3",
        f"fan-out: 256 B to {count:,} clients",
        "deliveries/CPU-s",
        per_cpu_s.pop("hub"),
        per_cpu_s,
        "own µs each: "
        + ", ".join(f"{name} {us:.1f}" for name, us in own_us.items())
        + f"; kernel {kernel_us:.1f}",
    )


def _once(one: Server, count: int) -> Cpu:
    rounds = DELIVERIES // count
    with clients(one.port, count, wants=rounds * _FRAME) as fleet:
        before = one.cpu()
        one.publish(rounds)
        report(fleet)
        return one.cpu() - before
