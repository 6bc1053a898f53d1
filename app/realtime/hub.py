"""The screens of this process: each gets what its audience may see, in order, once.

A row is encoded and framed once, chosen once per audience, and the same bytes are written to every
screen of that audience. Between a screen's last page of catching up and its first live row nothing is
awaited, so no row can fall between or come twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app import tracing
from app.background import alongside
from app.clock import Clock
from app.db import Database
from app.dispatch.secrecy.sealed import NOTHING
from app.org.rules.access import Viewer
from app.realtime.alike import Alike
from app.realtime.audience import Audience, visible
from app.realtime.connection import Connection
from app.realtime.feed import Feed
from app.realtime.frames import frame
from app.realtime.messages import Head, Resync
from app.realtime.metrics import EVENT_PUSHED, seconds_since
from app.realtime.pace import DATABASE_TROUBLE, Pace, steadily
from app.realtime.ring import Framed
from app.realtime.session import NOT_LOGGED_IN, TRY_LATER, Limits, Output, Send, Session

_LIMITS = Limits()
_PACE = Pace()


@dataclass(eq=False, slots=True)
class Screen:
    """One open WebSocket: who looks, what they may see, the way there."""

    viewer: Viewer
    audience: Audience
    session: Session
    connection: Connection


@dataclass(frozen=True, slots=True)
class Health:
    """The floor's state, for `/metrics` and `/api/health`."""

    cursor: int
    head: int
    lag: int  # rows committed that this process has not passed on, as far as it knows
    read_age_s: float  # since the journal was last read: grows while the database is lost
    listening: bool  # False: only the poll finds new rows
    screens: int
    audiences: int
    slow_dropped: int
    positions_skipped: int


