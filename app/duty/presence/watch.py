"""Looks three times a minute for empty seats, silent people, swaps and checks that wait: each once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.background import Lookout
from app.clock import Clock
from app.db import Database, Tx
from app.duty.presence.actions import attendance, gaps
from app.duty.reminders import actions as own_duty
from app.duty.spot_check.actions import reminders, sent
from app.duty.spot_check.rules.judge import Limits
from app.duty.swaps.actions import decision

LOOK_EVERY_S = 20.0
DIGEST_LATE = timedelta(hours=1)
"""A digest whose hour came while the house stood still is told so much later at most."""


class CoverageWatch(Lookout):
    """The leader looks; the rows' locks see to it that each thing is told once."""

    def __init__(
        self, database: Database, clock: Clock, stream: str, zone: ZoneInfo, limits: Limits | None = None
    ) -> None:
        super().__init__("coverage", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._zone = zone
        self._limits = limits or Limits()
        self._digested = clock.now() - DIGEST_LATE

    async def look(self) -> int:
        """Tell what is new; return how much that was. Each in a transaction of its own.

        Empty seats come first, and a look that fails, or one gap of it, keeps no other from being told.
        Raises the first failure.
        """
        told = 0
        failed: list[Exception] = []
        for look in (
            self._gaps,
            self._swaps,
            self._silence,
            self._reminders,
            self._receipts,
            self._own_duty,
            self._digest,
        ):
            try:
                async with self._database.transaction() as tx:
                    told += await look(tx, self._clock.now(), failed)
            except Exception as error:  # noqa: BLE001  told once all have looked
                failed.append(error)
        if failed:
            raise failed[0]
        return told

    async def _gaps(self, tx: Tx, now: datetime, failed: list[Exception]) -> int:
        return await gaps.look(tx, self._stream, now, self._zone, failed)

    async def _swaps(self, tx: Tx, now: datetime, _: list[Exception]) -> int:
        return await decision.review(tx, self._stream, now)

    async def _silence(self, tx: Tx, now: datetime, _: list[Exception]) -> int:
        return await attendance.prompt_silent(tx, self._stream, now)

    async def _reminders(self, tx: Tx, now: datetime, _: list[Exception]) -> int:
        return await reminders.look(tx, self._stream, now, self._zone)

    async def _receipts(self, tx: Tx, now: datetime, _: list[Exception]) -> int:
        return await sent.take_receipts(tx, self._stream, now, self._limits)

    async def _own_duty(self, tx: Tx, now: datetime, _: list[Exception]) -> int:
        changed = await own_duty.tell_changes(tx, self._stream, now, self._zone)
        return changed + await own_duty.remind(tx, self._stream, now, self._zone)

    async def _digest(self, tx: Tx, now: datetime, _: list[Exception]) -> int:
        since = max(self._digested, now - DIGEST_LATE)  # another node may have led for days
        told = await own_duty.digest(tx, self._stream, now, since, self._zone)
        self._digested = now
        return told
