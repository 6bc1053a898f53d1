"""Responses, their decisions and consultations, and the duty that follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer
from app.response.level.facts import (
    ConsequenceFact,
    ConsultationFact,
    ResponseBrief,
    ResponseFact,
    ResponseOrderFact,
    ResponseStepFact,
)
from app.response.level.rules.consequences import TABLE
from app.response.level.tables import Response, ResponseConsultation, ResponseDuty, ResponseStep

_FACT = """
SELECT r.id, r.hazard, r.event_code, r.state, r.level, s.proposed_level, r.warning_colour, r.event_level,
       r.drill, r.incident_id, r.plan_id, coalesce(p.name_zh, '') AS plan_name, r.run_id, r.cause_kind,
       r.cause_id, r.cause_words, r.region_codes, r.proposed_by, r.proposed_at, r.began_at, r.ended_at,
       ARRAY(SELECT g.name_zh FROM region g WHERE g.code = ANY(r.region_codes) ORDER BY g.code) AS regions
  FROM response r LEFT JOIN plan p ON p.id = r.plan_id
  LEFT JOIN response_step s ON s.response_id = r.id AND s.state = 'open'
"""
# The centre sees all; a desk below the county what is in force where it is, or what it proposed.
_VISIBLE = f""" WHERE r.stream = :stream AND {may_know("r.incident_id")}
   AND (:stream LIKE :scope || '%' OR ((r.state IN ('active', 'ended') OR r.proposed_by = :name)
        AND (r.region_codes = '{{}}' OR EXISTS
             (SELECT 1 FROM unnest(r.region_codes) g WHERE g LIKE :scope || '%'))))"""  # noqa: S608
_ORDERS = """
SELECT o.response_id, o.step, o.number, o.title FROM response_step o JOIN response r ON r.id = o.response_id
"""
_STEPS = """
SELECT s.*, coalesce(n.recipients, 0) AS recipients, coalesce(n.acknowledged, 0) AS acknowledged
  FROM response_step s
  LEFT JOIN LATERAL (SELECT count(*) AS recipients, count(acknowledged_at) AS acknowledged
                       FROM order_recipient o WHERE o.order_id = s.order_id AND o.state <> 'released') n
         ON true
 WHERE s.response_id = :id ORDER BY s.step DESC LIMIT 100
