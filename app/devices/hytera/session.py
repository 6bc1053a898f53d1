"""One HSTRP session, without sockets or clocks: what comes in, what must go out, when (§2.3).

`heard` takes datagrams, `send` takes frames of ours, `tick` lets time pass, `to_send` gives the datagrams
that must leave. Times are seconds of any clock that only goes forward.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

from app.devices.adapters.hstrp import (
    ACK,
    CLOSE,
    CONNECT,
    DEVICE_ID,
    HEARTBEAT,
    REJECT,
    Datagram,
    build,
)

HEARTBEAT_S = 6.0
LOST_AFTER_S = 60.0
"""Ten heart-beats that did not come."""

RESEND_AFTER_S = 1.0
TRIES = 4
"""A frame leaves once and is repeated three times."""

REMEMBER_S = 30.0
MAX_REMEMBERED = 256
MAX_QUEUED = 200


@dataclass(frozen=True, slots=True)
class Sending:
    """A frame of ours; `ref` is what its fate is told under ("" when nobody asks)."""

    frame: bytes
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a frame of ours: the other side took it, or did not."""

    ref: str
    taken: bool


@dataclass(slots=True)
class _Met:
    """A datagram that was heard: its bytes tell a copy from a new one after a reboot."""

    data: bytes
    at: float
    answered: bool = False


class HstrpSession:
    """The PC's side of the session on one UDP port."""

    def __init__(self) -> None:
        self.connected = False
        self.device_id = 0
        self.starts = 0
        """How often it came up: whoever subscribes to something must do so again."""

        self._out: list[bytes] = []
        self._fates: list[Fate] = []
        self._queue: deque[Sending] = deque()
        self._number = 0
        self._tries = 0
        self._sent_at = 0.0
        self._beat_at: float | None = None
        self._heard_at = 0.0
        self._met: OrderedDict[int, _Met] = OrderedDict()

    def to_send(self) -> list[bytes]:
        """Return and forget the datagrams that must leave now."""
        out, self._out = self._out, []
        return out

    def fates(self) -> list[Fate]:
        """Return and forget what became of frames of ours."""
        fates, self._fates = self._fates, []
        return fates

    def heard(self, datagram: Datagram, at: float) -> bool:
        """Take one datagram in; True when it carries a message that was not heard before.

        The message is acknowledged by `acknowledge`, once it is stored: what repeats meanwhile is a copy.
        """
        self._heard_at = at
        self.device_id = datagram.option(DEVICE_ID) or self.device_id
        if datagram.type & CONNECT:
            self._connect(datagram, at)
            return False
        if datagram.type & (CLOSE | REJECT):
            self._lose()
            return False
        self._up(at)
        if datagram.type & ACK:
            self._taken(datagram.number, at)
            return False
        if datagram.type & HEARTBEAT:
            return False
        return self._is_new(datagram, at)

    def acknowledge(self, datagram: Datagram) -> None:
        """Answer for a message that is stored (or says nothing that needs storing).

        Nothing happens when the repeater has started anew meanwhile: the number is another message's now.
        """
        met = self._met.get(datagram.number)
        if met is not None and met.data is datagram.data:
            met.answered = True
            self._out.append(build(ACK, datagram.number))

    @property
    def waiting(self) -> int:
        """How many frames of ours are under way or wait for it."""
        return len(self._queue)

    def send(self, frame: bytes, ref: str, at: float) -> bool:
        """Let a frame wait its turn: one is under way at a time. False when too many wait."""
        if not self.connected or len(self._queue) >= MAX_QUEUED:
            return False
        self._queue.append(Sending(frame, ref))
        if len(self._queue) == 1:
            self._transmit(at)
        return True

    def tick(self, at: float) -> None:
        """Let time pass: heart-beats, repetitions, giving up."""
        if self.connected and at - self._heard_at >= LOST_AFTER_S:
            self._lose()
        if self._beat_at is None or at - self._beat_at >= HEARTBEAT_S:
            # A repeater that has forgotten us, or never met us, is greeted unasked: that works too (§2.3).
            self._out.append(build(HEARTBEAT if self.connected else CONNECT | ACK, 0))
            self._beat_at = at
        if self._queue and at - self._sent_at >= RESEND_AFTER_S:
            if self._tries >= TRIES:
                self._next(at, taken=False)
            else:
                self._tries += 1
                self._put(at)

    def _connect(self, datagram: Datagram, at: float) -> None:
        """Begin anew: a SYN is a repeater that has started, with its numbers from the beginning."""
        if not datagram.type & ACK:
            self._out.append(build(CONNECT | ACK, 0))
            self._met.clear()
            self._number = 0
            self.connected = False
            if self._queue:
                self._transmit(at)
        self._up(at)

    def _up(self, at: float) -> None:
        if not self.connected:
            self.connected = True
            self.starts += 1
            self._beat_at = at

    def _lose(self) -> None:
        self.connected = False
        self._met.clear()
        self._fates.extend(Fate(waiting.ref, taken=False) for waiting in self._queue if waiting.ref)
        self._queue.clear()

    def _is_new(self, datagram: Datagram, at: float) -> bool:
        while self._met and (
            len(self._met) >= MAX_REMEMBERED or at - next(iter(self._met.values())).at > REMEMBER_S
        ):
            self._met.popitem(last=False)
        met = self._met.get(datagram.number)
        if met is not None and met.data == datagram.data:
            if met.answered:
                self._out.append(build(ACK, datagram.number))
            return False
        self._met.pop(datagram.number, None)
        self._met[datagram.number] = _Met(datagram.data, at)
        return True

    def _transmit(self, at: float) -> None:
        self._tries = 1
        self._put(at)

    def _put(self, at: float) -> None:
        self._sent_at = at
        self._out.append(build(0, self._number, self._queue[0].frame))

    def _taken(self, number: int, at: float) -> None:
        if self._queue and number == self._number:
            self._next(at, taken=True)

    def _next(self, at: float, *, taken: bool) -> None:
        done = self._queue.popleft()
        if done.ref:
            self._fates.append(Fate(done.ref, taken))
        self._number = (self._number + 1) & 0xFFFF
        if self._queue:
            self._transmit(at)
