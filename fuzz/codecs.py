"""Mutated bytes for every reader: no exception but its refusal, an answer in time, memory with an end."""

from __future__ import annotations

import random
import time
import traceback
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, field

from fuzz.mutate import MOST, mutated
from fuzz.readers import Reader

MOST_MEMORY = 64 << 20


@dataclass
class Fed:
    """What a run saw: inputs a reader, and one line a finding."""

    inputs: dict[str, int] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)


def feed(readers: Sequence[Reader], count: int, seed: int, until: float = float("inf")) -> Fed:
    """Feed each reader `count` inputs; the same seed gives the same inputs."""
    fed = Fed()
    for reader in readers:
        draw = random.Random(f"{seed} {reader.name}")
        for number in range(count):
            if time.monotonic() > until:
                return fed
            data = reader.seeds[number] if number < len(reader.seeds) else mutated(reader.seeds, draw)
            _one(reader, data[:MOST], fed)
    return fed


def weigh(readers: Sequence[Reader], count: int, seed: int) -> Fed:
    """Feed each reader some inputs while memory is counted, which is slow."""
    fed = Fed()
    for reader in readers:
        draw = random.Random(f"{seed} {reader.name}")
        for _ in range(count):
            data = mutated(reader.seeds, draw)[:MOST]
            tracemalloc.start()
            _one(reader, data, fed, patient=True)
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            if most > MOST_MEMORY:
                fed.findings.setdefault(f"{reader.name}: {most >> 20} MiB", data[:200].hex())
    return fed


def _one(reader: Reader, data: bytes, fed: Fed, *, patient: bool = False) -> None:
    fed.inputs[reader.name] = fed.inputs.get(reader.name, 0) + 1
    began = time.thread_time()
    try:
        reader.read(data)
    except reader.refuses:
        pass
    except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{reader.name}: {type(error).__name__} at {where.name}:{where.lineno}"
        fed.findings.setdefault(what, f"{error!r} {data[:400].hex()}")
    took = time.thread_time() - began
    if took > reader.within_s and not patient:
        fed.findings.setdefault(f"{reader.name}: slow", f"{took:.1f} s {len(data)} B {data[:200].hex()}")
