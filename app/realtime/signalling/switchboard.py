"""Passes on what screens of a meeting signal to each other, across nodes, and keeps the clock of meetings.

A message waits in an unlogged table for the one screen it is addressed to; an empty NOTIFY is a hint to look,
the poll is the promise. The node at which that screen sits takes it away and writes it: nobody else sees it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Self

from app.background import Lookout, Turn, alongside, always
from app.clock import Clock
from app.db import Database
from app.dispatch.meeting import rules
from app.dispatch.meeting.actions import clock as by_clock
from app.dispatch.meeting.actions import taking_part
from app.dispatch.meeting.messages import Over
from app.dispatch.meeting.store import meetings as store
from app.dispatch.meeting.store import peers
from app.realtime.connection import Connection
from app.realtime.frames import frame
from app.realtime.pace import Pace, steadily
from app.realtime.session import DONE, TRY_LATER
from app.realtime.signalling.talk import LIMITS

LOOK_EVERY_S = 5.0
SIGNALS_KEPT = timedelta(seconds=60)
_OVER = '{"type":"over"'
_PACE = Pace()


class Switchboard(Lookout):
    """The screens of meetings at this node."""

    def __init__(self, database: Database, clock: Clock, stream: str, pace: Pace = _PACE) -> None:
        super().__init__("meetings", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._pace = pace
        self._here: dict[str, Connection] = {}
        self._hint = asyncio.Event()

    @asynccontextmanager
    async def running(self, turn: Turn = always) -> AsyncIterator[Self]:
        """Pass on and look while the block lasts."""
        passing = alongside(
            steadily(self._pass_on_next, 0, self._pace), steadily(self._listen, 0, self._pace)
        )
        async with passing, super().running(turn):
            yield self

    def sit(self, peer_id: str, connection: Connection) -> None:
        """Note a screen that sits at this node; what waited for it is passed on."""
        self._here[peer_id] = connection
        self._hint.set()

    def rise(self, peer_id: str) -> None:
        """Note that a screen sits here no more."""
        self._here.pop(peer_id, None)

    def wake(self) -> None:
        """Take the hint that something waits."""
        self._hint.set()

    async def look(self) -> None:
        """Say who is here; see to who is silent, whom nobody answers, what is deserted."""
        now = self._clock.now()
        await self._beat()
        async with self._database.transaction() as tx:
            silent = await peers.silent(tx, now - rules.SILENT_FOR)
            await peers.forget_signals(tx, now - SIGNALS_KEPT)
        for peer_id in silent:
            async with self._database.transaction() as tx:
                await taking_part.leave(tx, self._stream, peer_id, now)
        async with self._database.glance() as tx:
            open_ids = await store.open_ids(tx, self._stream)
        for meeting_id in open_ids:
            async with self._database.transaction() as tx:
                await by_clock.look(tx, self._stream, meeting_id, now)
        self.wake()

    async def pass_on(self) -> int:
        """Write what waits for the screens that sit here; return how much it was."""
        if not self._here:
            return 0
        async with self._database.transaction() as tx:
            taken = await peers.take(tx, list(self._here))
        for peer_id, body in taken:
            self._write(peer_id, body)
        return len(taken)

    def health(self) -> dict[str, object]:
        """Return how many take part at this node, and how often looking failed in a row."""
        return self._rounds.health(taking_part=len(self._here))

    def _write(self, peer_id: str, body: str) -> None:
        connection = self._here.get(peer_id)
        if connection is None:
            return
        if connection.pending() > LIMITS.pending_bytes:
            connection.close(TRY_LATER, "too slow")
            self.rise(peer_id)
            return
        connection.write(frame(body))
        if body.startswith(_OVER):
            connection.close(DONE, "over")
            self.rise(peer_id)

    async def _beat(self) -> None:
        """Note who is here. Who was taken for gone meanwhile is told so, and comes again."""
        told = list(self._here)
        if not told:
            return
        async with self._database.transaction() as tx:
            known = await peers.beat(tx, told, self._clock.now())
        await self.pass_on()  # a last word of the others comes first
        for peer_id in set(told) - known:
            self._write(peer_id, Over(reason="lost").model_dump_json())

    async def _pass_on_next(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.poll_s):
                await self._hint.wait()
        self._hint.clear()
        await self.pass_on()

    async def _listen(self) -> None:
        async with self._database.raw() as connection:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(peers.CHANNEL, self._on_notify)
            self.wake()
            try:
                await lost.wait()
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(peers.CHANNEL, self._on_notify)

    def _on_notify(self, *_: object) -> None:
        self.wake()
