"""What a Beidou command machine and we say over one cable, whoever keeps what is heard through it.

The line is opened again and again; the machine is asked for its card and told to report its signal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from app.clock import Clock
from app.devices.adapter import Garbage, Reading
from app.devices.beidou.dialects import DIALECTS, SIGNAL_EVERY_S, Card, Signal
from app.devices.catalogue import adapters
from app.devices.garbage import note_garbage
from app.devices.links.serial import Line, LinkLost, SerialLink, open_line
from app.devices.metrics import LINK_ENDS, LINKS, READINGS
from app.signals import Health

log = structlog.get_logger()
IDLE_S = 1.0  # protocols/beidou.md §1.1: a partial frame is given up after about a second
ASK_CARD_EVERY = timedelta(seconds=60)
ASK_SIGNAL_AFTER = timedelta(seconds=3 * SIGNAL_EVERY_S)
"""A machine that was to report its signal and does not was switched off and on: it is told again."""

STABLE_AFTER = timedelta(seconds=10)
BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)


class Cable:
    """The conversation with one machine. `hear` is told every reading, in order; it must not wait."""

    def __init__(self, link: SerialLink, clock: Clock, hear: Callable[[Reading], None]) -> None:
        self.link = link
        self.dialect = DIALECTS[link.family]
        self.card = Card()
        self.signal = Signal()
        self.line: Line | None = None
        self.trouble = ""  # why the line is not open
        self.told = asyncio.Event()  # set when the machine tells its signal
        self._hear = hear
        self._clock = clock
        self._asked_at: datetime | None = None
        self._told_at: datetime | None = None  # when the signal was asked for, or told, last

    @property
    def ready(self) -> bool:
        """Whether the machine is there and has a card."""
        return self.line is not None and bool(self.card.number)

    async def run(self) -> None:
        """Keep the line open for ever, with a growing pause between attempts."""
        attempt = 0
        while True:
            if await self._once(first=attempt == 0):  # a line that breaks at once is no reason to hurry
                attempt = 0
            await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
            attempt += 1

    async def ask(self) -> None:
        """Ask for card and signal at once; `told` is set by the answer. Raises LinkLost."""
        if self.line is None:
            raise LinkLost(self.trouble or "not connected")
        self.told.clear()
        await self.line.write(self.dialect.ask_card() + self.dialect.ask_signal())

    async def _once(self, *, first: bool) -> bool:
        """Open the line and serve it until it breaks; True if it had stood for a while."""
        opened_at: datetime | None = None
        try:
            async with open_line(self.link) as line:
                opened_at = self._clock.now()
                await self._serve(line)
        except LinkLost as error:
            if first or str(error) != self.trouble:
                log.warning("beidou_link_lost", url=self.link.url, error=str(error))
            self.trouble = str(error)
            LINK_ENDS.labels(self.link.family, "lost").inc()
        except Exception as error:  # a fault of ours: the machine must not fall silent for ever
            log.error("beidou_machine_failed", url=self.link.url, error=repr(error), exc_info=error)
            LINK_ENDS.labels(self.link.family, "error").inc()
        return opened_at is not None and self._clock.now() - opened_at > STABLE_AFTER

    async def _serve(self, line: Line) -> None:
        self.line, self._asked_at, self._told_at, self.trouble = line, None, None, ""
        LINKS.labels(self.link.family).inc()
        log.info("beidou_link_open", url=self.link.url)
        codec = adapters()[self.link.family].codec()
        try:
            while True:
                await self._ask_for_signal(line)
                await self._ask_for_card(line)
                try:
                    async with asyncio.timeout(IDLE_S):
                        data = await line.read()
                except TimeoutError:
                    results = list(codec.idle())
                else:
                    results = list(codec.feed(data))
                for result in results:
                    self._take(result)
        finally:
            LINKS.labels(self.link.family).dec()
            self.line = None

    async def _ask_for_signal(self, line: Line) -> None:
        now = self._clock.now()
        if self._told_at is None or now - self._told_at >= ASK_SIGNAL_AFTER:
            if self._told_at is not None:
                self._asked_at = None  # and somebody may have changed the card while it was off
            self._told_at = now
            await line.write(self.dialect.ask_signal())

    async def _ask_for_card(self, line: Line) -> None:
        now = self._clock.now()
        due = self._asked_at is None or (not self.card.number and now - self._asked_at >= ASK_CARD_EVERY)
        if due:
            self._asked_at = now
            await line.write(self.dialect.ask_card())

    def _take(self, result: Reading | Garbage) -> None:
        """Read on at once: RDSS repeats nothing, and the port's own memory is a few kilobytes."""
        if isinstance(result, Garbage):
            note_garbage(self.link.family, result)
            return
        READINGS.labels(result.family, result.kind).inc()
        for one in (signal for signal in result.signals if isinstance(signal, Health)):
            self._learn(dict(one.facts))
        self._hear(result)

    def _learn(self, facts: dict[str, float | int | str]) -> None:
        if (signal := Signal.of(facts)) is not None:
            self.signal, self._told_at = signal, self._clock.now()
            self.told.set()
        self.card = Card.of(facts) or self.card
