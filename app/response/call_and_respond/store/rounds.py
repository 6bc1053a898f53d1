"""Rounds with their counts, and the versions of the table of minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import col, select

from app.db import Tx
from app.response.call_and_respond.facts import (
    CalloutCountFact,
    CalloutLimitsFact,
    CalloutMinutesFact,
    CalloutRoundFact,
    CalloutTargetFact,
)
from app.response.call_and_respond.rules.limits import COLOURS, SHIPPED, Limits, Minutes, read
from app.response.call_and_respond.rules.loop import Place, counted
from app.response.call_and_respond.store import targets
from app.response.call_and_respond.tables import CalloutLimits, CalloutRound


def counts_of(facts: Sequence[CalloutTargetFact]) -> list[CalloutCountFact]:
    """Return the counts of targets."""
    places = [
        Place(
            one.tier,
            one.region_code,
            one.standing,
            one.warned_at is not None,
            one.acted_at is not None,
            one.fed_back_at is not None,
            one.drawn,
            one.outcome,
        )
        for one in facts
    ]
    return [CalloutCountFact(**asdict(one)) for one in counted(places)]


def fact_of(row: CalloutRound, facts: Sequence[CalloutTargetFact]) -> CalloutRoundFact:
    """Return the wire shape of a round with the counts of these targets."""
    told = row.model_dump(exclude={"stream", "limits"})
    minutes = CalloutMinutesFact(**asdict(minutes_of(row)))
    return CalloutRoundFact(**told, minutes=minutes, counts=counts_of(facts))


def minutes_of(row: CalloutRound) -> Minutes:
    """Return the minutes that were in force when a round started."""
    return read(row.limits).colours[row.colour]  # type: ignore[index]


async def latest(
    tx: Tx, stream: str, scope: str, now: datetime, limit: int, cause: tuple[str, int] | None = None
) -> list[CalloutRoundFact]:
    """Return the last rounds that call somebody in a scope, running ones first."""
    query = select(CalloutRound).where(col(CalloutRound.stream) == stream)
    if cause is not None:
        query = query.where(col(CalloutRound.cause_kind) == cause[0], col(CalloutRound.cause_id) == cause[1])
    query = query.where(col(CalloutRound.id).in_(targets.rounds_in(scope)))
    query = query.order_by(col(CalloutRound.state) != "running", col(CalloutRound.id).desc()).limit(limit)
    rows = list((await tx.execute(query)).scalars())
    facts = await targets.facts(tx, scope, now, round_ids=[row.id or 0 for row in rows])
    return [fact_of(row, [one for one in facts if one.round_id == row.id]) for row in rows]


async def row(tx: Tx, stream: str, round_id: int, *, lock: bool = False) -> CalloutRound | None:
    """Return a round of the county; locked until commit if asked."""
    query = select(CalloutRound).where(col(CalloutRound.id) == round_id, col(CalloutRound.stream) == stream)
    found = await tx.execute(query.with_for_update(key_share=True) if lock else query)
    return found.scalar_one_or_none()


async def running_of(tx: Tx, stream: str, cause_kind: str, cause_id: int, colour: str) -> int | None:
    """Return the alert that runs for a cause in this colour."""
    found = await tx.execute(
        select(CalloutRound.id).where(
            col(CalloutRound.stream) == stream,
            col(CalloutRound.cause_kind) == cause_kind,
            col(CalloutRound.cause_id) == cause_id,
            col(CalloutRound.colour) == colour,
            col(CalloutRound.state) == "running",
            col(CalloutRound.kind) == "alert",
        )
    )
    return found.scalar_one_or_none()


async def of_ids(tx: Tx, ids: Sequence[int]) -> dict[int, CalloutRound]:
    """Return rounds by number."""
    found = await tx.execute(select(CalloutRound).where(col(CalloutRound.id).in_(ids)))
    return {row.id or 0: row for row in found.scalars()}


async def limits(tx: Tx, stream: str) -> tuple[int, Limits]:
    """Return the version in force and its table; version 0 is the one the product ships."""
    found = await _last_limits(tx, stream)
    return (0, SHIPPED) if found is None else (found.version, read(found.limits))


async def limits_fact(tx: Tx, stream: str) -> CalloutLimitsFact:
    """Return the table in force, who made it and why."""
    found = await _last_limits(tx, stream)
    table = SHIPPED if found is None else read(found.limits)
    return CalloutLimitsFact(
        version=0 if found is None else found.version,
        **{colour: CalloutMinutesFact(**asdict(table.colours[colour])) for colour in COLOURS},
        verify_percent=table.verify_percent,
        reason="" if found is None else found.reason,
        made_by="" if found is None else found.made_by,
        made_at=None if found is None else found.made_at,
    )


async def _last_limits(tx: Tx, stream: str) -> CalloutLimits | None:
    found = await tx.execute(
        select(CalloutLimits)
        .where(col(CalloutLimits.stream) == stream)
        .order_by(col(CalloutLimits.version).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()
