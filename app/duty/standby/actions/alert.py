"""Falling below is told once, and quiet again when it is put right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.db import Tx
from app.duty.standby import board
from app.duty.standby.events import ReadinessLevelChanged, StandbyLevelChanged
from app.duty.standby.facts import LevelFact
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.store import returns
from app.duty.standby.tables import ReadinessAlert
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Concern

What = Literal["short", "missing", "restored"]


async def settled(tx: Tx, stream: str, subject: str, day: date, book: Rulebook, now: datetime) -> list[Entry]:
    """Note what a change made of a subject's day; return what has to be told. Only today is alarming."""
    if day != book.today(now):
        return []
    await tx.flush()
    found = await board.level(tx, stream, subject, day, book, now)
    if found is None:
        return []
    told = await returns.open_alerts(tx, stream, day, day)
    return await _noted(tx, stream, found, set(told.get((subject, day), {})), now)


async def watch(tx: Tx, stream: str, book: Rulebook, now: datetime) -> int:
    """Look at everybody's day: it may have begun, or its returns be due. Returns how much was told."""
    await returns.serialise(tx, stream)
    day = book.today(now)
    known = await board.load(tx, stream, "", day, day, book)
    entries: list[Entry] = []
    for one in board.levels(known, day, book, now):
        entries += await _noted(tx, stream, one, set(known.alerts.get((one.subject, day), {})), now)
    if entries:
        await journal.append(tx, stream, now, entries)
    return len(entries)


async def _noted(tx: Tx, stream: str, one: LevelFact, told: set[str], now: datetime) -> list[Entry]:
    if one.colour != "red":
        if not told:
            return []
        await returns.close_alerts(tx, stream, one.subject, one.day, now)
        return [_entry(one.model_copy(update={"short_since": None}), "restored")]
    if one.state in told:
        return []
    tx.add(
        ReadinessAlert(
            stream=stream,
            subject=one.subject,
            kind=one.state,
            day=one.day,
            required=one.required,
            present=one.present,
            opened_at=now,
        )
    )
    await tx.flush()
    if one.state == "missing":
        return [_entry(one, "missing")]
    return [_entry(one.model_copy(update={"short_since": now}), "short")]


def _entry(one: LevelFact, what: What) -> Entry:
    event = (
        ReadinessLevelChanged(type=f"readiness.{what}", level=one)
        if one.team_id is not None
        else StandbyLevelChanged(type=f"standby.{what}", level=one)
    )
    return Entry(event, Concern((one.region_code,)))
