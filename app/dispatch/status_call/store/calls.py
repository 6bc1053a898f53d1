"""The rounds themselves, their summaries, repeats and trend."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.exercise.store import runs
from app.dispatch.secrecy.store import knowing, may_know
from app.dispatch.status_call.facts import (
    QuestionFact,
    StatusCallDetail,
    StatusCallFact,
    StatusRepeatFact,
    StatusSummaryFact,
)
from app.dispatch.status_call.rules.sheet import Question
from app.dispatch.status_call.tables import StatusCall, StatusRepeat, StatusSummary
from app.org.rules.access import Viewer

# A unit is seen by the scope over its place; those who belong to it see it wherever their scope lies. The
# centre sees all, unless the round is about an incident that the reader may not know: those asked still do.
SEES_UNIT = f"""(u.id = CAST(:unit AS bigint) OR (u.region_code LIKE :scope || '%'
        AND (NOT starts_with(c.stream, :scope) OR {may_know("c.incident_id")})))"""
_FACT = f"""
SELECT c.id, c.drill, c.series_id, c.round, c.title, c.asked_by, c.note, c.questions, c.incident_id,
       c.opens_at, c.due_at, c.remind_at, c.state, c.opened_by, c.opened_at, c.closed_by, c.closed_at,
       count(r.id) AS recipients, count(r.read_at) AS read, count(a.id) AS answered,
       count(a.id) FILTER (WHERE a.late_minutes > 0) AS late,
       CASE WHEN starts_with(c.stream, :scope) AND {may_know("c.incident_id")}
            THEN (SELECT count(*) FROM status_summary s WHERE s.call_id = c.id) ELSE 0 END AS summaries
  FROM status_call c
  LEFT JOIN (status_recipient r JOIN org_unit u ON u.id = r.unit_id) ON r.call_id = c.id
        AND {SEES_UNIT}
  LEFT JOIN status_answer a ON a.recipient_id = r.id AND a.version = 1
 WHERE c.stream = :stream
"""  # noqa: S608  only the words above
_SEEN = f"""
 GROUP BY c.id HAVING (starts_with(c.stream, :scope) AND {may_know("c.incident_id")})
     OR (count(r.id) > 0 AND c.state <> 'planned')"""


def questions_of(rows: list[dict[str, Any]]) -> tuple[Question, ...]:
    """Return stored questions as the rules see them."""
    return tuple(Question(**{**row, "choices": tuple(row["choices"])}) for row in rows)


def _fact(row: RowMapping) -> StatusCallFact:
    told = dict(row)
    told["questions"] = [QuestionFact(**question) for question in told["questions"]]
    return StatusCallFact(**told)


async def fact(
    tx: Tx, by: Viewer | None, stream: str, scope: str, call_id: int, unit_id: int | None = None
) -> StatusCallFact | None:
    """Return one round as a person of a scope may see it, None if he may not. `by` None is the house."""
    rows = await tx.execute(
        text(_FACT + " AND c.id = :id" + _SEEN),
        {"stream": stream, "scope": scope, "id": call_id, "unit": unit_id, **knowing(by)},
    )
    row = rows.mappings().first()
    return _fact(row) if row else None


async def latest(tx: Tx, by: Viewer, scope: str, unit_id: int | None, limit: int) -> list[StatusCallFact]:
    """Return the last rounds that a person may see: planned and open ones first, then by deadline."""
    rows = await tx.execute(
        text(
            _FACT
            + _SEEN
            + " ORDER BY c.state NOT IN ('planned', 'open'), c.due_at DESC, c.id DESC LIMIT :limit"
        ),
        {"stream": by.stream, "scope": scope, "unit": unit_id, "limit": limit, **knowing(by)},
    )
    return [_fact(row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, call_id: int) -> StatusCall | None:
    """Return the row, locked until commit: whoever asks, answers, reminds takes turns here."""
    found = await tx.execute(
        select(StatusCall)
        .where(col(StatusCall.id) == call_id, col(StatusCall.stream) == stream)
        .with_for_update(key_share=True)
    )
    return found.scalar_one_or_none()


async def due_for(tx: Tx, stream: str, now: datetime, step: str) -> list[StatusCall]:
    """Return the rounds whose next step by the clock is due, locked; those held by another node are left.

    `step` is open, remind or escalate.
    """
    waiting = {
        "open": (col(StatusCall.state) == "planned", col(StatusCall.opens_at) <= now),
        "remind": (
            col(StatusCall.state) == "open",
            col(StatusCall.reminded_at).is_(None),
            col(StatusCall.remind_at) <= now,
            col(StatusCall.due_at) > now,
        ),
        "escalate": (
            col(StatusCall.state) == "open",
            col(StatusCall.escalated_at).is_(None),
            col(StatusCall.due_at) < now,
        ),
    }[step]
    found = await tx.execute(
        select(StatusCall)
        .where(col(StatusCall.stream) == stream, text(runs("status_call.incident_id")), *waiting)
        .order_by(col(StatusCall.id))
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(found.scalars())


async def next_round(tx: Tx, series_id: int) -> int:
    """Return the number of the next round of a series; its first round's row must be locked."""
    found = await tx.scalar(select(func.max(StatusCall.round)).where(col(StatusCall.series_id) == series_id))
    return int(found or 0) + 1


