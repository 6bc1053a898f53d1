"""The conversation with one JT/T 808 terminal (protocols/beidou.md §5.5): who it is, what it is answered."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.clock import Clock
from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Terminal, encode
from app.devices.adapters.jt808.assemble import Missing
from app.devices.adapters.jt808.bodies import KNOWN_MESSAGES
from app.devices.jt808.memory import TerminalMemory
from app.devices.jt808.questions import Answer, Questions
from app.devices.metrics import REFUSED
from app.devices.pump import Pump
from app.devices.register import Register
from app.org.store import DeviceFact
from app.signals import Receipt

OK, FAILED, BAD, UNSUPPORTED = 0, 1, 2, 3
MOST_ASKED = 250  # packages asked for in one 0x8003: the 2013 layout counts them in a byte
MAX_REFUSALS = 5  # unauthenticated frames before the line is cut
FAMILY = "jt808"
CHANNEL = "jt808"
_ACKS_OF_TERMINALS = "0x0001"

Write = Callable[[bytes], None]


@dataclass(eq=False, slots=True)
class Jt808Session:
    """One connection. `write` sends bytes; `joined` is told once the terminal has proved who it is.

    `remember` lends what is known of a device from its earlier connections.
    """

    register: Register
    pump: Pump
    clock: Clock
    write: Write
    joined: Callable[[Jt808Session], None]
    remember: Callable[[int], TerminalMemory]
    device: DeviceFact | None = None
    terminal: Terminal | None = None
    refusals: int = 0
    proved_at: datetime | None = None  # when it was last made sure that the terminal may speak
    questions: Questions = field(default_factory=Questions)
    _serial: int = field(default_factory=lambda: secrets.randbelow(0x10000))
    """Where our numbers begin: elsewhere on each line, so that a late answer fits no message of the next."""

    _refs: dict[str, str] | None = None  # serials of the last cut message → its reference
    _cut: tuple[int, tuple[bytes, ...]] | None = None  # the last message of ours that was cut into packages
    _closed: bool = False

    async def hear(self, reading: Reading) -> bool:
        """Take in one message and answer it after the commit; False when the line should be cut."""
        if self.device is not None and self.device.number == reading.sender:
            self.terminal = Terminal.of(reading.fields)  # after an upgrade it may speak the other layout
        step = _STEPS.get(reading.kind)
        if step is not None:
            await step(self, reading)
        elif self.device is None or self.device.number != reading.sender:
            await self._refuse(reading)
        else:
            await self._message(reading)
        return self.refusals < MAX_REFUSALS

    def reserve(self, msg_id: int, body: bytes) -> tuple[str, bytes]:
        """Return the reference a terminal will quote and the bytes of a message of ours."""
        assert self.terminal is not None  # only authenticated sessions are given messages
        count = encode.packages(body)
        serial = self._take_serials(count)
        frames = tuple(encode.frames(msg_id, body, to=self.terminal, serial=serial))
        # Some terminals answer each package, some the last, some the message as a whole by the first.
        self._refs = {str((serial + at) & 0xFFFF): str(serial) for at in range(count)}
        self._cut = (serial, frames) if count > 1 else None
        return str(serial), b"".join(frames)

    async def ask(
        self, msg_id: int, body: bytes, within_s: float, *, acknowledged: bool = False
    ) -> Answer | None:
        """Ask the terminal and return its answer, None when none came or the line ended.

        With `acknowledged` a mere acknowledgement is the answer. Raises TooManyQuestions.
        """
        assert self.terminal is not None  # only authenticated sessions are asked
        serial = self._take_serials(1)
        answer = self.questions.ask(serial, acknowledged=acknowledged)
        self.write(encode.encode(msg_id, body, to=self.terminal, serial=serial))
        await asyncio.wait([answer], timeout=within_s)
        if not answer.done():
            answer.cancel()
        return None if answer.cancelled() else answer.result()

    def request(self, missing: Missing) -> None:
        """Ask for packages of a long message that did not come (0x8003); a stranger is asked for nothing."""
        if self.device is None or missing.terminal.sender != self.device.number:
            return
        body = encode.resend(missing.first_serial, missing.indexes[:MOST_ASKED], to=missing.terminal)
        self.write(encode.encode(encode.RESEND, body, to=missing.terminal, serial=self._take_serials(1)))

    def close(self) -> None:
        """Answer nothing any more: what still waits for a commit will be repeated by the terminal."""
        self._closed = True
        self.questions.close()

    async def _register(self, reading: Reading) -> None:
        terminal_id = str(reading.fields["body"].get("terminal_id", ""))
        answer = await self.register.enrol(FAMILY, reading.sender, terminal_id)
        if answer.result != OK:
            REFUSED.labels(FAMILY, "not_registered").inc()
            self.refusals += 1
            await self.register.quarantine(FAMILY, reading.sender, reading.raw)
        body = encode.register_answer(reading.fields["serial"], answer.result, answer.auth_code)
        self._answer(reading, encode.REGISTER_ANSWER, body)

    async def _authenticate(self, reading: Reading) -> None:
        code = str(reading.fields["body"].get("auth_code", ""))
        device = await self.register.proves_itself(FAMILY, reading.sender, code)
        # On one line speaks one terminal: a failed or foreign login does not change whose line it is.
        if device is None or (self.device is not None and self.device.id != device.id):
            REFUSED.labels(FAMILY, "bad_code").inc()
            self.refusals += 1
            await self.register.quarantine(FAMILY, reading.sender, b"")
            self._ack(reading, FAILED)
            return
        self.device, self.terminal = device, Terminal.of(reading.fields)
        self.refusals, self.proved_at = 0, self.clock.now()
        self._ack(reading, OK)
        self.joined(self)

    async def _server_time(self, reading: Reading) -> None:
        self._answer(reading, encode.SERVER_TIME, encode.server_time(self.clock.now()))

    async def _send_again(self, reading: Reading) -> None:
        """0x0005 (2019): the terminal missed packages of our last long message."""
        if self.device is None or self.device.number != reading.sender:
            await self._refuse(reading)
            return
        body = reading.fields["body"]
        first, frames = self._cut or (-1, ())
        if body.get("orig_serial") == first:
            for index in dict.fromkeys(body["indexes"]):
                if 1 <= index <= len(frames):
                    self.write(frames[index - 1])

    async def _refuse(self, reading: Reading) -> None:
        """Answer "failed" to a terminal that has not proved who it is; nothing of it is believed."""
        REFUSED.labels(FAMILY, "not_authenticated").inc()
        self.refusals += 1
        if self.refusals == 1:
            await self.register.quarantine(FAMILY, reading.sender, reading.raw)
        self._ack(reading, FAILED)

    async def _dismiss(self, reading: Reading) -> None:
        """Refuse a terminal that was switched off or unpinned while it was connected; the line is cut."""
        REFUSED.labels(FAMILY, "switched_off").inc()
        await self.register.quarantine(FAMILY, reading.sender, reading.raw)
        self.refusals = MAX_REFUSALS
        self._ack(reading, FAILED)

    async def _message(self, reading: Reading) -> None:
        device = await self.register.find(FAMILY, reading.sender)
        if device is None or self.device is None or _who(device) != _who(self.device):
            await self._dismiss(reading)
            return
        self.device = device  # its team or place may have changed meanwhile
        self.questions.hear(reading)
        for receipt in (s for s in reading.signals if isinstance(s, Receipt)):
            ref = (self._refs or {}).get(receipt.ref, receipt.ref)
            await self.pump.hear_receipt(CHANNEL, ref, receipt, device.id)
        stored = await self._believe(device, reading)
        if reading.kind == _ACKS_OF_TERMINALS:
            return  # an acknowledgement is not acknowledged
        if stored is None:
            self._ack(reading, _judge(reading))
        else:
            stored.add_done_callback(lambda done: self._ack_stored(done, reading))

    async def _believe(self, device: DeviceFact, reading: Reading) -> asyncio.Future[None] | None:
        """Take in what a report is to be believed of; one not stored was not heard, and is repeated."""
        memory = self.remember(device.id)
        troubles = dict(memory.troubles) if memory.troubles else None
        health_at = memory.health_at
        believed = memory.hear(reading, self.clock.now())
        try:
            return await self.pump.hear(device, believed, FAMILY)
        except Exception:
            memory.troubles, memory.health_at = troubles, health_at
            raise

    def _ack_stored(self, stored: asyncio.Future[None], reading: Reading) -> None:
        """Answer after the commit; what was not stored is not answered, the recorder has logged why."""
        if not self._closed and not stored.cancelled() and stored.exception() is None:
            self._ack(reading, OK)

    def _ack(self, reading: Reading, result: int) -> None:
        msg_id = int(reading.kind, 16)
        ack = encode.platform_ack(reading.fields["serial"], msg_id, result)
        self._answer(reading, encode.PLATFORM_ACK, ack)

    def _answer(self, reading: Reading, msg_id: int, body: bytes) -> None:
        """Answer whoever sent the reading, in its own layout."""
        serial = self._take_serials(encode.packages(body))
        self.write(encode.encode(msg_id, body, to=Terminal.of(reading.fields), serial=serial))

    def _take_serials(self, count: int) -> int:
        first = self._serial
        self._serial = (self._serial + count) & 0xFFFF
        return first


def _who(device: DeviceFact) -> tuple[int, str | None]:
    """Tell a device and the terminal its number is pinned to apart from any other."""
    return device.id, device.terminal_id


def _judge(reading: Reading) -> int:
    """Return the result for a message without a position: what we cannot read is not "ok"."""
    if int(reading.kind, 16) not in KNOWN_MESSAGES:
        return UNSUPPORTED
    return BAD if reading.fields["body"].keys() == {"body_hex"} else OK


_STEPS: dict[str, Callable[[Jt808Session, Reading], Awaitable[None]]] = {
    "0x0100": Jt808Session._register,  # noqa: SLF001  the table of this class
    "0x0102": Jt808Session._authenticate,  # noqa: SLF001
    "0x0004": Jt808Session._server_time,  # noqa: SLF001
    "0x0005": Jt808Session._send_again,  # noqa: SLF001
}
