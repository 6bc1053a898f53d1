"""The command machine on its cable, by the real outbox with a set clock: what it writes, taken at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from app.devices.beidou.dialects import Card as OwnCard
from app.devices.beidou.outbox import Outbox
from app.devices.links.serial import parse_links
from app.signals import Receipt
from tests.dark.county import Dark
from tests.world import STREAM


class _Line:
    """A serial line that keeps what was written."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    async def write(self, frame: bytes) -> None:
        self.written.append(frame)


class Card:
    """Our own card: one message a minute, of 78 bytes at most (level 3)."""

    def __init__(self, dark: Dark) -> None:
        self._dark = dark
        (link,) = parse_links("rdss21=/dev/ttyUSB0@115200")
        rig: Any = SimpleNamespace(database=dark.world.database, clock=dark.world.clock, stream=STREAM)
        self._outbox = Outbox(link, rig)
        self._card = _own_card()

    async def runs_for(self, seconds: float) -> list[tuple[str, str]]:
        """Let time go by, then send what may leave now; return (card, words) of what the machine took."""
        self._dark.world.later(seconds=seconds)
        line: Any = _Line()
        sent: list[tuple[str, str]] = []
        while await self._outbox.send_next(line, self._card):
            rows = await self._dark.world.rows(
                "SELECT address, body FROM delivery WHERE channel = 'beidou' AND state = 'submitted'"
            )
            sent += [(row["address"], row["body"]) for row in rows]
            await self._outbox.feedback(Receipt(stage="accepted", ref=""), self._card)
        assert len(line.written) == len(sent)
        return sent


def _own_card() -> OwnCard:
    return OwnCard(number="500900")
