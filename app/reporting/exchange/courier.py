"""Delivers what waits in the queue: each second what is due is tried, many peers at once, one line each."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

import structlog

from app.background import Handful, Lookout, Turn, always
from app.clock import Clock
from app.db import Database, Tx
from app.reporting.exchange.actions import settling
from app.reporting.exchange.keyring import Keyring
from app.reporting.exchange.mailer import MailServer, mail, mail_of
from app.reporting.exchange.message import MOST_BYTES, canonical, with_papers
from app.reporting.exchange.post import ACKNOWLEDGEMENTS, GIVE_UP_S, REPORTS, ReceiptIn, letter, post
from app.reporting.exchange.rules.retry import LEASE
from app.reporting.exchange.rules.signing import digest
from app.reporting.exchange.rules.trouble import Trouble
from app.reporting.exchange.store import outgoing, peers
from app.reporting.exchange.store.outgoing import Due, Queue
from app.reporting.exchange.tables import ReportOutgoing, ReportPeer
from app.reporting.report.store import reports

log = structlog.get_logger()
LOOK_EVERY_S, AT_ONCE, COUNT_EVERY_S = 1.0, 16, 15


@dataclass(frozen=True, slots=True)
class ExchangeTerms:
    """How a house sends: its keys, its mail server, whom it trusts, when the desk is alarmed."""

    keys: Keyring
    mail: MailServer = field(default_factory=MailServer)
    tls: Callable[[], ssl.SSLContext | None] = lambda: None
    alarm_after: timedelta = timedelta(minutes=10)
    within_s: float = GIVE_UP_S
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class Parcel:
    """One claimed line with what is needed to send it."""

    row: ReportOutgoing
    peer: ReportPeer
    papers: dict[str, bytes]


class Courier(Lookout):
    """Runs on every node: a line is claimed for one try, and comes back when the node dies over it."""

    def __init__(self, database: Database, clock: Clock, stream: str, terms: ExchangeTerms) -> None:
        super().__init__("exchange", LOOK_EVERY_S)
        self._database, self._clock, self._stream, self._terms = database, clock, stream, terms
        self._out = Handful(AT_ONCE)
        self._busy: set[int] = set()
        self._queue = Queue(0, None, 0)
        self._counted: datetime | None = None

    @asynccontextmanager
    async def running(self, turn: Turn = always) -> AsyncIterator[Self]:
        """Look while the block lasts; what is on its way at the end is tried again after a restart."""
        async with self._out.held(), super().running(turn):
            yield self

    async def look(self) -> int:
        """Give the alarms, then begin what is due: both want the same rows. Return how many tries began."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            due = await outgoing.due(tx, self._stream, now, self._busy, self._out.room)
            late = await outgoing.overdue(tx, self._stream, now, self._terms.alarm_after, 20)
        for one_late in late:
            async with self._database.transaction() as tx:
                await settling.alarm(tx, self._stream, one_late, self._terms.zone, now)
        for one in due[: self._out.room]:
            self._busy.add(one.peer_id)
            self._out.begin(self._try(one))
        if self._counted is None or (now - self._counted).total_seconds() >= COUNT_EVERY_S or due or late:
            await self.count(now)
        return len(due)

    async def count(self, now: datetime) -> None:
        """Count the queue for the health of the house."""
        async with self._database.transaction() as tx:
            self._queue = await outgoing.counted(tx, self._stream, now, self._terms.alarm_after)
        self._counted = now

    async def settled(self) -> None:
        """Wait until every try that has begun has ended."""
        await self._out.settled()

    def health(self) -> dict[str, object]:
        """Return how the queue stands; a report that should long be there degrades the house."""
        facts, queue = super().health(), self._queue
        trouble = self._terms.keys.trouble
        return {
            **facts,
            "ok": bool(facts["ok"]) and not queue.overdue and not trouble,
            "waiting": queue.waiting,
            "oldest": queue.oldest,
            "overdue": queue.overdue,
            "trouble": trouble,
        }

    async def _try(self, due: Due) -> None:
        try:
            async with self._database.transaction() as tx:
                parcel = await self._claim(tx, due)
            if parcel is not None:
                await self._carry(parcel)
        except Exception:
            log.exception("exchange_failed", outgoing=due.id)
            with suppress(Exception):  # the database may be away: the claim runs out by itself
                async with self._database.transaction() as tx:
                    await settling.failed(tx, self._stream, due.id, Trouble("internal"), self._clock.now())
        finally:
            self._busy.discard(due.peer_id)

    async def _claim(self, tx: Tx, due: Due) -> Parcel | None:
        row = await outgoing.claim(tx, due.id, self._clock.now(), LEASE)
        peer = await peers.row(tx, due.peer_id)
        if row is None or peer is None:
            return None
        papers = {}
        if row.report_id is not None:
            papers = await reports.paper_bytes(tx, row.report_id, row.edition or 0)
        return Parcel(row, peer, papers)

    async def _carry(self, parcel: Parcel) -> None:
        row = parcel.row
        assert row.id is not None
        try:
            receipt, sha256 = await self._sent(parcel)
        except Trouble as trouble:
            log.warning(
                "exchange_not_delivered",
                outgoing=row.id,
                peer=parcel.peer.name,
                trouble=trouble.code,
                attempts=row.attempts,
            )
            async with self._database.transaction() as tx:
                await settling.failed(tx, self._stream, row.id, trouble, self._clock.now())
        else:
            async with self._database.transaction() as tx:
                now = self._clock.now()
                await settling.delivered(tx, self._stream, row.id, receipt, sha256, now)
            log.info("exchange_delivered", outgoing=row.id, peer=parcel.peer.name, attempts=row.attempts)

    async def _sent(self, parcel: Parcel) -> tuple[ReceiptIn | None, str]:
        """Send it by the peer's means. Raises Trouble."""
        row, peer = parcel.row, parcel.peer
        if not peer.active:
            raise Trouble("peer_retired")
        if peer.means == "email":
            one = mail_of(row.message, parcel.papers, self._terms.mail.sender, peer.email)
            await mail(self._terms.mail, one)
            return None, ""
        secret = self._terms.keys.secret(peer.key_id)
        if secret is None:
            raise Trouble("no_key", peer.key_id)
        whole = row.kind == "report"
        body = canonical(with_papers(row.message, parcel.papers) if whole else row.message)
        if len(body) > MOST_BYTES:
            raise Trouble("too_large")
        path = REPORTS if whole else ACKNOWLEDGEMENTS
        nonce, now = secrets.token_hex(16), self._clock.now()
        sealed = letter(peer.url, path, peer.key_id, secret, row.message_id, nonce, body, now)
        return await post(sealed, self._terms.tls(), self._terms.within_s), digest(body)
