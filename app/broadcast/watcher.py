"""The clock of broadcasts: what is due leaves, what is over or replaced ends, signatures are asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from app.background import Lookout
from app.broadcast.actions import stopping
from app.broadcast.actions.approving import ask_for_signature
from app.broadcast.actions.issuing import issue
from app.broadcast.actions.settling import GRACE, settle
from app.broadcast.actions.telling import tell
from app.broadcast.settings import LEAD, BroadcastTerms
from app.broadcast.store import messages, outgoing
from app.clock import Clock
from app.db import Database, Tx
from app.refusals import Refusal

log = structlog.get_logger()
LOOK_EVERY_S = 1.0


class BroadcastWatch(Lookout):
    """Runs on every node; the rows' locks see to it that each thing is done once."""

    def __init__(self, database: Database, clock: Clock, stream: str, terms: BroadcastTerms) -> None:
        super().__init__("broadcasts", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._terms = terms

    async def look(self) -> int:
        """Do what is due now, a transaction each; return how many sheets were looked at."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            due = await messages.due(tx, self._stream, now, now + LEAD, now - GRACE)
            replaced = await outgoing.replaced(tx, self._stream)
        for message_id in due:
            await self._apart(message_id, lambda tx, at=message_id: self._step(tx, at, now))  # type: ignore[misc]
        for one in replaced:
            await self._apart(one.old_id, lambda tx, at=one: self._replace(tx, at, now))  # type: ignore[misc]
        return len(due) + len(replaced)

    async def _apart(self, message_id: int, work: Callable[[Tx], Awaitable[None]]) -> None:
        try:
            async with self._database.transaction() as tx:
                await work(tx)
        except Exception as error:  # one that is stuck must not hold up the others
            log.error("broadcast_stuck", message=message_id, exc_info=error)

    async def _replace(self, tx: Tx, one: outgoing.Replaced, now: datetime) -> None:
        await stopping.replace(tx, one.old_id, one.new_id, one.peers, now, self._terms)

    async def _step(self, tx: Tx, message_id: int, now: datetime) -> None:
        row = await messages.held(tx, message_id)
        if row is None:
            return
        if row.reask_at is not None and row.reask_at <= now:
            await ask_for_signature(tx, row, now)
        if row.state in ("draft", "submitted", "returned", "approved") and row.end_at <= now:
            if not row.scope.get("floating"):
                row.state = "expired"
                await tell(tx, row, "broadcast.expired", now)
        elif row.state == "approved" and row.start_at <= now + LEAD:
            try:
                async with tx.begin_nested():
                    await issue(tx, row, now, self._terms)
            except Refusal as refusal:  # no platform is there any more: somebody must know
                row.state, row.stop_reason = "expired", refusal.zh
                await tell(tx, row, "broadcast.undelivered", now, None, refusal.zh)
        else:
            await settle(tx, row, now)
