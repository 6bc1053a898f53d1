"""What every driver of a device family provides, and what it is given."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from app.clock import Clock
from app.config import Settings
from app.db import Database
from app.devices.pump import Pump
from app.devices.register import Register
from app.org.store import DeviceFact


@dataclass(frozen=True, slots=True)
class Rig:
    """What a driver works with: the settings, the database, the clock, and who takes its readings in."""

    settings: Settings
    database: Database
    clock: Clock
    register: Register
    pump: Pump

    @property
    def stream(self) -> str:
        """The county whose devices these are."""
        return self.settings.stream


@dataclass(frozen=True, slots=True)
class Probed:
    """The outcome of asking a device whether it works: by which means, and what it said."""

    passed: bool
    method: str  # radio_check | signal_query | location_query | test_message | gateway_check
    detail: str = ""


class NotAsked(Exception):
    """A link could not ask, or nobody answered where silence proves nothing: the word says why."""


class Driver(Protocol):
    """Whoever holds a link to devices. One that breaks recovers by itself; nothing here raises for that.

    `name` is unique in the county (`hytera:10.1.2.3`): it is the key in /api/health, and the register
    keeps it with each device that was heard through it.
    """

    @property
    def name(self) -> str:
        """The driver's name."""
        ...

    def running(self) -> AbstractAsyncContextManager[object]:
        """Serve the link while the block lasts, whatever its cable does."""
        ...

    def health(self) -> dict[str, object]:
        """Return plain facts about the link; `ok: False` when it does not work.

        `trouble` says in a word why not, "" while all is well.
        """
        ...

    async def send_waiting(self) -> None:
        """Send what waits for this link and can leave now. Called twice a second, never twice at once."""
        ...

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask a device whether it works, and wait for the answer no longer than its kind deserves.

        None when this driver has no way to ask this device.
        """
        ...


@runtime_checkable
class HolderCaller(Protocol):
    """A driver that can ask the holder of a device for a sign of life: only when a person wants it."""

    async def call_holder(self, device: DeviceFact) -> Probed | None:
        """Ask, and wait for the holder's word; None when this driver cannot. Raises NotAsked."""
        ...
