"""JT/T 808 terminals that call the gateway by TCP: what they say is kept here, texts go down their lines."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from app.background import alongside
from app.clock import Clock
from app.config import Settings
from app.delivery.rules import FEEDBACK_LIMIT
from app.devices.adapters.jt808 import encode
from app.devices.jt808.memory import TerminalMemory
from app.devices.jt808.session import FAMILY, Jt808Session
from app.devices.links.tcp import Jt808Server
from app.gateway.core import Core, is_number
from app.gateway.directory import AllowedTerminals
from app.gateway.keeper import EdgeKeeper
from app.gateway.outbox import Outbox, Sending
from app.gateway.store import Task
from app.signals import Receipt

log = structlog.get_logger()
TICK_S = 0.5


class EdgeTerminals:
    """Holds the TCP server of the gateway. Raises ValueError for a file of terminals that is none."""

    family = FAMILY
    channel = FAMILY

    def __init__(self, settings: Settings, core: Core, terminals: AllowedTerminals, clock: Clock) -> None:
        self.name = f"{FAMILY}:{settings.jt808_host}:{settings.jt808_port}"
        self._clock = clock
        self._terminals = terminals
        self._keeper = EdgeKeeper(core, FAMILY, self._answered, once=True)
        self._outbox = Outbox(core, FAMILY, clock.now, patience=FEEDBACK_LIMIT)
        self._memories: defaultdict[int, TerminalMemory] = defaultdict(TerminalMemory)
        self.server = Jt808Server(
            settings.jt808_host,
            settings.jt808_port,
            lambda write, joined: Jt808Session(
                terminals, self._keeper, clock, write, joined, self._memories.__getitem__
            ),
            settings.jt808_max_links,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EdgeTerminals]:
        """Listen and send while the block lasts. Raises ValueError for a port that is not to be had."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._keeper.running())
            try:
                await stack.enter_async_context(self.server.running())
            except OSError as error:
                raise ValueError(
                    f"无法在 {self.server.host}:{self.server.port} 监听部标终端 / "
                    f"cannot listen for terminals on {self.server.host}:{self.server.port}: {error}"
                ) from error
            await stack.enter_async_context(alongside(self._run()))
            yield self

    def health(self) -> dict[str, object]:
        """Return how many lines are open and how many terminals have proved themselves."""
        return self.server.health()

    async def tick(self) -> None:
        """Cut who may no longer speak; send the oldest waiting text of each terminal with none under way."""
        if self._terminals.reread():
            await self._cut_strangers()
        for sending in self._outbox.under_way():
            if self._session(sending.task) is not sending.line:
                self._outbox.release(sending)
        for sending in self._outbox.leaving(self._reach, _whole):
            self._send(sending)

    async def _cut_strangers(self) -> None:
        for device_id in self.server.device_ids():
            if await self._terminals.find(FAMILY, str(device_id)) is None:
                self.server.cut(device_id, "no_longer_registered")

    def _session(self, task: Task) -> Jt808Session | None:
        return self.server.session(int(task.device)) if is_number(task.device) else None

    def _reach(self, task: Task) -> str | None:
        """Name the line of a terminal; what is no number is taken anywhere, and refused."""
        return task.device if self._session(task) or not is_number(task.device) else None

    def _send(self, sending: Sending) -> None:
        session = self._session(sending.task)
        if session is None or session.terminal is None:
            return
        ref, frames = session.reserve(
            encode.TEXT, encode.text(sending.part, to=session.terminal, urgent=True)
        )
        sending.submit(f"{int(sending.task.device)}:{ref}", self._clock.now(), session)
        session.write(frames)

    def _answered(self, ref: str, receipt: Receipt) -> None:
        sending = self._outbox.by_ref(ref)
        if sending is None:
            return
        if receipt.stage == "delivered":
            self._outbox.ended(sending, "ok", delivered=True)
        else:
            self._outbox.failed(sending, receipt.reason, again=False)

    async def _run(self) -> None:
        while True:
            try:
                await self.tick()
            except Exception as error:  # the next look may go better
                log.error("gateway_cannot_send", driver=self.name, error=repr(error), exc_info=error)
            await asyncio.sleep(TICK_S)


def _whole(task: Task, words: str) -> Sequence[str]:
    if not is_number(task.device):
        raise ValueError("no_terminal")
    return (words,)
