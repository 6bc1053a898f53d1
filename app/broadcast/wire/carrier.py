"""Carries what leaves: messages of the outbox first, then packets that are owed; takes up what came in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Self

import structlog
from pydantic import ValidationError

from app.background import Handful, Lookout, Turn, always
from app.broadcast import ports
from app.broadcast.wire.actions import asking, processing, sending
from app.broadcast.wire.actions.sending import Ready
from app.broadcast.wire.post import Receipt, post
from app.broadcast.wire.rules.trouble import Trouble, trouble_words
from app.broadcast.wire.store import errands, packets
from app.broadcast.wire.terms import WireTerms
from app.clock import Clock
from app.db import Database

log = structlog.get_logger()
LOOK_EVERY_S, AT_ONCE, ERRANDS_AT_ONCE, TAKEN_UP = 1.0, 32, 8, 50
TRIES, CLEAN_EVERY = 3, timedelta(hours=1)


class Carrier(Lookout):
    """Runs on every node. A message never waits behind the errands of a platform that is away."""

    def __init__(self, database: Database, clock: Clock, stream: str, terms: WireTerms) -> None:
        super().__init__("broadcast_wire", LOOK_EVERY_S)
        self._database, self._clock, self._stream, self._terms = database, clock, stream, terms
        self._messages, self._errands = Handful(AT_ONCE), Handful(ERRANDS_AT_ONCE)
        self._busy: set[int] = set()
        self._failed: dict[int, int] = {}
        self._cleaned: datetime | None = None

    @asynccontextmanager
    async def running(self, turn: Turn = always) -> AsyncIterator[Self]:
        """Look while the block lasts; what is on its way at the end is tried again after a restart."""
        async with self.attended(), super().running(turn):
            yield self

    @asynccontextmanager
    async def attended(self) -> AsyncIterator[Self]:
        """Hold what is on its way while the block lasts, for one who looks by himself."""
        async with self._messages.held(), self._errands.held():
            yield self

    async def look(self) -> int:
        """Begin what is due, then take up what came in. Return how many packets began their way."""
        now = self._clock.now()
        began = 0
        if self._messages.room:
            async with self._database.transaction() as tx:
                taken = await ports.take_handovers(tx, self._stream, now, self._messages.room)
                due = [(row.id or 0, row.peer_id, dict(row.payload)) for row in taken]
            for handover_id, peer_id, payload in due:
                self._messages.begin(self._guarded(self._hand_over(handover_id, peer_id, payload)))
                began += 1
        async with self._database.transaction() as tx:
            await asking.ask(tx, self._stream, now)
        async with self._database.transaction() as tx:
            owed = await errands.due(tx, self._stream, now, self._busy, self._errands.room)
        for errand_id, peer_id in owed[: self._errands.room]:
            self._busy.add(peer_id)
            self._errands.begin(self._guarded(self._run(errand_id, peer_id)))
            began += 1
        await self.take_up()
        await self._clean(now)
        return began

    async def take_up(self) -> int:
        """Do what the packets that came in ask for, each in a transaction of its own. Return how many."""
        async with self._database.transaction() as tx:
            waiting = await packets.waiting(tx, self._stream, TAKEN_UP)
        for packet_id in waiting:
            await self._take_up(packet_id)
        return len(waiting)

    async def settled(self) -> None:
        """Wait until every packet that has begun its way has come to its end."""
        await self._messages.settled()
        await self._errands.settled()

    def health(self) -> dict[str, object]:
        """Return how the rounds go and what is on its way; keys that cannot be read degrade the house."""
        facts = super().health()
        trouble = self._terms.keys.trouble
        return {
            **facts,
            "ok": bool(facts["ok"]) and not trouble,
            "on_their_way": len(self._messages) + len(self._errands),
            "trouble": trouble,
        }

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("broadcast_packet_failed")  # its lease runs out, then it is tried again

    async def _hand_over(self, handover_id: int, peer_id: int, payload: dict[str, Any]) -> None:
        now = self._clock.now()
        try:
            told = ports.Payload.model_validate(payload)
            async with self._database.transaction() as tx:
                ready = await sending.pack_handover(
                    tx, self._stream, self._terms, handover_id, peer_id, told, now
                )
        except (Trouble, ValidationError) as error:
            trouble = error if isinstance(error, Trouble) else Trouble("cannot_write", str(error)[:300])
            await self._not_packed(handover_id, trouble)
            return
        came = await self._post(ready)
        async with self._database.transaction() as tx:
            outcome = await sending.note_handover(tx, self._stream, ready, came, self._clock.now())
        log.info("broadcast_handed_over", handover=handover_id, peer=peer_id, outcome=outcome)

    async def _not_packed(self, handover_id: int, trouble: Trouble) -> None:
        zh, en = trouble_words(trouble.code, trouble.detail)
        outcome: ports.Outcome = "refused" if trouble.final else "failed"
        log.warning("broadcast_not_packed", handover=handover_id, trouble=trouble.code, detail=trouble.detail)
        async with self._database.transaction() as tx:
            await ports.note_handover(tx, handover_id, outcome, f"{zh} / {en}", self._clock.now())

    async def _run(self, errand_id: int, peer_id: int) -> None:
        try:
            try:
                async with self._database.transaction() as tx:
                    ready = await sending.pack_errand(
                        tx, self._stream, self._terms, errand_id, self._clock.now()
                    )
            except Trouble as trouble:
                async with self._database.transaction() as tx:
                    await sending.note_unpacked(tx, errand_id, trouble, self._clock.now())
                return
            if ready is None:
                return
            came = await self._post(ready)
            async with self._database.transaction() as tx:
                await sending.note_errand(tx, self._stream, ready, came, self._clock.now())
        finally:
            self._busy.discard(peer_id)

    async def _post(self, ready: Ready) -> Receipt | Trouble:
        try:
            return await post(ready.manners, ready.parcel, self._terms.tls(), self._terms.within_s)
        except Trouble as trouble:
            log.warning("broadcast_no_receipt", peer=ready.manners.code, trouble=trouble.code)
            return trouble

    async def _take_up(self, packet_id: int) -> None:
        try:
            async with self._database.transaction() as tx:
                await processing.process(tx, self._stream, packet_id, self._clock.now())
            self._failed.pop(packet_id, None)
        except Exception as error:
            log.exception("broadcast_packet_not_taken_up", packet=packet_id)
            self._failed[packet_id] = self._failed.get(packet_id, 0) + 1
            if self._failed[packet_id] >= TRIES:
                with suppress(Exception):  # the database may be away: it stays waiting
                    async with self._database.transaction() as tx:
                        await processing.give_up(tx, packet_id, f"{type(error).__name__}: {error}")
                    self._failed.pop(packet_id, None)

    async def _clean(self, now: datetime) -> None:
        if self._cleaned is not None and now - self._cleaned < CLEAN_EVERY:
            return
        self._cleaned = now
        async with self._database.transaction() as tx:
            await packets.old_ones_go(tx, self._stream, now - self._terms.keep, 1_000)
