"""`python -m benchmarks.run`: measure, print a table, append JSON lines. Bounded to some twenty minutes.

Without `--database URL` (a superuser's) the embedded PostgreSQL is used, as durable as it comes. `--quick`
runs the real-time ones small and once, within three minutes: whether they work, not how fast they are.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from benchmarks import (
    alarm,
    alerts,
    archive,
    assign,
    broadcasts,
    climbing,
    console,
    decode,
    fanout,
    flooded,
    history,
    journal,
    moving,
    mqtt,
    on_duty,
    paper,
    platforms,
    positions,
    reporting,
    resume,
    roster,
    rosters,
    several,
    soak,
    start,
    terminals,
    units,
)
from benchmarks.result import Result, Skipped, table, write_lines
from tests.database import Postgres, embedded_url

NEEDS = {
    "M1": "paho",
    "A1": "websockets",
    "P2": "uvloop",
    "P7": "asyncpg",
    "P3": "uvloop",
    "P4": "uvloop",
    "P1": "asyncpg",
    "P8": "asyncpg",
    "P9": "psutil",
    "P10": "psutil",
    "P11": "asyncpg",
    "T1": "struct",
    "T2": "uvloop",
    "D1": "zoneinfo",
    "D2": "asyncpg",
    "D3": "ortools",
    "P5": "scipy",
    "P6": "psutil",
    "R1": "yaml",
    "R2": "reportlab",
    "W1": "shapely",
    "W3": "asyncpg",
    "W2": "app",
    "W4": "gmalg",
    "C1": "playwright",
    "C2": "playwright",
    "C3": "playwright",
}
QUICK = ("P1", "P3", "P4", "P7", "P8", "P9", "P10", "P11")
# Programs of others that P3 and P4 were compared with (../design/performance.md); here they are named.
PEERS = ("mosquitto", "nats-server", "nginx", "node")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*NEEDS, []], help="all when left out; T2 measures T3 too")
    parser.add_argument("--database", help="URL of a PostgreSQL superuser instead of the embedded server")
    parser.add_argument("--quick", action="store_true", help=f"a small {', '.join(QUICK)}")
    parser.add_argument("--json", type=Path, default=Path(".zhishou/benchmarks.jsonl"))
    arguments = parser.parse_args()
    began = time.perf_counter()
    with nullcontext(arguments.database) if arguments.database else embedded_url() as url:
        only = arguments.only or (QUICK if arguments.quick else NEEDS)
        results = list(_measured(only, Postgres(url), quick=arguments.quick))
    print(table(results))
    print(f"\n{time.perf_counter() - began:.0f} s; medians; lines in {arguments.json}")
    write_lines(arguments.json, results)


def _measured(only: Iterable[str], postgres: Postgres, *, quick: bool) -> Iterator[Result | Skipped]:
    programs: dict[str, Callable[[Postgres], Iterable[Result]]] = {
        "M1": lambda postgres: [asyncio.run(_gateways(postgres))],
        "A1": lambda postgres: asyncio.run(_alarms(postgres)),
        "P2": lambda postgres: asyncio.run(_assigned(postgres)),
        "P6": lambda postgres: asyncio.run(_started(postgres)),
        "P7": lambda postgres: [asyncio.run(_with_database(postgres))],
        "P3": lambda _: fanout.measure(fanout.QUICK, 1) if quick else fanout.measure(),
        "P4": lambda postgres: _resumed(postgres, 300, 1) if quick else _resumed(postgres, 4_000, 3),
        "P1": lambda postgres: asyncio.run(_positions(postgres, 10_000 if quick else 200_000)),
        "P8": lambda postgres: asyncio.run(_history(postgres, 1_200_000 if quick else 10_000_000)),
        "P11": lambda postgres: asyncio.run(_archive(postgres, 50_000 if quick else 1_000_000)),
        "P9": lambda postgres: asyncio.run(_several(postgres, quick=quick)),
        "P10": lambda _: soak.measure(200, 5) if quick else soak.measure(),
        "T1": lambda _: decode.measure(),
        "T2": lambda postgres: asyncio.run(_terminals(postgres)),
        "D1": lambda _: roster.measure(),
        "D2": lambda postgres: [asyncio.run(_on_duty(postgres))],
        "D3": lambda _: asyncio.run(rosters.measure()),
        "R1": lambda _: reporting.measure(),
        "R2": lambda _: paper.measure(),
        "W1": lambda _: alerts.measure(),
        "W4": lambda _: platforms.measure(),
        "W3": lambda postgres: [asyncio.run(_broadcasts(postgres))],
        "W2": lambda _: climbing.measure(),
        "C1": lambda postgres: asyncio.run(_console(postgres)),
        "C2": lambda postgres: asyncio.run(_moved(postgres)),
        "C3": lambda postgres: asyncio.run(_flooded(postgres)),
        "P5": lambda postgres: [*units.in_process(), asyncio.run(_units(postgres))],
    }
    for name in only:
        if name == "M1" and mqtt.program() is None:
            yield Skipped(name, "mosquitto is not installed")
        elif importlib.util.find_spec(NEEDS[name]) is None:
            yield Skipped(name, f"{NEEDS[name]} is not installed")
        else:
            print(f"{name} …", flush=True)
            yield from programs[name](postgres)
            if name in ("P3", "P4"):
                yield from _peers(name)


def _peers(name: str) -> Iterator[Skipped]:
    """Name those that were not measured in this run."""
    for peer in PEERS:
        missing = shutil.which(peer, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None
        yield Skipped(name, f"{peer} {'is not installed' if missing else 'has no program here'}")


async def _with_database(postgres: Postgres) -> Result:
    async with postgres.fresh() as url:
        return await journal.measure(url)


async def _gateways(postgres: Postgres) -> Result:
    async with postgres.fresh() as url:
        return await mqtt.measure(url)


async def _on_duty(postgres: Postgres) -> Result:
    async with postgres.fresh() as url:
        return await on_duty.measure(url)


async def _units(postgres: Postgres) -> Result:
    async with postgres.fresh() as url:
        return await units.through_the_api(url)


async def _moved(postgres: Postgres) -> list[Result]:
    async with postgres.fresh() as url:
        return await moving.measure(url)


async def _flooded(postgres: Postgres) -> list[Result]:
    async with postgres.fresh() as url:
        return await flooded.measure(url)


async def _broadcasts(postgres: Postgres) -> Result:
    async with postgres.fresh() as url:
        return await broadcasts.measure(url)


async def _console(postgres: Postgres) -> list[Result]:
    async with postgres.fresh() as url:
        return await console.measure(url)


async def _alarms(postgres: Postgres) -> list[Result]:
    async with postgres.fresh() as url:
        return await alarm.measure(url)


async def _assigned(postgres: Postgres) -> list[Result]:
    async with postgres.fresh() as url:
        return await assign.measure(url)


async def _started(postgres: Postgres) -> list[Result]:
    async with postgres.fresh() as url:
        return await start.measure(url)


async def _terminals(postgres: Postgres) -> list[Result]:
    async with postgres.fresh() as url:
        return await terminals.measure(url)


async def _positions(postgres: Postgres, total: int) -> list[Result]:
    async with postgres.fresh() as url:
        return await positions.measure(url, total)


async def _history(postgres: Postgres, rows: int) -> list[Result]:
    async with postgres.fresh() as url:
        return await history.measure(url, rows)


async def _archive(postgres: Postgres, rows: int) -> list[Result]:
    async with postgres.fresh() as url:
        return await archive.measure(url, rows)


async def _several(postgres: Postgres, *, quick: bool) -> list[Result]:
    async with postgres.fresh() as url:
        return await several.measure(url, 60, 1) if quick else await several.measure(url)


def _resumed(postgres: Postgres, count: int, repetitions: int) -> Iterable[Result]:
    with asyncio.Runner() as runner:
        fresh = postgres.fresh()
        url = runner.run(fresh.__aenter__())
        try:
            return list(resume.measure(url, count, repetitions))
        finally:
            runner.run(fresh.__aexit__(None, None, None))


if __name__ == "__main__":
    main()
