"""`python -m benchmarks.run`: measure, print a table, append JSON lines. Bounded to about five minutes.

Without `--database URL` (a superuser's) the embedded PostgreSQL is used, as durable as it comes.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from benchmarks import (
    alarm,
    alerts,
    assign,
    broadcasts,
    climbing,
    decode,
    fanout,
    journal,
    moving,
    mqtt,
    on_duty,
    paper,
    platforms,
    reporting,
    resume,
    roster,
    rosters,
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
    "C2": "playwright",
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*NEEDS, []], help="all when left out; T2 measures T3 too")
    parser.add_argument("--database", help="URL of a PostgreSQL superuser instead of the embedded server")
    parser.add_argument("--json", type=Path, default=Path(".zhishou/benchmarks.jsonl"))
    arguments = parser.parse_args()
    began = time.perf_counter()
    with nullcontext(arguments.database) if arguments.database else embedded_url() as url:
        results = list(_measured(arguments.only or list(NEEDS), Postgres(url)))
    print(table(results))
    print(f"\n{time.perf_counter() - began:.0f} s; medians; lines in {arguments.json}")
    write_lines(arguments.json, results)


def _measured(only: Iterable[str], postgres: Postgres) -> Iterator[Result | Skipped]:
    programs: dict[str, Callable[[Postgres], Iterable[Result]]] = {
        "M1": lambda postgres: [asyncio.run(_gateways(postgres))],
        "A1": lambda postgres: asyncio.run(_alarms(postgres)),
        "P2": lambda postgres: asyncio.run(_assigned(postgres)),
        "P6": lambda postgres: asyncio.run(_started(postgres)),
        "P7": lambda postgres: [asyncio.run(_with_database(postgres))],
        "P3": lambda _: fanout.measure(),
        "P4": _resumed,
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
        "C2": lambda postgres: asyncio.run(_moved(postgres)),
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


async def _broadcasts(postgres: Postgres) -> Result:
    async with postgres.fresh() as url:
        return await broadcasts.measure(url)


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


def _resumed(postgres: Postgres) -> Iterable[Result]:
    with asyncio.Runner() as runner:
        fresh = postgres.fresh()
        url = runner.run(fresh.__aenter__())
        try:
            return list(resume.measure(url))
        finally:
            runner.run(fresh.__aexit__(None, None, None))


if __name__ == "__main__":
    main()
