"""The gateway's satellite phone: texts both ways, calls, signal; heard by the centre's own driver."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog

from app.background import alongside
from app.clock import Clock
from app.delivery.rules import SLOW_FEEDBACK_LIMITS
from app.devices.adapters.payload import sanitise
from app.devices.adapters.sms_pdu import receipt
from app.devices.adapters.sms_pdu_message import Concat, Message
from app.devices.adapters.sms_pdu_write import split, submit, validity_of
from app.devices.inbox import kept
from app.devices.links.serial import LinkLost, SerialLink
from app.devices.modem import Modem
from app.devices.satphone.driver import SatellitePhone
from app.devices.satphone.numbers import FAMILY, dialled, spellings
from app.devices.satphone.outbox import CHANNEL, RETRY_AFTER, outcome_of, send_command
from app.gateway.core import Core
from app.gateway.directory import Everybody
from app.gateway.keeper import EdgeBench, EdgeKeeper
from app.gateway.outbox import Outbox, Sending, words_of
from app.gateway.store import Store, Task

log = structlog.get_logger()
TICK_S = 0.5


class EdgeSms:
    """The outgoing texts of one phone.

    A command's note holds the phone and the network's reference of each part that was taken; one that the
    far phone reported is starred: `satphone:/dev/ttyUSB1#12*,13`. It outlives the command by a day.
    """

    def __init__(self, core: Core, store: Store, clock: Clock, country: str, name: str) -> None:
        self._name = name
        self._core = core
        self._store = store
        self._clock = clock
        self._country = country
        patience = SLOW_FEEDBACK_LIMITS[CHANNEL]
        self._outbox = Outbox(core, FAMILY, clock.now, patience=patience, rest=RETRY_AFTER)

    def look(self) -> None:
        """Deal with what ran out of time, also while the phone is away."""
        self._outbox.settle()

    async def send_next(self, modem: Modem) -> bool:
        """Send the next part that waits; False if there was none. Raises LinkLost."""
        sending = next(iter(self._outbox.leaving(lambda _: self._name, _cut)), None)
        if sending is None:
            return False
        if sending.at == 0 and sending.attempt == 0:  # begun before the gateway was started again
            sending.at = min(len(_references(self._name, sending.task.note)), len(sending.parts) - 1)
        pdu = self._pdu(sending)
        sending.submit("", self._clock.now())
        try:
            answer = await modem.ask(send_command(pdu))
        except LinkLost:
            self._outbox.failed(sending, "link_lost", again=True)
            raise
        if answer.ok:
            await self._accepted(sending, answer.value())
        else:
            outcome = outcome_of(answer)
            self._outbox.failed(sending, outcome.reason, again=outcome.retry_after is not None)
        return True

    async def reported(self, message: Message) -> None:
        """Let a status report move the text it belongs to; a report on nothing of ours changes nothing."""
        told = receipt(message)
        ways = {message.number.removeprefix("+"), *spellings(message.number, self._country)}
        for task in self._store.noted(FAMILY):
            refs = _references(self._name, task.note)
            if told.ref in refs and ways & {task.device, *spellings(task.device, self._country)}:
                if told.stage == "failed":
                    self._core.finish(task, "failed", told.reason)
                elif told.stage == "delivered":
                    self._arrived(task, [f"{ref}*" if ref == told.ref else ref for ref in refs])
                return

    def _arrived(self, task: Task, refs: list[str]) -> None:
        """Every part has reached the far phone: the text has."""
        with self._core.together():
            self._store.write_note(task.id, f"{self._name}#{','.join(refs)}")
            whole = len(refs) == len(_cut(task, words_of(task)))
            if whole and all(ref.endswith("*") for ref in refs):
                self._core.finish(task, "ok", delivered=True)

    async def _accepted(self, sending: Sending, ref: str) -> None:
        """Keep the network's reference of this part; without one its arrival will not be known."""

        async def note() -> None:
            refs = _references(self._name, self._store.note_of(sending.task.id))
            kept_refs = [*refs[: sending.at], ref if ref.isdecimal() else "?"]
            self._store.write_note(sending.task.id, f"{self._name}#{','.join(kept_refs)}")

        await kept(note)
        if self._outbox.accepted(sending):
            self._outbox.ended(sending, "ok")

    def _pdu(self, sending: Sending) -> bytes:
        task, count = sending.task, len(sending.parts)
        number = zlib.crc32(task.id.encode()) & 0xFF  # the same after a restart: the parts still fit
        concat = Concat(number, count, sending.at + 1, 8) if count > 1 else None
        content = split(sanitise(words_of(task)))[sending.at]
        validity = validity_of(task.expires_at - self._clock.now())
        return submit(dialled(task.device), content, concat=concat, validity=validity)


class EdgePhone:
    """One satellite phone on a serial line of the gateway."""

    family = FAMILY
    channel = FAMILY

    def __init__(self, link: SerialLink, core: Core, store: Store, clock: Clock, country: str) -> None:
        self._texts = EdgeSms(core, store, clock, country, f"{FAMILY}:{link.url}")
        self._keeper = EdgeKeeper(core, FAMILY, once=True)
        bench = EdgeBench(clock, Everybody(), self._keeper)
        self.driver = SatellitePhone(link, bench, lambda _: self._texts, country)
        self.name = self.driver.name

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EdgePhone]:
        """Serve the phone while the block lasts."""
        async with self._keeper.running(), self.driver.running(), alongside(self._send()):
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of cable, phone and network."""
        return self.driver.health()

    async def _send(self) -> None:
        while True:
            self._texts.look()
            await self.driver.send_waiting()
            await asyncio.sleep(TICK_S)


def ways_of(country: str, device: str) -> tuple[str, ...]:
    """Return the ways in which a telephone may be written here, for a command's number and a caller's."""
    return tuple(dict.fromkeys((device, *spellings(device, country), *spellings(f"+{device}", country))))


def _cut(task: Task, text: str) -> Sequence[str]:
    """Make parts of a text. Raises ValueError for what can never be sent."""
    dialled(task.device)
    return [part.text for part in split(sanitise(text))]


def _references(name: str, note: str) -> list[str]:
    phone, _, refs = note.rpartition("#")
    return [ref for ref in refs.split(",") if ref] if phone == name else []
