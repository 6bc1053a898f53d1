"""What is done to the house: a deck of faults, shuffled by the seed and dealt until the time is over."""

from __future__ import annotations

import asyncio
import random
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chaos.house import House
from chaos.line import Line, State

Fault = Callable[[House, random.Random], Awaitable[str]]
FILL_CHUNK = 1 << 20


@dataclass
class Log:
    """What was done, when, and how long it took."""

    done: list[dict[str, Any]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def counts(self) -> dict[str, int]:
        """Return how often each fault was injected."""
        return dict(sorted(Counter(one["fault"] for one in self.done).items()))


async def node_killed(house: House, draw: random.Random) -> str:
    """SIGKILL; started again after a moment."""
    node = draw.choice(house.nodes)
    await node.end(signal.SIGKILL)
    await asyncio.sleep(draw.uniform(0, 4))
    node.start()
    return node.name


async def nodes_killed_together(house: House, draw: random.Random) -> str:
    """SIGKILL to all of them: for a while there is nobody."""
    await asyncio.gather(*(node.end(signal.SIGKILL) for node in house.nodes))
    await asyncio.sleep(draw.uniform(0, 2))
    for node in house.nodes:
        node.start()
    return "all"


async def node_restarted(house: House, draw: random.Random) -> str:
    """SIGTERM, as an upgrade does."""
    node = draw.choice(house.nodes)
    await node.end(signal.SIGTERM)
    node.start()
    return node.name


async def node_paused(house: House, draw: random.Random) -> str:
    """SIGSTOP, perhaps amid a transaction, and SIGCONT: shorter and longer than every time limit of ours."""
    node = draw.choice(house.nodes)
    for_s = draw.choice((0.5, 3, 9, 20)) + draw.random()
    node.send(signal.SIGSTOP)
    await asyncio.sleep(for_s)
    node.send(signal.SIGCONT)
    return f"{node.name} {for_s:.1f} s"


async def clock_jumped(house: House, draw: random.Random) -> str:
    """Let the clock of one node be wrong, and right again later."""
    node = draw.choice(house.nodes)
    by_s = draw.choice((-3600, -90, 90, 600, 3600))
    node.set_clock(by_s)
    await asyncio.sleep(draw.uniform(4, 15))
    node.set_clock(0)
    return f"{node.name} {by_s:+d} s"


async def database_restarted(house: House, draw: random.Random) -> str:
    """Restart in good order: connections are ended, writes are finished."""
    await house.postgres.stop("fast")
    await asyncio.sleep(draw.uniform(0, 3))
    await house.postgres.start()
    return "fast"


async def database_crashed(house: House, draw: random.Random) -> str:
    """Stop immediately, or SIGKILL one backend: recovery from the log."""
    if draw.random() < 0.5:
        await house.postgres.stop("immediate")
        await asyncio.sleep(draw.uniform(0, 3))
        await house.postgres.start()
        return "immediate"
    house.postgres.kill_one()
    await asyncio.sleep(2)
    await house.postgres.start()  # where it did not come back by itself
    return "a backend killed"


async def database_paused(house: House, draw: random.Random) -> str:
    """Every process of PostgreSQL stands still: nobody says no, nobody says yes."""
    for_s = draw.choice((1, 6, 18)) + draw.random()
    paused = house.postgres.pause()
    await asyncio.sleep(for_s)
    house.postgres.resume(paused)
    return f"{for_s:.1f} s"


async def broker_restarted(house: House, draw: random.Random) -> str:
    """Restart the broker; it keeps its sessions."""
    await house.broker.stop()
    await asyncio.sleep(draw.uniform(0, 4))
    await house.broker.start()
    return "restarted"


async def broker_paused(house: House, draw: random.Random) -> str:
    """Let the broker stand still."""
    for_s = draw.choice((2, 12)) + draw.random()
    house.broker.send(signal.SIGSTOP)
    await asyncio.sleep(for_s)
    house.broker.send(signal.SIGCONT)
    return f"{for_s:.1f} s"


def _line(lines: Callable[[House], list[Line]], state: State) -> Fault:
    async def fault(house: House, draw: random.Random) -> str:
        line = draw.choice(lines(house))
        for_s = draw.choice((0.2, 2, 8, 16) if state != "slow" else (6, 15)) + draw.random()
        line.become(state)
        await asyncio.sleep(for_s)
        line.become("open")
        return f"{line.name} {for_s:.1f} s"

    fault.__doc__ = f"A line is {state} for a while."
    return fault


async def disk_full(house: House, draw: random.Random) -> str:
    """Fill the disk under the database and the nodes' folders; make room again later."""
    assert house.disk is not None
    filler = house.disk / "filler"
    await asyncio.to_thread(_fill, house.disk, filler)
    for_s = draw.uniform(3, 8)
    await asyncio.sleep(for_s)
    filler.unlink()
    await house.postgres.start()  # a server that could not write its log has stopped itself
    return f"{for_s:.1f} s"


def _fill(disk: Path, filler: Path) -> None:
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while shutil.disk_usage(disk).free > 0:
            file.write(bytes(min(FILL_CHUNK, max(4096, shutil.disk_usage(disk).free))))


def deck(house: House) -> dict[str, Fault]:
    """Return the faults that can be injected here, by name."""
    found: dict[str, Fault] = {
        "node killed": node_killed,
        "both nodes killed": nodes_killed_together,
        "node restarted": node_restarted,
        "node paused": node_paused,
        "clock jumped": clock_jumped,
        "database restarted": database_restarted,
        "database crashed": database_crashed,
        "database paused": database_paused,
        "database line cut": _line(lambda at: at.to_database, "cut"),
        "database line mute": _line(lambda at: at.to_database, "mute"),
        "database line slow": _line(lambda at: at.to_database, "slow"),
        "people's line cut": _line(lambda at: at.to_web, "cut"),
        "people's line mute": _line(lambda at: at.to_web, "mute"),
        "people's line slow": _line(lambda at: at.to_web, "slow"),
        "devices' line cut": _line(lambda at: at.to_terminals, "cut"),
        "devices' line mute": _line(lambda at: at.to_terminals, "mute"),
    }
    if house.has_broker:
        found |= {
            "broker restarted": broker_restarted,
            "broker paused": broker_paused,
            "broker's line cut": _line(lambda at: at.to_broker, "cut"),
            "broker's line mute": _line(lambda at: at.to_broker, "mute"),
        }
    if house.disk is not None:
        found["disk full"] = disk_full
    return found


# What must not happen at the same time: who does it would undo the other's.
_SINGLY: dict[str, str] = {
    "node": "nodes",
    "both": "nodes",
    "clock": "clock",
    "database line": "database line",
    "database": "database",
    "disk": "database",
    "broker's": "broker line",
    "broker": "broker",
    "people's": "web line",
    "devices'": "device line",
}


def _what(name: str) -> str:
    return next(what for begins, what in _SINGLY.items() if name.startswith(begins))


async def inject(house: House, draw: random.Random, for_s: float, log: Log, *, every_s: float) -> None:
    """Deal faults for so long, at most two at a time, then wait for the last to be over."""
    loop = asyncio.get_running_loop()
    until = loop.time() + for_s
    busy = {what: asyncio.Lock() for what in set(_SINGLY.values())}
    running: set[asyncio.Task[None]] = set()
    faults = deck(house)
    async for name in _dealt(list(faults), draw):
        await asyncio.sleep(draw.uniform(0.3, 1.7) * every_s)
        while len(running) >= 2:
            _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        if loop.time() >= until:
            break
        task = asyncio.create_task(_one(house, name, faults[name], draw, log, busy[_what(name)]))
        running = {one for one in running if not one.done()} | {task}
    await asyncio.gather(*running)


async def _dealt(names: list[str], draw: random.Random) -> AsyncIterator[str]:
    while True:
        for name in draw.sample(names, len(names)):
            yield name


async def _one(
    house: House, name: str, fault: Fault, draw: random.Random, log: Log, alone: asyncio.Lock
) -> None:
    async with alone:
        began = datetime.now(UTC)
        how = await fault(house, draw)
        took_s = (datetime.now(UTC) - began).total_seconds()
        log.done.append({"at": began.isoformat(), "fault": name, "how": how, "took_s": round(took_s, 1)})