class Hub:
    """Reads the journal through its `feed` and writes to the screens that joined."""

    def __init__(
        self, database: Database, stream: str, clock: Clock, *, limits: Limits = _LIMITS, pace: Pace = _PACE
    ) -> None:
        self.limits = limits
        self.pace = pace
        self.feed = Feed(database, stream, ring_rows=limits.ring_rows, pace=pace)
        self.slow_dropped = 0
        self.positions_skipped = 0
        self._database = database
        self._clock = clock
        self._live: dict[Audience, set[Screen]] = {}
        self._newcomers: set[Screen] = set()
        self._alike = Alike()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Hub]:
        """Follow the journal while the block lasts. Raises when the database cannot be read at the start."""
        await self.feed.open()
        self._database.listeners.append(self.feed.hand)
        try:
            async with alongside(
                steadily(self.pass_on, 0, self.pace),
                steadily(self.feed.listen, 0, self.pace),
                steadily(self._beat_later, 0, self.pace),
            ):
                yield self
        finally:
            self._database.listeners.remove(self.feed.hand)

    def screen(self, viewer: Viewer, after: int | None, connection: Connection) -> Screen:
        """Prepare a screen; it gets nothing before `join`."""
        return Screen(viewer, Audience.of(viewer), Session(after, self.limits), connection)

    async def join(self, screen: Screen) -> bool:
        """Greet a screen, bring it up to date and let it take part; False when it was sent away."""
        session = screen.session
        try:
            async with asyncio.timeout(self.limits.drain_s):
                await self.feed.reaches(session.cursor)
            outputs = session.open(self.feed.cursor, self._clock.now())
            sealed = await self.feed.sealed() if session.cursor != self.feed.cursor else NOTHING
            while not session.closed and session.cursor != self.feed.cursor:
                page = await self.feed.page(session.cursor, self.limits.page_rows)
                outputs += session.catch_up(page, screen.audience, sealed, self._alike)
                if session.cursor < self.feed.cursor:
                    await self._send_page(screen, outputs)
                    outputs = []
        except DATABASE_TROUBLE:
            outputs = session.close(TRY_LATER, "no database")
        self._apply(screen, outputs)
        if session.closed:
            return False
        self._live.setdefault(screen.audience, set()).add(screen)
        self._newcomers.add(screen)
        return True

    def leave(self, screen: Screen) -> None:
        """Forget a screen, whether or not it had joined."""
        screen.session.closed = True
        self._newcomers.discard(screen)
        screens = self._live.get(screen.audience)
        if screens is not None:
            screens.discard(screen)
            if not screens:
                del self._live[screen.audience]

    def hear(self, screen: Screen, message: str | bytes) -> bool:
        """Answer what the screen said; False when the conversation is over."""
        self._apply(screen, screen.session.received(message, time.monotonic()))
        return not screen.session.closed

    def dismiss(self, screen: Screen, code: int, reason: str) -> None:
        """Close one screen."""
        self._apply(screen, screen.session.close(code, reason))
        self.leave(screen)

    def resync(self, screen: Screen, message: Resync) -> None:
        """Send one screen to the snapshot."""
        self._apply(screen, screen.session.resync(message))
        self.leave(screen)

    def disconnect(self, account_id: int) -> None:
        """Close every screen of an account that may no longer look, and of the tokens it made."""
        for screen in self.screens():
            if account_id in (screen.viewer.account_id, screen.viewer.maker_id):
                self.dismiss(screen, NOT_LOGGED_IN, "login ended")

    def ask_again(self, account_id: int) -> None:
        """Let every screen of an account connect anew: one of its logins has ended, the others hold."""
        for screen in self.screens():
            if screen.viewer.account_id == account_id:
                self.dismiss(screen, TRY_LATER, "a login of this account has ended")

    def screens(self) -> list[Screen]:
        """Return the screens that joined."""
        return [screen for screens in self._live.values() for screen in screens]

    def audiences(self) -> list[Audience]:
        """Return the audiences somebody belongs to now."""
        return list(self._live)

    async def pass_on(self) -> None:
        """Wait for new rows and pass them on; when the journal went back, everybody starts over."""
        rows = await self.feed.next()
        if rows is None:
            for screen in self.screens():
                self.resync(screen, Resync(reason="too_far_behind"))
        elif rows:
            with tracing.pushed(((row.stream, row.seq) for row in rows), screens=len(self.screens())):
                self.deliver(rows)
            if rows[0].at is not None:
                EVENT_PUSHED.observe(seconds_since(rows[0].at, self._clock.now()))

    def deliver(self, rows: Sequence[Framed]) -> None:
        """Write rows that follow the cursor to every screen whose audience may see them.

        What is for named readers is asked of each screen: equal audiences may be named differently.
        Whoever was locked out meanwhile loses his screens: every node hears of it here.
        """
        named = any(row.concern.readers for row in rows)
        for audience, screens in list(self._live.items()):
            for group in [{screen} for screen in screens] if named else [screens]:
                whom = next(iter(group)).audience if named else audience
                frames = b"".join([row.frame_for(whom) for row in rows if visible(whom, row)])
                if frames:
                    self._write_facts(group, frames)
        for row in rows:
            if row.locked_out is not None:
                self.disconnect(row.locked_out)
            if row.asks_again is not None:
                self.ask_again(row.asks_again)

    def beat(self) -> None:
        """Tell every screen how far it is."""
        message = frame(Head(seq=self.feed.cursor, at=self._clock.now()).model_dump_json())
        for screens in list(self._live.values()):
            self._write_facts(screens, message)

    def take_newcomers(self) -> dict[Audience, list[Screen]]:
        """Return the screens that joined since the last call."""
        newcomers: dict[Audience, list[Screen]] = {}
        for screen in self._newcomers:
            newcomers.setdefault(screen.audience, []).append(screen)
        self._newcomers.clear()
        return newcomers

    def show(self, audience: Audience, frames: bytes, only: Iterable[Screen] | None = None) -> None:
        """Write telemetry to an audience; who has too much pending goes without until the next time."""
        most = self.limits.positions_pending
        for screen in self._live.get(audience, ()) if only is None else only:
            if screen.connection.pending() > most:
                self.positions_skipped += 1
            else:
                screen.connection.write(frames)

    def lag(self) -> int:
        """Return how many committed rows are known but not passed on yet."""
        return self.feed.head - self.feed.cursor

    def health(self) -> Health:
        """Return the floor's state."""
        return Health(
            cursor=self.feed.cursor,
            head=self.feed.head,
            lag=self.lag(),
            read_age_s=time.monotonic() - self.feed.read_at_s,
            listening=self.feed.listening,
            screens=sum(map(len, self._live.values())),
            audiences=len(self._live),
            slow_dropped=self.slow_dropped,
            positions_skipped=self.positions_skipped,
        )

    def _write_facts(self, screens: Iterable[Screen], frames: bytes) -> None:
        most = self.limits.events_pending
        slow = []
        for screen in screens:
            if screen.connection.pending() > most:
                slow.append(screen)
            else:
                screen.connection.write(frames)
        for screen in slow:
            self._drop(screen)

    async def _send_page(self, screen: Screen, outputs: Iterable[Output]) -> None:
        self._apply(screen, outputs)
        try:
            async with asyncio.timeout(self.limits.drain_s):
                await screen.connection.drained()
        except TimeoutError:
            self._drop(screen)

    def _drop(self, screen: Screen) -> None:
        self.slow_dropped += 1
        self.dismiss(screen, TRY_LATER, "too slow")

    async def _beat_later(self) -> None:
        await asyncio.sleep(self.pace.heartbeat_s)
        self.beat()

    @staticmethod
    def _apply(screen: Screen, outputs: Iterable[Output]) -> None:
        frames = b"".join([output.frames for output in outputs if isinstance(output, Send)])
        if frames:
            screen.connection.write(frames)
        for output in outputs:
            if not isinstance(output, Send):
                screen.connection.close(output.code, output.reason)
