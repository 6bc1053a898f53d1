"""The device floor on a real database: register, recorder, pump, TCP server, sender."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from app.config import Settings
from app.devices import recorder as recording
from app.devices.driver import Rig
from app.devices.jt808.terminals import Terminals
from app.devices.links import tcp
from app.devices.links.tcp import Jt808Server
from app.devices.pump import Pump
from app.devices.recorder import Recorder
from app.devices.register import Register
from app.devices.sender import Sender
from tests.world import STREAM, World


@dataclass
class Platform:
    """What the tests hold of it."""

    world: World
    rig: Rig
    recorder: Recorder
    terminals: Terminals
    sender: Sender

    @property
    def register(self) -> Register:
        """Who stands in the register."""
        return self.rig.register

    @property
    def pump(self) -> Pump:
        """Who takes readings in."""
        return self.rig.pump

    @property
    def server(self) -> Jt808Server:
        """Where terminals connect."""
        return self.terminals.server

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server.port


@asynccontextmanager
async def running(world: World) -> AsyncIterator[Platform]:
    """Run the floor while the block lasts, on a free port."""
    register = Register(world.database, world.clock, STREAM)
    async with Recorder(world.database, world.clock).running() as recorder:
        pump = Pump(world.database, recorder, world.clock)
        rig = Rig(Settings(jt808_port=0, stream=STREAM), world.database, world.clock, register, pump)
        terminals = Terminals(rig)
        async with terminals.running():
            sender = Sender(world.database, world.clock, [terminals])
            yield Platform(world, rig, recorder, terminals, sender)


@pytest.fixture
async def platform(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Platform]:
    """The device floor, its positions flushed and its lines looked at fifty times a second."""
    monkeypatch.setattr(recording, "FLUSH_EVERY_S", 0.02)
    monkeypatch.setattr(tcp, "LOOK_EVERY_S", 0.02)
    async with running(world) as platform:
        yield platform
