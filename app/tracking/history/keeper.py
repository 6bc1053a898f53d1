"""Keep the history: make the days that come, let those go that are old, and say what lies outside of all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.tracking.history import rules, store
from app.tracking.history.archive import archive
from app.tracking.history.rules import Part, Terms

log = structlog.get_logger()
EVERY_S = 300.0


class HistoryKeeper(Lookout):
    """Looks by the leader's clock. What it cannot do now (a backup reads, the disk is full) it does later.

    Nothing is dropped before its archive is whole where there is one, and nothing in silence: what went
    stands in `track_departure` and in the log.
    """

    def __init__(self, database: Database, clock: Clock, terms: Terms, folder: Path | None) -> None:
        super().__init__("history", EVERY_S)
        self._database = database
        self._clock = clock
        self._terms = terms
        self._folder = folder
        self._facts: dict[str, object] = {}
        self._trouble = ""

    async def look(self) -> None:
        """Make what is wanted, then let go what is old."""
        today = rules.day_of(self._clock.now())
        async with self._database.raw() as connection:
            parts = await self._make(connection, today)
            leaving = rules.expired(parts, today, self._terms.keep_days)
            if leaving and rules.is_steady(await store.filled(connection, rules.recent(parts, today))):
                leaving = await self._let_go(connection, leaving)
        self._facts["leaving"] = len(leaving)

    def health(self) -> dict[str, object]:
        """Return how many days there are and are made ahead, and how many rows lie outside of all days.

        Only the leader knows; it is not well when tomorrow has no table or an archive cannot be written.
        """
        told = super().health()
        well = told["ok"] and not self._trouble and self._facts.get("ahead", 1) != 0
        return {
            **told,
            "ok": bool(well),
            **self._facts,
            **({"trouble": self._trouble} if self._trouble else {}),
        }

    async def _make(self, connection: Any, today: date) -> list[Part]:
        outside = await store.outside(connection)
        for day in rules.wanted(today, await store.parts(connection), outside):
            try:
                moved = await store.create(connection, day)
            except store.Busy:
                log.info("history_busy", day=str(day))
                break
            if moved:
                log.info("history_sorted", day=str(day), rows=moved)
        parts = await store.parts(connection)
        rows = sum((await store.outside(connection)).values()) if outside else 0
        self._facts = {"days": len(parts), "ahead": rules.ahead(today, parts), "outside": rows}
        return parts

    async def _let_go(self, connection: Any, leaving: list[Part]) -> list[Part]:
        """Let tables go, the oldest first, and return those that remain."""
        self._trouble = ""
        for at, part in enumerate(leaving):
            try:
                await self._write_out(connection, part)
                rows = await store.drop(
                    connection, part, self._clock.now(), with_archive=self._folder is not None
                )
            except store.Busy:
                return leaving[at:]
            except store.Altered:
                await store.forget_archive(connection, part)
                return leaving[at:]
            except OSError as error:
                self._trouble = f"ZHISHOU_POSITIONS_ARCHIVE: {error}"
                log.error("history_not_archived", part=part.name, error=repr(error))
                return leaving[at:]
            log.warning("history_dropped", part=part.name, rows=rows, archived=self._folder is not None)
        return []

    async def _write_out(self, connection: Any, part: Part) -> None:
        if self._folder is None or await store.archived(connection, part) is not None:
            return
        told = await archive(self._folder, part, lambda write: store.write_out(connection, part, write))
        await store.note_archive(connection, part, told, self._clock.now())
        log.info("history_archived", part=part.name, rows=told.rows, file=told.file, size=told.size)
