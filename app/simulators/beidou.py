"""A Beidou command machine (指挥机) on a pseudo-terminal, as the service meets it on a serial cable."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from app.clock import SystemClock
from app.demo.devices import COMMAND_CARD
from app.devices.adapter import Garbage, Reading
from app.simulators.dialects import AskCard, AskStatus, Card, Dialect, Rdss21, Rdss40, Transmit, Verdict
from app.simulators.line import SerialLine

FREQUENCY_S = 60
IDLE_S = 1.0
"""Silence after which half a command is given up (protocols/beidou.md §1.1)."""

STANDBY_CARD = 500102
"""The demo's second command machine, which speaks RDSS 4.0."""

_KEPT = 10_000
_WALL = SystemClock()
_AT_MOST_EVERY_S = 0.01
_GOOD_BEAMS = (4, 3, 2, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that went up to the satellite; `dest` is a card number in decimal without leading zeros."""

    dest: str
    text: str
    raw: bytes
    at: datetime
    urgent: bool = False


class CommandMachine:
    """A command machine that speaks RDSS 2.1. Use it as `with CommandMachine() as machine:` in a loop.

    `path` is what the service opens. `sent` holds the messages taken, `refused` counts the others;
    `on_sent` is told each one taken, so that simulated handsets can hear it. The card's frequency is
    enforced by `now`. To stage trouble set `suppressed` (系统抑制), `mute` (no feedback at all) or
    `beams` (levels of 0 to 4).
    """

    def __init__(
        self,
        *,
        card: int = int(COMMAND_CARD),
        frequency_s: int = FREQUENCY_S,
        level: int = 3,
        now: Callable[[], datetime] = _WALL.now,
        on_sent: Callable[[Sent], None] | None = None,
        dialect: Dialect | None = None,
    ) -> None:
        self.card = Card(card, frequency_s, level)
        self.sent: deque[Sent] = deque(maxlen=_KEPT)
        self.refused = 0
        self.garbage = 0
        self.suppressed = False
        self.mute = False
        self.beams: tuple[int, ...] = _GOOD_BEAMS
        self.path = ""
        self._now = now
        self._on_sent = on_sent
        self._dialect = dialect or Rdss21()
        self._codec = self._dialect.codec()
        self._line: SerialLine | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._sent_at: datetime | None = None

    def __enter__(self) -> Self:
        """Switch on."""
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        """Switch off."""
        self.close()

    def open(self) -> None:
        """Switch on: `path` can be opened from now on. Needs a running loop."""
        self._line = SerialLine(self._heard)
        self.path = self._line.path

    def close(self) -> None:
        """Switch off and give the pty back."""
        self._stop_status()
        if self._silence is not None:
            self._silence.cancel()
        if self._line is not None:
            self._line.close()
            self._line = None

    @property
    def lost(self) -> int:
        """Bytes that found no room because nobody read the line."""
        return self._line.lost if self._line is not None else 0

    def receive_from(self, card: int | str, text: str) -> None:
        """Hear a handset: hand its message over to the service."""
        self._write(self._dialect.received(self.card, int(card), text))

    def noise(self, data: bytes) -> None:
        """Put bytes on the line that are no frame (or only a part of one)."""
        self._write(data)

    def _write(self, data: bytes) -> None:
        if self._line is not None:
            self._line.write(data)

    def _heard(self, data: bytes) -> None:
        if self._silence is not None:
            self._silence.cancel()
        self._silence = asyncio.get_running_loop().call_later(IDLE_S, self._fell_silent)
        self._obey(self._codec.feed(data))

    def _fell_silent(self) -> None:
        """Give up half a command: its host was switched off in the middle of it."""
        self._obey(self._codec.idle())

    def _obey(self, results: Iterable[Reading | Garbage]) -> None:
        for result in results:
            if isinstance(result, Garbage):
                self.garbage += 1
                continue
            request = self._dialect.request(result)
            if isinstance(request, AskCard):
                self._write(self._dialect.card(self.card))
            elif isinstance(request, AskStatus):
                self._schedule_status(request.every_s)
            elif isinstance(request, Transmit):
                self._transmit(request)

    def _transmit(self, message: Transmit) -> None:
        now = self._now()
        wait_s = self._wait_s(now)
        verdict = self._judge(message, wait_s)
        if not self.mute:
            wait_s = wait_s if verdict is Verdict.TOO_SOON else 0
            self._write(self._dialect.feedback(self.card, verdict, wait_s))
        if verdict is not Verdict.TAKEN:
            self.refused += 1
            return
        self._sent_at = now
        sent = Sent(message.dest, message.text, message.raw, now, message.urgent)
        self.sent.append(sent)
        if self._on_sent:
            self._on_sent(sent)

    def _judge(self, message: Transmit, wait_s: int) -> Verdict:
        if self.suppressed:
            return Verdict.SUPPRESSED
        if not self.card.number or not message.dest or not self.card.fits(message):
            return Verdict.FAILED
        return Verdict.TOO_SOON if wait_s else Verdict.TAKEN

    def _wait_s(self, now: datetime) -> int:
        """Return the whole seconds until the card may send again."""
        if self._sent_at is None:
            return 0
        left = self.card.frequency_s - (now - self._sent_at).total_seconds()
        return max(0, math.ceil(left))

    def _schedule_status(self, every_s: float | None) -> None:
        self._stop_status()
        if every_s is not None:
            self._tell_status(every_s)

    def _tell_status(self, every_s: float) -> None:
        self._write(self._dialect.status(self.card, self.beams))
        if every_s > 0:
            pause_s = max(every_s, _AT_MOST_EVERY_S)
            self._timer = asyncio.get_running_loop().call_later(pause_s, self._tell_status, every_s)

    def _stop_status(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class CommandMachine40(CommandMachine):
    """The same machine with a binary line: RDSS 4.0 (ICJC/ICXX, TXSQ/FKXX, TXXX, XTZJ/ZJXX)."""

    def __init__(
        self,
        *,
        card: int = STANDBY_CARD,
        frequency_s: int = FREQUENCY_S,
        level: int = 3,
        now: Callable[[], datetime] = _WALL.now,
        on_sent: Callable[[Sent], None] | None = None,
    ) -> None:
        super().__init__(
            card=card, frequency_s=frequency_s, level=level, now=now, on_sent=on_sent, dialect=Rdss40()
        )