"""


def _reader(by: Viewer) -> dict[str, Any]:
    return {"stream": by.stream, "scope": by.scope, "name": by.name, **knowing(by)}


async def seen(tx: Tx, by: Viewer, response_id: int) -> ResponseFact | None:
    """Return a response this person may see."""
    rows = await tx.execute(text(_FACT + _VISIBLE + " AND r.id = :id"), {**_reader(by), "id": response_id})
    row = rows.mappings().first()
    return ResponseFact.model_validate(dict(row)) if row else None


async def listed(tx: Tx, by: Viewer, states: Sequence[str], limit: int) -> list[ResponseFact]:
    """Return responses in these states, the highest level first, then the latest."""
    rows = await tx.execute(
        text(
            _FACT + _VISIBLE + " AND r.state = ANY(:states) ORDER BY r.level NULLS LAST, r.id DESC LIMIT :n"
        ),
        {**_reader(by), "states": list(states), "n": limit},
    )
    return [ResponseFact.model_validate(dict(row)) for row in rows.mappings()]


async def of_cause(tx: Tx, by: Viewer, kind: str, cause_id: int) -> list[tuple[ResponseFact, datetime]]:
    """Return the responses this person may see that a cause started, each with its last act."""
    rows = await tx.execute(
        text(
            f"WITH seen AS ({_FACT} {_VISIBLE} AND r.cause_kind = :kind AND r.cause_id = :cause)"  # noqa: S608
            " SELECT seen.*, (SELECT max(greatest(t.proposed_at, t.decided_at, t.signed_at))"
            "   FROM response_step t WHERE t.response_id = seen.id) AS acted_at"
            " FROM seen ORDER BY seen.id DESC LIMIT 20"
        ),
        {**_reader(by), "kind": kind, "cause": cause_id},
    )
    found = [dict(row) for row in rows.mappings()]
    return [(ResponseFact.model_validate(row), at) for row in found if (at := row.pop("acted_at"))]


async def brief(tx: Tx, response_id: int) -> ResponseBrief:
    """Return a response as the log needs it."""
    rows = await tx.execute(text(_FACT + " WHERE r.id = :id"), {"id": response_id})
    told = dict(rows.mappings().one())
    return ResponseBrief(**{name: told[name] for name in ResponseBrief.model_fields})


async def locked(tx: Tx, stream: str, response_id: int) -> Response | None:
    """Return a response's row, locked until commit: whoever proposes and decides takes turns here."""
    found = await tx.execute(
        select(Response)
        .where(col(Response.id) == response_id, col(Response.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def running(tx: Tx, stream: str, event_code: str, *, drill: bool) -> bool:
    """Whether a response to a hazard is proposed or active."""
    found = await tx.scalar(
        select(Response.id).where(
            col(Response.stream) == stream,
            col(Response.event_code) == event_code,
            col(Response.drill) == drill,
            col(Response.state).in_(("proposed", "active")),
        )
    )
    return found is not None


async def step_row(tx: Tx, response_id: int, step: int) -> ResponseStep | None:
    """Return one proposal; its response's row is locked before it."""
    return await tx.get(ResponseStep, (response_id, step), populate_existing=True)


async def steps(tx: Tx, response_id: int) -> list[ResponseStepFact]:
    """Return the proposals and decisions of a response, the latest first."""
    rows = await tx.execute(text(_STEPS), {"id": response_id})
    unwanted = {"response_id", "decided_account"}
    return [
        ResponseStepFact.model_validate({k: v for k, v in row.items() if k not in unwanted})
        for row in rows.mappings()
    ]


async def orders(tx: Tx, by: Viewer, limit: int) -> list[ResponseOrderFact]:
    """Return the orders that were given on responses a person may see, the latest first."""
    rows = await tx.execute(
        text(_ORDERS + _VISIBLE + " AND o.number <> '' ORDER BY o.decided_at DESC LIMIT :n"),
        {**_reader(by), "n": limit},
    )
    return [ResponseOrderFact.model_validate(dict(row)) for row in rows.mappings()]


async def last_step(tx: Tx, response_id: int) -> int:
    """Return the number of the last proposal."""
    rows = await tx.execute(
        text("SELECT coalesce(max(step), 0) FROM response_step WHERE response_id = :id"), {"id": response_id}
    )
    return int(rows.scalar_one())


async def consultations(tx: Tx, response_id: int) -> list[ConsultationFact]:
    """Return the consultations held for a response, the latest first."""
    found = await tx.execute(
        select(ResponseConsultation)
        .where(col(ResponseConsultation.response_id) == response_id)
        .order_by(col(ResponseConsultation.held_at).desc())
        .limit(100)
    )
    return [ConsultationFact(**row.model_dump(exclude={"response_id"})) for row in found.scalars()]


async def held_since(tx: Tx, stream: str, since: datetime, *, drill: bool) -> int:
    """Return how many consultations were held for the responses in force since an instant."""
    found = await tx.scalar(
        text(
            "SELECT count(*) FROM response_consultation c JOIN response r ON r.id = c.response_id"
            " WHERE r.stream = :s AND r.drill = :drill AND r.state = 'active' AND c.held_at >= :since"
        ),
        {"s": stream, "drill": drill, "since": since},
    )
    return int(found or 0)


async def active(tx: Tx, stream: str, *, drill: bool) -> list[Response]:
    """Return the responses in force as rows, the oldest first."""
    found = await tx.execute(
        select(Response)
        .where(col(Response.stream) == stream, col(Response.state) == "active", col(Response.drill) == drill)
        .order_by(col(Response.id))
    )
    return list(found.scalars())


async def duty_locked(tx: Tx, stream: str, *, drill: bool) -> ResponseDuty:
    """Return the duty that was put in place last, locked until commit; written first where there is none."""
    await tx.execute(
        text(
            "INSERT INTO response_duty (stream, drill, region_codes, hazards) VALUES (:s, :drill, '{}', '')"
            " ON CONFLICT DO NOTHING"
        ),
        {"s": stream, "drill": drill},
    )
    found = await tx.execute(
        select(ResponseDuty)
        .where(col(ResponseDuty.stream) == stream, col(ResponseDuty.drill) == drill)
        .with_for_update()
    )
    return found.scalar_one()


async def duty(tx: Tx, stream: str, *, drill: bool) -> ResponseDuty | None:
    """Return the duty that was put in place last."""
    return await tx.get(ResponseDuty, (stream, drill))


async def region_names(tx: Tx, codes: Sequence[str]) -> list[str]:
    """Return what places are called, in the order of their codes."""
    rows = await tx.execute(
        text("SELECT name_zh FROM region WHERE code = ANY(:codes) ORDER BY code"), {"codes": list(codes)}
    )
    return [str(row.name_zh) for row in rows]


def consequence_fact(level: int) -> ConsequenceFact:
    """Return what a level asks of duty, as it stands on the wire."""
    one = TABLE[level]
    return ConsequenceFact(
        level=level,
        leader_zh=one.leader[0],
        leader_en=one.leader[1],
        units_zh=one.units[0],
        units_en=one.units[1],
        consultations=one.consultations,
        on_change=one.on_change,
        round_up_zh=one.round_up_words[0],
        round_up_en=one.round_up_words[1],
        zero_report=one.zero_report,
    )
