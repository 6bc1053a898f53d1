"""The device floor on a real database: register, recorder, pump, TCP server, sender."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from app.devices import recorder as recording
from app.devices.jt808_session import Jt808Session
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
    register: Register
    recorder: Recorder
    pump: Pump
    server: Jt808Server
    sender: Sender

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
        server = Jt808Server(
            "127.0.0.1",
            0,
            lambda write, joined: Jt808Session(register, pump, world.clock, write, joined),
        )
        async with server.running():
            sender = Sender(world.database, world.clock, server, [])
            yield Platform(world, register, recorder, pump, server, sender)


@pytest.fixture
async def platform(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Platform]:
    """The device floor, its positions flushed fifty times a second."""
    monkeypatch.setattr(recording, "FLUSH_EVERY_S", 0.02)
    async with running(world) as platform:
        yield platform
