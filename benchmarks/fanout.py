"""P3: events of 256 bytes and frames of 6 KB to up to 10,000 clients of 1 and 10 audiences.

Deliveries per server CPU-second: the house's hub, a FastAPI route that sends to one client after the other,
and a bare uvloop broadcaster, which is the limit of Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from app.realtime.frames import frame
from benchmarks.processes import Cpu, Server, clients, report, server
from benchmarks.result import Result, middle
from benchmarks.server import PAYLOAD, event

FLAVOURS = ("hub", "naive", "raw")
BYTES = 25_600_000  # of one measurement: 100,000 events of 256 bytes
FRAME = 6_000  # a hundred positions
TARGET = 0.7


@dataclass(frozen=True, slots=True)
class Load:
    """So many clients of so many audiences, and how large one message is."""

    clients: int
    size: int = PAYLOAD
    audiences: int = 1

    @property
    def rounds(self) -> int:
        """How often everybody is sent to."""
        return max(3, BYTES // self.size // self.clients)

    def __str__(self) -> str:
        told = f"fan-out: {self.size:,} B to {self.clients:,} clients"
        return told + (f" of {self.audiences} audiences" if self.audiences > 1 else "")


QUICK = (Load(200), Load(1_000))
WHOLE = (
    *QUICK,
    Load(5_000),
    Load(10_000),
    Load(1_000, audiences=10),
    Load(10_000, audiences=10),
    Load(1_000, FRAME),
    Load(1_000, FRAME, 10),
)


def measure(loads: Sequence[Load] = WHOLE, repetitions: int = 3) -> Iterator[Result]:
    """Interleave the servers, so that a disturbance of the machine meets them all."""
    with ExitStack() as stack:
        servers = [stack.enter_context(server(flavour)) for flavour in FLAVOURS]
        for load in loads:
            used: dict[str, list[Cpu]] = {flavour: [] for flavour in FLAVOURS}
            held = {}
            for _ in range(repetitions):
                for one in servers:
                    cpu, held[one.flavour] = _once(one, load)
                    used[one.flavour].append(cpu)
            yield _result(load, used, held["hub"])


def _result(load: Load, used: dict[str, list[Cpu]], kib: float) -> Result:
    count = load.rounds * load.clients
    per_cpu_s = {name: count / middle(cpu.total_s for cpu in samples) for name, samples in used.items()}
    own_us = {name: 1e6 / count * middle(cpu.own_s for cpu in samples) for name, samples in used.items()}
    kernel_us = 1e6 / count * middle(cpu.kernel_s for samples in used.values() for cpu in samples)
    told = ", ".join(f"{name} {us:.1f}" for name, us in own_us.items())
    return Result(
        "P3",
        str(load),
        "deliveries/CPU-s",
        per_cpu_s.pop("hub"),
        per_cpu_s,
        f"own µs each: {told}; kernel {kernel_us:.1f}; hub {kib:.0f} KiB/client when they came",
        limit="raw",
        target=TARGET,
    )


def _once(one: Server, load: Load) -> tuple[Cpu, float]:
    """Return what the server used, and by how many KiB a client it grew."""
    empty = one.memory()
    wants = load.rounds * len(frame(event(0, load.size)))
    with clients(one.port, load.clients, wants=wants, audiences=load.audiences) as fleet:
        grown = (one.memory() - empty) / load.clients / 1024
        before = one.cpu()
        one.publish(load.rounds, load.size)
        report(fleet)
        return one.cpu() - before, grown
