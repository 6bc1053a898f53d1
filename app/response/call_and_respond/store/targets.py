"""Targets of rounds, their frozen people, calls and reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx, sql
from app.dispatch.exercise.store import runs
from app.response.call_and_respond.facts import (
    CalloutCallFact,
    CalloutPersonFact,
    CalloutReportFact,
    CalloutTargetDetail,
    CalloutTargetFact,
)
from app.response.call_and_respond.rules.loop import standing, township_of
from app.response.call_and_respond.tables import (
    CalloutCall,
    CalloutPerson,
    CalloutReport,
    CalloutTarget,
)

# What was sent, said or carried is a warning; a task that nobody did yet is none.
_FACT = """
SELECT t.id, t.round_id, t.tier, t.region_code, t.ordinal, t.name, g.lon, g.lat, t.caller, t.gaps, t.due_at,
       t.tried, t.answered_at, t.answered_by, t.answered_means, t.answered_words, t.acted_at,
       t.feedback_due_at, t.feedback_asked_at, t.fed_back_at, t.drawn, t.outcome, t.verified_at,
       t.verified_by, t.verified_words, least(c.warned_at, t.answered_at) AS warned_at,
       coalesce(c.calls, 0) AS calls, coalesce(c.open_calls, 0) AS open_calls, coalesce(p.told, '') AS reports
  FROM callout_target t
  JOIN callout_round r ON r.id = t.round_id
  JOIN region g ON g.code = t.region_code
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE c.result NOT IN ('due', 'withdrawn')) AS calls,
           count(*) FILTER (WHERE c.result = 'due') AS open_calls,
           min(c.at) FILTER (WHERE c.purpose = 'call' AND c.result IN ('sent', 'answered')) AS warned_at
      FROM callout_call c WHERE c.target_id = t.id) c ON true
  LEFT JOIN LATERAL (
    SELECT string_agg(CASE p.kind
             WHEN 'evacuated' THEN '转移' || p.done || '/' || p.planned
             WHEN 'road_closed' THEN '封路' WHEN 'patrol' THEN '巡查' ELSE '' END
             || CASE WHEN p.words = '' THEN '' WHEN p.kind IN ('other', 'words') THEN p.words
                     ELSE '(' || p.words || ')' END, '、' ORDER BY p.id) AS told
      FROM callout_report p WHERE p.target_id = t.id) p ON true
 WHERE t.region_code LIKE :scope || '%'
   AND (CAST(:rounds AS bigint[]) IS NULL OR t.round_id = ANY(CAST(:rounds AS bigint[])))
   AND (CAST(:ids AS bigint[]) IS NULL OR t.id = ANY(CAST(:ids AS bigint[])))
 ORDER BY t.round_id DESC, array_position(ARRAY['county', 'township', 'village'], t.tier), t.region_code,
          t.ordinal, t.id
