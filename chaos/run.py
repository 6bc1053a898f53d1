"""`python -m chaos.run --minutes N --seed S`: load, faults, the checker. Exit status 1 if it finds anything.

The checker (chaos/check) is a process of its own that imports nothing of the service. What it compares lies
in the folder that is named at the end: transcripts, logs, `report.json` and `report.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg

from chaos.clients import Clients
from chaos.county import County, settle
from chaos.faults import Log, deck, inject
from chaos.house import House, built, populate, workplace
from chaos.node import kept
from chaos.report import summary, write

CALM_S = 3.0
ARRIVE_S = 90


def main() -> None:
    """Run as long as asked and report."""
    parser = argparse.ArgumentParser(prog="python -m chaos.run", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; a new folder without it")
    parser.add_argument("--every-s", type=float, default=6.0, help="a fault every so many seconds")
    asked = parser.parse_args()
    folder = asked.folder or workplace()
    report = asyncio.run(run(folder, asked.minutes, asked.seed, asked.every_s))
    sys.stdout.write(summary(report))
    sys.stdout.write(f"\n{folder}\n")
    sys.exit(1 if report["findings"] else 0)


async def run(folder: Path, minutes: float, seed: int, every_s: float) -> dict[str, Any]:
    """Build the house, let people work in it while it is shaken, heal it, and let the checker judge."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    log = Log()
    async with built(folder) as house:
        county = await settle(house.postgres.url, random.Random(seed))
        await populate(house, {"ZHISHOU_LOG_JSON": "1", "ZHISHOU_TEST_HOURS": "01:00-05:00"})
        clients = Clients(house, county, folder / "transcripts", seed)
        async with kept(house.nodes), clients.working():
            await asyncio.sleep(CALM_S)
            await inject(house, random.Random(seed), minutes * 60, log, every_s=every_s)
            await house.heal()
            await clients.finished()
            await _arrived(house, clients)
        await asyncio.gather(*(node.end(15) for node in house.nodes))  # type: ignore[arg-type]
        found = await asyncio.to_thread(_checked, folder, house)
        report = {
            **_told(house, county, clients, log),
            "minutes": minutes,
            "seed": seed,
            "took_s": round(time.monotonic() - began),
            **found,
        }
    write(folder, report)
    return report


async def _arrived(house: House, clients: Clients) -> None:
    """Wait until the broker's queue is taken in and every screen was told all up to the journal's end."""
    connection = await asyncpg.connect(house.postgres.url)
    try:
        async with asyncio.timeout(ARRIVE_S):
            while (
                await connection.fetchval("SELECT count(*) FROM gateway_event") < clients.facts_of_gateway()
            ):
                await asyncio.sleep(0.2)
            head = int(await connection.fetchval("SELECT max(seq) FROM journal"))
            while any((screen.after or 0) < head for screen in clients.screens):
                await asyncio.sleep(0.1)
    except TimeoutError:
        return  # the checker will say what did not arrive
    finally:
        await connection.close()


def _checked(folder: Path, house: House) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "chaos.check", str(folder / "transcripts"), "--database", house.postgres.url],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the checker broke: {done.stderr}")
    return dict(json.loads(done.stdout))


def _told(house: House, county: County, clients: Clients, log: Log) -> dict[str, Any]:
    can = deck(house)
    return {
        "faults": log.counts(),
        "faults_in_order": log.done,
        "not_injected_here": sorted({"disk full"} - set(can)) + ([] if house.has_broker else ["broker …"]),
        "statuses": dict(sorted(clients.watch.statuses.items())),
        "unreachable": clients.watch.unreachable,
        "nodes": [
            {"name": node.name, "started": node.started, "ended_by_itself": node.ended, "exits": node.exits}
            for node in house.nodes
        ],
        "screens": {screen.person.notes.who: screen.visits for screen in clients.screens},
        "crews": len(county.crews),
    }


if __name__ == "__main__":
    main()
