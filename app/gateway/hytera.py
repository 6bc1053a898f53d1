"""370 MHz radios behind a repeater or a mobile radio on the gateway: heard by the centre's own drivers."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import structlog

from app.background import alongside
from app.clock import Clock
from app.delivery.rules import FEEDBACK_LIMIT
from app.devices.adapters.hdap import FAMILY
from app.devices.adapters.hytera import words
from app.devices.adapters.hytera.frame import TMP
from app.devices.hytera.links import CableLink, Habits, RepeaterLink
from app.devices.hytera.mobile import MobileRadio
from app.devices.hytera.radios import Network, Radios
from app.devices.hytera.repeater import Repeater
from app.devices.hytera.texts import AGAIN_AFTER, NUMBERS, PASSING
from app.gateway.core import Core
from app.gateway.directory import Everybody
from app.gateway.keeper import EdgeBench, EdgeKeeper
from app.gateway.outbox import Outbox, Sending
from app.gateway.store import Task
from app.signals import Receipt

log = structlog.get_logger()
TICK_S = 0.5


class EdgeTexts:
    """The outgoing texts of one link: one under way a slot, ended when the far radio has answered."""

    def __init__(self, core: Core, clock: Clock, name: str, habits: Habits, network: Network) -> None:
        self._name = name
        self._habits = habits
        self._network = network
        self._clock = clock
        self._outbox = Outbox(core, name, clock.now, patience=FEEDBACK_LIMIT, rest=AGAIN_AFTER)

    async def send_waiting(self, radios: Radios) -> None:
        """Send what waits for the radios of this link and can leave now."""
        for sending in self._outbox.leaving(partial(self._reach, radios), self._cut):
            slot = radios.slot_of(sending.task.device)
            frame = self._frame(sending, radios.our_id)
            ref = f"{self._name}:{_request(sending)}"
            sending.submit(ref, self._clock.now())
            self._network.send(TMP, slot, frame, ref)

    async def hear(self, receipt: Receipt) -> None:
        """Let an answer move its text: the equipment's (with our own reference) or the radio's."""
        by_equipment = receipt.ref.startswith(f"{self._name}:")
        ref = receipt.ref if by_equipment else f"{self._name}:{int(receipt.ref) % NUMBERS}"
        sending = self._outbox.by_ref(ref)
        if sending is None:
            return
        last = sending.at + 1 == len(sending.parts)
        if receipt.stage == "failed":
            self._outbox.failed(sending, receipt.reason, again=receipt.reason in PASSING)
        elif by_equipment and self._habits.ack:
            sending.taken = True  # whether the radio has it, the radio says
        elif self._outbox.accepted(sending):
            self._outbox.ended(sending, "ok", delivered=last and not by_equipment)

    def _reach(self, radios: Radios, task: Task) -> str | None:
        slot = radios.slot_of(task.device)
        return f"slot{slot}" if self._network.ready(TMP, slot) else None

    def _cut(self, task: Task, text: str) -> Sequence[str]:
        """Make parts of a text. Raises ValueError for what can never be sent."""
        if not 0 < int(task.device.removeprefix("g")) < NUMBERS:
            raise ValueError("no_radio")
        return words.segment(text, self._habits.chars)

    def _frame(self, sending: Sending, source: int) -> bytes:
        write = words.group_text if sending.task.device.startswith("g") else words.private_text
        number = int(sending.task.device.removeprefix("g"))
        return write(_request(sending), number, source, sending.part, subnet=self._habits.subnet)


class EdgeRadios:
    """One repeater or mobile radio of the setting `hytera_links`, with the radios behind it."""

    family = FAMILY

    def __init__(self, link: CableLink | RepeaterLink, core: Core, clock: Clock) -> None:
        place = link.line.url if isinstance(link, CableLink) else link.host
        self.name = self.channel = f"hytera:{place}"
        self._keeper = EdgeKeeper(core, self.channel, once=True)
        bench = EdgeBench(clock, Everybody(), self._keeper)
        texts = partial(EdgeTexts, core, clock)
        self.driver: MobileRadio | Repeater = (
            MobileRadio(link, bench, texts) if isinstance(link, CableLink) else Repeater(link, bench, texts)
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EdgeRadios]:
        """Serve the link while the block lasts."""
        async with self._keeper.running(), self.driver.running(), alongside(self._send()):
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of the link and of its radios."""
        return self.driver.health()

    async def _send(self) -> None:
        while True:
            try:
                await self.driver.send_waiting()
            except Exception as error:  # the next look may go better
                log.error("gateway_cannot_send", driver=self.name, error=repr(error), exc_info=error)
            await asyncio.sleep(TICK_S)


def _request(sending: Sending) -> int:
    """Return the number of a part on the air: the same after a restart and for a second try."""
    return zlib.crc32(f"{sending.task.id}:{sending.at}".encode()) % NUMBERS
