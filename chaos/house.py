"""Everything that runs: the database on its own disk, the broker, two nodes, and a relay in front of each."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chaos.broker import PROGRAM, Broker
from chaos.line import Line
from chaos.node import Node
from chaos.postgres import Postgres

NODES = 2
DISK_MB = 1500


@dataclass
class House:
    """What is running, and the ways between. `disk` is None where no disk of one's own can be mounted."""

    folder: Path
    postgres: Postgres
    broker: Broker
    has_broker: bool
    disk: Path | None
    nodes: list[Node] = field(default_factory=list)
    to_database: list[Line] = field(default_factory=list)
    to_web: list[Line] = field(default_factory=list)
    to_terminals: list[Line] = field(default_factory=list)
    to_broker: list[Line] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """Return every relay."""
        return [*self.to_database, *self.to_web, *self.to_terminals, *self.to_broker]

    async def heal(self) -> None:
        """Let everything work again and wait until it does."""
        for line in self.lines():
            line.become("open")
        for node in self.nodes:
            node.set_clock(0)
            node.send(signal.SIGCONT)
        if not await self.postgres.running():
            await self.postgres.start()
        await asyncio.gather(*(node.ready() for node in self.nodes))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def built(folder: Path) -> AsyncIterator[House]:
    """Start database and broker, lend the house, and take everything down at the end."""
    with_disk = _mount(folder / "disk")
    on = folder / "disk"
    on.mkdir(exist_ok=True)
    house = House(
        folder,
        Postgres(on / "postgres", free_port()),
        Broker(folder / "broker", free_port()),
        PROGRAM is not None,
        on if with_disk else None,
    )
    try:
        (on / "postgres").mkdir()
        await house.postgres.create()
        if house.has_broker:
            await house.broker.start()
        yield house
    finally:
        await asyncio.gather(*(node.end(signal.SIGTERM) for node in house.nodes))
        for line in house.lines():
            line.close()
        await house.broker.stop()
        await house.postgres.stop("fast")
        if with_disk:
            subprocess.run(["umount", "-l", str(on)], check=False)


async def populate(house: House, settings: dict[str, str]) -> None:
    """Put the nodes behind their relays and start them."""
    for number in range(NODES):
        database = Line(f"node-{number} ↔ database", house.postgres.port)
        broker = Line(f"node-{number} ↔ broker", house.broker.port)
        await asyncio.gather(database.open(), broker.open())
        folder = (house.disk or house.folder) / f"node-{number}"
        folder.mkdir()
        own = {
            **settings,
            "DATABASE_URL": house.postgres.url_at(database.port),
            "ZHISHOU_MQTT_CLIENT_ID": f"node-{number}",
            "ZHISHOU_SIGN_OF_LIFE_URL": "",
        }
        if house.has_broker:
            own |= {"ZHISHOU_MQTT_URL": f"mqtt://127.0.0.1:{broker.port}", "ZHISHOU_MQTT_SHARED": "1"}
        # Its log and its clock lie beside the disk that is filled, not on it.
        node = Node(number, folder, free_port(), free_port(), own, beside=house.folder)
        node.set_clock(0)
        node.start()
        web, terminals = (
            Line(f"people ↔ node-{number}", node.port),
            Line(f"devices ↔ node-{number}", node.jt808_port),
        )
        await asyncio.gather(web.open(), terminals.open())
        house.nodes.append(node)
        house.to_database.append(database)
        house.to_broker.append(broker)
        house.to_web.append(web)
        house.to_terminals.append(terminals)
    gateway = Line("gateway ↔ broker", house.broker.port)
    await gateway.open()
    house.to_broker.append(gateway)
    await asyncio.gather(*(node.ready() for node in house.nodes))


def _mount(folder: Path) -> bool:
    """Mount a disk of its own; False where that is not allowed."""
    folder.mkdir(parents=True)
    if shutil.which("mount") is None:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def workplace() -> Path:
    """Return a new folder for one run, where the database's own user may go too."""
    folder = Path(tempfile.mkdtemp(prefix="zhishou-chaos-"))
    folder.chmod(0o755)
    return folder