async def last_of_series(tx: Tx, series_id: int) -> StatusCall:
    """Return the latest round of a series that was not called off, or the first one."""
    found = await tx.execute(
        select(StatusCall)
        .where(col(StatusCall.series_id) == series_id)
        .order_by(col(StatusCall.state) == "cancelled", col(StatusCall.round).desc())
        .limit(1)
    )
    return found.scalar_one()


async def running_of(tx: Tx, series_id: int, limit: int) -> list[StatusCall]:
    """Return the rounds of a series that are planned or open, locked."""
    found = await tx.execute(
        select(StatusCall)
        .where(col(StatusCall.series_id) == series_id, col(StatusCall.state).in_(("planned", "open")))
        .order_by(col(StatusCall.id))
        .limit(limit)
        .with_for_update()
    )
    return list(found.scalars())


async def rounds_of(tx: Tx, series_id: int, limit: int) -> list[StatusCall]:
    """Return the last rounds of a series that were asked, oldest first."""
    found = await tx.execute(
        select(StatusCall)
        .where(col(StatusCall.series_id) == series_id, col(StatusCall.state).in_(("open", "closed")))
        .order_by(col(StatusCall.due_at).desc())
        .limit(limit)
    )
    return list(reversed(found.scalars().all()))


async def repeat_of(tx: Tx, series_id: int, *, lock: bool = False) -> StatusRepeat | None:
    """Return how a series is asked again, None if it is not."""
    query = select(StatusRepeat).where(
        col(StatusRepeat.series_id) == series_id, col(StatusRepeat.stopped_at).is_(None)
    )
    found = await tx.execute(query.with_for_update() if lock else query)
    return found.scalar_one_or_none()


async def repeats_due(tx: Tx, stream: str, now: datetime) -> list[StatusRepeat]:
    """Return the repeats whose next round is to be asked now, locked."""
    rows = await tx.execute(
        select(StatusRepeat)
        .where(
            col(StatusRepeat.stream) == stream,
            col(StatusRepeat.stopped_at).is_(None),
            text("next_due_at - lead_minutes * interval '1 minute' <= :now").bindparams(now=now),
            text(runs("(SELECT c.incident_id FROM status_call c WHERE c.id = status_repeat.series_id)")),
        )
        .order_by(col(StatusRepeat.id))
        .with_for_update(skip_locked=True)
    )
    return list(rows.scalars())


def repeat_fact(row: StatusRepeat) -> StatusRepeatFact:
    """Return the wire shape of a repeat."""
    return StatusRepeatFact(**row.model_dump(exclude={"stream"}))


async def summary(tx: Tx, call_id: int, version: int) -> StatusSummaryFact | None:
    """Return one kept version."""
    row = await tx.get(StatusSummary, (call_id, version))
    if row is None:
        return None
    told = row.model_dump(exclude={"detail"})
    return StatusSummaryFact(**told, detail=StatusCallDetail.model_validate(row.detail))


async def next_summary(tx: Tx, call_id: int) -> int:
    """Return the number of the next summary; the round's row must be locked."""
    found = await tx.scalar(
        select(func.max(StatusSummary.version)).where(col(StatusSummary.call_id) == call_id)
    )
    return int(found or 0) + 1
