"""Beats the heart of each link: a ConnectionCheck every 30 s, and whether both ways are alive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self

import structlog

from app.background import Handful, Lookout, Turn, always
from app.broadcast.wire.manners import manners_of
from app.broadcast.wire.parcel import BEATS, Said, parcel
from app.broadcast.wire.post import post
from app.broadcast.wire.rules.link import Heard, LinkState, link_state
from app.broadcast.wire.rules.trouble import Trouble
from app.broadcast.wire.store import wires
from app.broadcast.wire.store.wires import Known
from app.broadcast.wire.terms import WireTerms
from app.clock import Clock
from app.codecs.ebm.packet import time_text
from app.db import Database

log = structlog.get_logger()
LOOK_EVERY_S, AT_ONCE = 1.0, 16


class Heart(Lookout):
    """Runs on every node: a beat that is due is claimed by one."""

    def __init__(self, database: Database, clock: Clock, stream: str, terms: WireTerms) -> None:
        super().__init__("broadcast_links", LOOK_EVERY_S)
        self._database, self._clock, self._stream, self._terms = database, clock, stream, terms
        self._out = Handful(AT_ONCE)
        self._links: dict[str, LinkState] = {}

    @asynccontextmanager
    async def running(self, turn: Turn = always) -> AsyncIterator[Self]:
        """Beat while the block lasts."""
        async with self._out.held(), super().running(turn):
            yield self

    async def look(self) -> int:
        """Begin the beats that are due and look how the links stand. Return how many began."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            due = await wires.due_beats(tx, self._stream, now, self._out.room)
            every = await wires.every(tx, self._stream)
        known = {one.wire.peer_id: one for one in every}
        for peer_id in due:
            self._out.begin(self._beat(known[peer_id]))
        self._see({one.peer.name: state_of(one, now) for one in every if one.peer.active})
        return len(due)

    async def settled(self) -> None:
        """Wait until every beat that has begun was answered or was not."""
        await self._out.settled()

    def health(self) -> dict[str, object]:
        """Return how many platforms there are and which cannot be spoken with both ways."""
        facts = super().health()
        lost = sorted(name for name, state in self._links.items() if state in ("half", "down"))
        return {
            **facts,
            "ok": bool(facts["ok"]) and not lost,
            "platforms": len(self._links),
            "lost": lost[:10],
        }

    async def _beat(self, known: Known) -> None:
        manners, now = manners_of(known.wire), self._clock.now()
        try:
            made = parcel(manners, self._terms.keys, Said(BEATS, {"RptTime": time_text(now)}), 0, now)
            receipt = await post(manners, made, self._terms.tls(), self._terms.within_s)
            if not receipt.taken:
                raise Trouble("refused", f"ResultCode {receipt.result}: {receipt.words}")
        except Trouble as trouble:
            async with self._database.transaction() as tx:
                await wires.failed(tx, manners.peer_id, trouble.code, trouble.detail, self._clock.now())
        except Exception:
            log.exception("broadcast_beat_failed", peer=known.peer.name)
        else:
            async with self._database.transaction() as tx:
                await wires.answered(tx, manners.peer_id, self._clock.now())

    def _see(self, links: dict[str, LinkState]) -> None:
        for name, state in links.items():
            if self._links.get(name) not in (None, state):
                log.warning("broadcast_link", peer=name, link=state, was=self._links[name])
        self._links = links


def state_of(known: Known, now: datetime) -> LinkState:
    """Return how the link to a platform stands."""
    link = known.link
    heard = Heard(link.answered_at, link.heard_at, link.failed_at)
    return link_state(heard, known.wire.heartbeat_s, now)
