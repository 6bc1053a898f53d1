"""One port of the simulated repeater: a session with the centre, and what goes wrong on the wire."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from app.simulators.hytera_air import ACK, CONNECT, HEARTBEAT, Asked, asked, hstrp


@dataclass
class Faults:
    """What goes wrong on the wire, each so many times (or while it is set)."""

    drop_acks: int = 0  # frames of the centre that are done, but not acknowledged
    twice: int = 0  # frames that are sent twice under one number
    spoil: int = 0  # frames with a wrong checksum
    pad: int = 0  # bytes of padding behind each datagram
    silent: bool = False  # nothing is sent at all


class Machine(Protocol):
    """The repeater whose ports these are."""

    number: int
    faults: Faults
    heartbeat_s: float
    resend_s: float

    def obey(self, port: Port, request: Asked) -> None:
        """Do what the centre asks."""
        ...


class Port(asyncio.DatagramProtocol):
    """One service on one slot: a session with its own numbers, one frame under way at a time."""

    def __init__(self, machine: Machine, service: int, slot: int, centre: tuple[str, int]) -> None:
        self.machine, self.service, self.slot, self.centre = machine, service, slot, centre
        self.number = 0
        self.met = False
        self.queue: deque[bytes] = deque()
        self.tries = 0
        self.unacknowledged = 0
        self.transport: asyncio.DatagramTransport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Switch on: numbers begin anew, and the centre is greeted until it answers."""
        self.number, self.met = 0, False
        self.queue.clear()
        self._beat()

    def stop(self) -> None:
        """Switch off."""
        if self._timer is not None:
            self._timer.cancel()

    def say(self, body: bytes) -> None:
        """Let a frame wait its turn."""
        self.queue.append(body)
        if len(self.queue) == 1:
            self.tries = 0
            self._transmit(self.number + 1)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hear the centre."""
        if data[:3] != b"2B\0" or len(data) < 6:
            return
        kind, number = data[3], int.from_bytes(data[4:6], "big")
        if kind & CONNECT:
            self.met = True
        elif kind == ACK:
            self._acknowledged(number)
        elif kind == 0:
            self._asked(number, data[6:])

    def put(self, datagram: bytes) -> None:
        """Send a datagram, with what goes wrong on the way."""
        if self.transport is not None and not self.machine.faults.silent:
            self.transport.sendto(datagram + b"\0" * self.machine.faults.pad, self.centre)

    def _asked(self, number: int, body: bytes) -> None:
        if self.machine.faults.drop_acks:
            self.machine.faults.drop_acks -= 1
        else:
            self.put(hstrp(ACK, number))
        request = asked(body)
        if request is not None:
            self.machine.obey(self, request)

    def _acknowledged(self, number: int) -> None:
        if self.queue and number == self.number:
            self.queue.popleft()
            if self.queue:
                self.tries = 0
                self._transmit(self.number + 1)

    def _transmit(self, number: int) -> None:
        self.number = number & 0xFFFF
        self.tries += 1
        machine = self.machine
        datagram = hstrp(0, self.number, self.queue[0], repeater=machine.number, slot=self.slot)
        self.put(datagram)
        if machine.faults.twice:
            machine.faults.twice -= 1
            self.put(datagram)
        asyncio.get_running_loop().call_later(machine.resend_s, self._again, self.number, self.tries)

    def _again(self, number: int, tries: int) -> None:
        if not self.queue or (self.number, self.tries) != (number, tries) or self.transport is None:
            return
        if tries < 4:
            self._transmit(number)
            return
        self.unacknowledged += 1
        self.queue.popleft()
        if self.queue:
            self.tries = 0
            self._transmit(number + 1)

    def _beat(self) -> None:
        machine = self.machine
        if self.met:
            self.put(hstrp(HEARTBEAT, 0))
        else:
            self.put(hstrp(CONNECT, 0, repeater=machine.number, slot=self.slot))
        self._timer = asyncio.get_running_loop().call_later(machine.heartbeat_s, self._beat)
