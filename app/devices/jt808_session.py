"""The conversation with one JT/T 808 terminal (protocols/beidou.md §5.5): who it is, what it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.clock import Clock
from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Terminal, encode
from app.devices.metrics import REFUSED
from app.devices.pump import Pump
from app.devices.register import Register
from app.org.store import DeviceFact
from app.signals import Receipt

OK, FAILED, UNSUPPORTED = 0, 1, 3
MAX_REFUSALS = 5  # unauthenticated frames before the line is cut
FAMILY = "jt808"
CHANNEL = "jt808"
_ACKS_OF_TERMINALS = "0x0001"

Write = Callable[[bytes], None]


@dataclass(eq=False)
class Jt808Session:
    """One connection. `write` sends bytes; `joined` is told once the terminal has proved who it is."""

    register: Register
    pump: Pump
    clock: Clock
    write: Write
    joined: Callable[[Jt808Session], None]
    device: DeviceFact | None = None
    terminal: Terminal | None = None
    refusals: int = 0
    _serial: int = 0
    _refs: dict[str, str] = field(default_factory=dict)  # serials of the last cut message → its reference
    _pending: set[asyncio.Task[None]] = field(default_factory=set)

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
        # Some terminals answer each package, some the last, some the message as a whole by the first.
        self._refs = {str((serial + at) & 0xFFFF): str(serial) for at in range(count)}
        return str(serial), encode.encode(msg_id, body, to=self.terminal, serial=serial)

    def close(self) -> None:
        """Give up what still waits for a commit: the terminal was not answered and will repeat."""
        for task in self._pending:
            task.cancel()

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
        self.refusals = 0
        self._ack(reading, OK)
        self.joined(self)

    async def _server_time(self, reading: Reading) -> None:
        self._answer(reading, encode.SERVER_TIME, encode.server_time(self.clock.now()))

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
        for receipt in (s for s in reading.signals if isinstance(s, Receipt)):
            ref = self._refs.get(receipt.ref, receipt.ref)
            await self.pump.hear_receipt(CHANNEL, ref, receipt, device.id)
        stored = await self.pump.hear(device, reading, FAMILY)
        if reading.kind == _ACKS_OF_TERMINALS:
            return  # an acknowledgement is not acknowledged
        if stored is None:
            self._ack(reading, UNSUPPORTED if "body_hex" in reading.fields["body"] else OK)
            return
        task = asyncio.create_task(self._ack_when(stored, reading))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _ack_when(self, stored: asyncio.Future[None], reading: Reading) -> None:
        try:
            await asyncio.shield(stored)
        except Exception:  # noqa: BLE001  not stored, so not answered; the recorder has logged why
            return
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


_STEPS: dict[str, Callable[[Jt808Session, Reading], Awaitable[None]]] = {
    "0x0100": Jt808Session._register,  # noqa: SLF001  the table of this class
    "0x0102": Jt808Session._authenticate,  # noqa: SLF001
    "0x0004": Jt808Session._server_time,  # noqa: SLF001
}