"""


def rounds_in(scope: str) -> Any:
    """Return the query of the rounds that call somebody in a scope."""
    return select(CalloutTarget.round_id).where(col(CalloutTarget.region_code).startswith(scope))


async def facts(
    tx: Tx,
    scope: str,
    now: datetime,
    *,
    round_ids: Sequence[int] | None = None,
    ids: Sequence[int] | None = None,
) -> list[CalloutTargetFact]:
    """Return targets in a scope: those of rounds, or these."""
    rows = await tx.execute(
        text(_FACT),
        {
            "scope": scope,
            "rounds": None if round_ids is None else list(round_ids),
            "ids": None if ids is None else list(ids),
        },
    )
    return [_fact(dict(row), now) for row in rows.mappings()]


def _fact(told: dict[str, Any], now: datetime) -> CalloutTargetFact:
    return CalloutTargetFact(
        **told,
        township_code=township_of(told["region_code"]),
        standing=standing(told["due_at"], told["answered_at"], now),
    )


async def detail(tx: Tx, fact: CalloutTargetFact) -> CalloutTargetDetail:
    """Return a target with its people, calls and reports."""
    return CalloutTargetDetail(
        **dict(fact),
        people=[person_fact(row) for row in await people(tx, [fact.id])],
        all_calls=[call_fact(row) for row in await calls(tx, [fact.id])],
        all_reports=[report_fact(row) for row in await reports(tx, [fact.id])],
    )


def person_fact(row: CalloutPerson) -> CalloutPersonFact:
    """Return the wire shape of a person; the code of his answer is his own."""
    return CalloutPersonFact(**row.model_dump(exclude={"target_id", "code"}))


def call_fact(row: CalloutCall) -> CalloutCallFact:
    """Return the wire shape of a call."""
    return CalloutCallFact(**row.model_dump(exclude={"delivery_id"}))


def report_fact(row: CalloutReport) -> CalloutReportFact:
    """Return the wire shape of a report."""
    return CalloutReportFact(**row.model_dump(exclude={"target_id"}))


async def locked(tx: Tx, stream: str, target_id: int) -> CalloutTarget | None:
    """Return a target of the county, locked until commit: calls and the clock take turns here."""
    found = await tx.execute(
        select(CalloutTarget)
        .where(
            col(CalloutTarget.id) == target_id,
            text("round_id IN (SELECT id FROM callout_round WHERE stream = :stream)").bindparams(
                stream=stream
            ),
        )
        .with_for_update(key_share=True)
    )
    return found.scalar_one_or_none()


async def of_round(tx: Tx, round_id: int) -> list[CalloutTarget]:
    """Return the targets of a round, locked, in order."""
    found = await tx.execute(
        select(CalloutTarget)
        .where(col(CalloutTarget.round_id) == round_id)
        .order_by(col(CalloutTarget.id))
        .with_for_update(key_share=True)
    )
    return list(found.scalars())


# The clocks of a drill that stands still wait.
RUNS = runs("CASE WHEN cause_kind = 'incident' THEN cause_id END")


async def waiting_for_clock(tx: Tx, stream: str, now: datetime, limit: int) -> list[CalloutTarget]:
    """Return targets of running alerts at which the clock has something to do, locked; others' are left."""
    found = await tx.execute(
        select(CalloutTarget)
        .where(
            text(
                "callout_target.round_id IN (SELECT id FROM callout_round "  # noqa: S608
                f"WHERE stream = :stream AND state = 'running' AND kind = 'alert' AND {RUNS})"
            ).bindparams(stream=stream),
            text(
                "(next_at <= :now OR (answered_at IS NULL AND overdue_at IS NULL AND due_at < :now)"
                " OR (fed_back_at IS NULL AND feedback_asked_at IS NULL AND feedback_due_at <= :now))"
            ).bindparams(now=now),
        )
        .order_by(col(CalloutTarget.id))
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(found.scalars())


async def people(tx: Tx, target_ids: Sequence[int]) -> list[CalloutPerson]:
    """Return the people of targets in the order in which they are called."""
    found = await tx.execute(
        select(CalloutPerson)
        .where(col(CalloutPerson.target_id).in_(target_ids))
        .order_by(col(CalloutPerson.target_id), col(CalloutPerson.ordinal))
    )
    return list(found.scalars())


async def calls(tx: Tx, target_ids: Sequence[int]) -> list[CalloutCall]:
    """Return every call of targets, oldest first."""
    found = await tx.execute(
        select(CalloutCall).where(col(CalloutCall.target_id).in_(target_ids)).order_by(col(CalloutCall.id))
    )
    return list(found.scalars())


async def reports(tx: Tx, target_ids: Sequence[int]) -> list[CalloutReport]:
    """Return every report of targets, oldest first."""
    found = await tx.execute(
        select(CalloutReport)
        .where(col(CalloutReport.target_id).in_(target_ids))
        .order_by(col(CalloutReport.id))
    )
    return list(found.scalars())


async def persons_of_rounds(tx: Tx, round_ids: Sequence[int]) -> list[int]:
    """Return the persons who are called in rounds, as far as the register knows them."""
    rows = await tx.execute(
        sql(
            "SELECT DISTINCT p.person_id FROM callout_person p JOIN callout_target t ON t.id = p.target_id "
            "WHERE t.round_id = ANY(:rounds) AND p.person_id IS NOT NULL ORDER BY p.person_id"
        ),
        {"rounds": list(round_ids)},
    )
    return list(rows.scalars())


async def mine(tx: Tx, stream: str, person_id: int, limit: int) -> list[tuple[int, str]]:
    """Return (target, role) of the running rounds in which this person is called, the latest first."""
    rows = await tx.execute(
        text(
            "SELECT DISTINCT ON (t.id) t.id, p.role FROM callout_person p "
            "JOIN callout_target t ON t.id = p.target_id "
            "JOIN callout_round r ON r.id = t.round_id "
            "WHERE p.person_id = :person AND r.stream = :stream AND r.state = 'running' "
            "ORDER BY t.id DESC LIMIT :limit"
        ),
        {"person": person_id, "stream": stream, "limit": limit},
    )
    return [(row.id, row.role) for row in rows]


async def answering(tx: Tx, stream: str, code: str | None, number: str, device_id: int) -> list[Any]:
    """Return (target, person row) whom a text may answer for: by its code, else by its sender's number."""
    rows = await tx.execute(
        text(
            """
            SELECT t.id AS target_id, p.id AS person_row_id, p.name FROM callout_person p
              JOIN callout_target t ON t.id = p.target_id JOIN callout_round r ON r.id = t.round_id
             WHERE r.stream = :stream AND r.state = 'running' AND t.answered_at IS NULL
               AND (CAST(:code AS text) IS NULL OR p.code = :code)
               AND (CAST(:code AS text) IS NOT NULL
                    OR p.person_id = (SELECT holder_id FROM device WHERE id = :device)
                    OR (:number <> '' AND (:number = ANY(p.phones) OR p.satellite_number = :number)))
             ORDER BY t.id, p.ordinal
            """
        ),
        {"stream": stream, "code": code, "number": number, "device": device_id},
    )
    return list(rows)
