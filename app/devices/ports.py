"""What the conversation with a device asks of whoever holds the line: who is this, keep this.

The centre answers from its register and keeps in its database (`register`, `pump`); a gateway at the edge
has neither, and keeps on its own disk until the centre has it (`app/gateway`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from app.clock import Clock
from app.devices.adapter import Reading
from app.devices.register import Registration
from app.org.store import DeviceFact
from app.signals import Receipt, Talk


class Directory(Protocol):
    """Who is this? Numbers are as on the wire; each call may raise what the memory behind it raises."""

    async def find(self, family: str, number: str) -> DeviceFact | None:
        """Return who may speak under this number, None for nobody."""
        ...

    async def admit(self, family: str, number: str, frame: bytes, label: str) -> DeviceFact | None:
        """Let an unknown number speak whose call must be heard; None for one that was switched off."""
        ...

    async def person_with(self, phone: str) -> str:
        """Return the name of the person with this telephone number, "" where nobody knows."""
        ...

    async def quarantine(self, family: str, number: str, frame: bytes) -> None:
        """Note a number that may not speak."""
        ...

    async def enrol(self, family: str, number: str, terminal_id: str) -> Registration:
        """Register a terminal: a new code, or why not."""
        ...

    async def proves_itself(self, family: str, number: str, code: str) -> DeviceFact | None:
        """Return the device if the code is the one issued to it, else None."""
        ...


class Keeper(Protocol):
    """Keep this. A device is answered for what is kept, and only for that."""

    async def hear(self, device: DeviceFact, reading: Reading, via: str = "") -> asyncio.Future[None] | None:
        """Keep a reading: it is kept when this returns, or when the returned future is done.

        Raises, or fails the future, when it was not kept: the device must not be answered then.
        """
        ...

    async def hear_receipt(
        self, channel: str, wire_ref: str, receipt: Receipt, device_id: int | None
    ) -> None:
        """Let a device's answer settle the message it belongs to; an answer to nothing changes nothing."""
        ...

    async def hear_talk(self, stream: str, via: str, talk: Talk) -> None:
        """Keep who talks, where the talker is nobody we know."""
        ...

    def note(self, device_id: int, facts: Mapping[str, object], via: str = "") -> None:
        """Keep what was learnt of a device itself; the latest word wins. With `via` it was heard, too."""
        ...


class Bench(Protocol):
    """What a driver's ear works with, at the centre and at the edge."""

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...

    @property
    def stream(self) -> str:
        """The county whose devices these are; "" where only the centre knows."""
        ...

    @property
    def register(self) -> Directory:
        """Who is who."""
        ...

    @property
    def pump(self) -> Keeper:
        """Who keeps what is said."""
        ...
