"""One HRNP connection to a mobile radio, without ports or clocks (§2.4). The shape is that of `session`."""

from __future__ import annotations

from collections import deque

from app.devices.adapters.hrnp import (
    ACCEPT,
    CLOSE,
    CLOSE_ACK,
    CONNECT,
    DATA,
    DATA_ACK,
    MASTER,
    REJECT,
    SLAVE,
    Packet,
    build,
)
from app.devices.hytera.session import MAX_QUEUED, RESEND_AFTER_S, TRIES, Fate, Sending

CONNECT_EVERY_S = 3.0


class HrnpSession:
    """The PC's side of the connection: connect until accepted, one packet under way at a time."""

    def __init__(self) -> None:
        self.connected = False
        self.starts = 0
        self._out: list[bytes] = []
        self._fates: list[Fate] = []
        self._queue: deque[Sending] = deque()
        self._own, self._radio = SLAVE, MASTER
        self._number = 0
        self._tries = 0
        self._sent_at = 0.0
        self._asked_at: float | None = None
        self._met: tuple[int, bytes] | None = None
        self._answered = False

    def to_send(self) -> list[bytes]:
        """Return and forget the packets that must leave now."""
        out, self._out = self._out, []
        return out

    def fates(self) -> list[Fate]:
        """Return and forget what became of frames of ours."""
        fates, self._fates = self._fates, []
        return fates

    def heard(self, packet: Packet, at: float) -> bool:
        """Take one packet in; True when it carries a message that was not heard before."""
        if packet.opcode == ACCEPT:
            # The radio names the address it gives us.
            self._own, self._radio = packet.destination, packet.source
            self.connected, self._number, self._met = True, 0, None
            self.starts += 1
        elif packet.opcode in (REJECT, CLOSE, CLOSE_ACK):
            if packet.opcode == CLOSE:
                self._put(CLOSE_ACK, packet.number)
            self._lose()
        elif packet.opcode == DATA_ACK:
            if self._queue and packet.number == self._number:
                self._next(at, taken=True)
        elif packet.opcode == DATA:
            return self._is_new(packet)
        return False

    def acknowledge(self, number: int) -> None:
        """Answer for a message that is stored (or says nothing that needs storing)."""
        self._put(DATA_ACK, number)
        if self._met is not None and self._met[0] == number:
            self._answered = True

    @property
    def waiting(self) -> int:
        """How many frames of ours are under way or wait for it."""
        return len(self._queue)

    def send(self, frame: bytes, ref: str, at: float) -> bool:
        """Let a frame wait its turn. False when there is no connection or too many wait."""
        if not self.connected or len(self._queue) >= MAX_QUEUED:
            return False
        self._queue.append(Sending(frame, ref))
        if len(self._queue) == 1:
            self._transmit(at)
        return True

    def tick(self, at: float) -> None:
        """Let time pass: ask for the connection, repeat, give up (a radio that takes nothing is gone)."""
        if not self.connected and (self._asked_at is None or at - self._asked_at >= CONNECT_EVERY_S):
            self._asked_at = at
            self._put(CONNECT, 0)
        if self._queue and at - self._sent_at >= RESEND_AFTER_S:
            if self._tries >= TRIES:
                self._lose()
            else:
                self._tries += 1
                self._repeat(at)

    def _is_new(self, packet: Packet) -> bool:
        if self._met != (packet.number, packet.data):
            self._met, self._answered = (packet.number, packet.data), False
            return True
        if self._answered:
            self._put(DATA_ACK, packet.number)
        return False

    def _lose(self) -> None:
        self.connected = False
        self._fates.extend(Fate(waiting.ref, taken=False) for waiting in self._queue if waiting.ref)
        self._queue.clear()

    def _transmit(self, at: float) -> None:
        self._tries = 1
        self._repeat(at)

    def _repeat(self, at: float) -> None:
        self._sent_at = at
        self._put(DATA, self._number, self._queue[0].frame)

    def _put(self, opcode: int, number: int, data: bytes = b"") -> None:
        self._out.append(build(opcode, number, data, source=self._own, destination=self._radio))

    def _next(self, at: float, *, taken: bool) -> None:
        done = self._queue.popleft()
        if done.ref:
            self._fates.append(Fate(done.ref, taken))
        self._number = (self._number + 1) & 0xFFFF
        if self._queue:
            self._transmit(at)
