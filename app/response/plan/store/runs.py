"""Cards in force, their tasks, and the receipts of the orders these went out as."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer
from app.response.plan.facts import PlanRunBrief, PlanRunFact, RunTaskFact, TaskReceiptFact
from app.response.plan.tables import PlanRun, PlanTask

_FACT = """
SELECT r.id, r.plan_id, p.name_zh AS plan_name, r.level, r.state, r.drill, r.incident_id, r.cause_words,
       (SELECT count(*) FROM plan_task t WHERE t.run_id = r.id AND t.order_id IS NOT NULL
           AND t.withdrawn_at IS NULL) AS sent,
       (SELECT count(*) FROM plan_task t WHERE t.run_id = r.id AND t.withdrawn_at IS NOT NULL) AS withdrawn,
       r.region_code, r.card_version, r.cause_kind, r.cause_id, r.region_codes, r.led, r.proposed_by,
       r.proposed_at, r.decided_by, r.decided_as, r.consent_of, r.consent_at, r.decided_at, r.remark,
       r.ended_by, r.ended_at, r.ended_reason
  FROM plan_run r JOIN plan p ON p.id = r.plan_id
"""
# A desk sees what it runs itself; a desk below the county also what runs where it is. Need-to-know holds.
_VISIBLE = f""" WHERE r.stream = :stream AND {may_know("r.incident_id")}
   AND (r.region_code LIKE :scope || '%' OR (r.state IN ('running', 'ended') AND (r.region_codes = '{{}}'
        OR EXISTS (SELECT 1 FROM unnest(r.region_codes) g WHERE g LIKE :scope || '%'))))"""  # noqa: S608
_TASKS = """
SELECT t.id, t.ordinal, t.key, t.level, t."to", t.text, t.document, t.stops, t.due_at, t.sent_at, t.order_id,
       coalesce(o.number, '') AS order_number, coalesce(o.state, '') AS order_state, t.unresolved,
       t.withdrawn_at, t.withdrawn_by, t.withdrawn_reason
  FROM plan_task t LEFT JOIN dispatch_order o ON o.id = t.order_id
 WHERE t.run_id = :run ORDER BY t.withdrawn_at IS NOT NULL, t.sent_at, t.ordinal, t.id
"""
_RECEIPTS = """
SELECT r.order_id, r.id AS recipient_id, r.name, r.region_code,
       CASE WHEN r.state = 'sent' AND told.at IS NOT NULL THEN 'delivered' ELSE r.state END AS state,
       told.at AS delivered_at, r.ack_due_at, r.acknowledged_at, r.acknowledged_by, r.reported_at, r.closed_at
  FROM order_recipient r
  LEFT JOIN LATERAL (SELECT min(m.delivered_at) AS at FROM delivery m
                      WHERE m.order_recipient_id = r.id AND m.queued_at >= r.sent_at) told ON true
 WHERE r.order_id = ANY(:orders) AND r.state <> 'released'
   AND (:whole OR r.region_code LIKE :scope || '%') ORDER BY r.order_id, r.ordinal
"""


def _reader(by: Viewer) -> dict[str, Any]:
    return {"stream": by.stream, "scope": by.scope, **knowing(by)}


async def seen(tx: Tx, by: Viewer, run_id: int) -> PlanRunFact | None:
    """Return a card in force that this person may see."""
    rows = await tx.execute(text(_FACT + _VISIBLE + " AND r.id = :id"), {**_reader(by), "id": run_id})
    row = rows.mappings().first()
    return PlanRunFact.model_validate(dict(row)) if row else None


async def listed(
    tx: Tx, by: Viewer, states: Sequence[str], incident_id: int | None, limit: int
) -> list[PlanRunFact]:
    """Return cards in these states, the latest first."""
    rows = await tx.execute(
        text(
            _FACT + _VISIBLE + " AND r.state = ANY(:states)"
            " AND (CAST(:incident AS bigint) IS NULL OR r.incident_id = :incident)"
            " ORDER BY r.id DESC LIMIT :limit"
        ),
        {**_reader(by), "states": list(states), "incident": incident_id, "limit": limit},
    )
    return [PlanRunFact.model_validate(dict(row)) for row in rows.mappings()]


async def brief(tx: Tx, run_id: int) -> PlanRunBrief:
    """Return a card in force as the log needs it."""
    rows = await tx.execute(text(_FACT + " WHERE r.id = :id"), {"id": run_id})
    told = dict(rows.mappings().one())
    return PlanRunBrief(**{name: told[name] for name in PlanRunBrief.model_fields})


async def locked(tx: Tx, stream: str, run_id: int) -> PlanRun | None:
    """Return a card in force as a row, locked until commit."""
    found = await tx.execute(
        select(PlanRun).where(col(PlanRun.id) == run_id, col(PlanRun.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def out(tx: Tx, run_id: int) -> list[PlanTask]:
    """Return the tasks that are out, as rows, in their order."""
    found = await tx.execute(
        select(PlanTask)
        .where(col(PlanTask.run_id) == run_id, col(PlanTask.withdrawn_at).is_(None))
        .order_by(col(PlanTask.ordinal), col(PlanTask.id))
    )
    return list(found.scalars())


async def withdrawn_at(tx: Tx, run_id: int, at: datetime | None) -> list[PlanTask]:
    """Return the tasks that were withdrawn at an instant, as rows."""
    found = await tx.execute(
        select(PlanTask)
        .where(col(PlanTask.run_id) == run_id, col(PlanTask.withdrawn_at) == at)
        .order_by(col(PlanTask.ordinal), col(PlanTask.id))
    )
    return list(found.scalars())


async def finished(tx: Tx, run_id: int) -> set[str]:
    """Return the keys of the tasks whose orders are done or were closed by somebody: nothing is taken back.

    Done is what every recipient has reported, accepted or not.
    """
    rows = await tx.execute(
        text(
            "SELECT t.key FROM plan_task t JOIN dispatch_order o ON o.id = t.order_id"
            " WHERE t.run_id = :run AND t.withdrawn_at IS NULL AND (o.state <> 'issued'"
            " OR NOT EXISTS (SELECT 1 FROM order_recipient r WHERE r.order_id = o.id"
            " AND r.state NOT IN ('reported', 'closed', 'released')))"
        ),
        {"run": run_id},
    )
    return {str(row.key) for row in rows}


async def tasks(tx: Tx, by: Viewer, run: PlanRunFact) -> list[RunTaskFact]:
    """Return the tasks with their receipts, those of the reader's scope; what was withdrawn last."""
    rows = (await tx.execute(text(_TASKS), {"run": run.id})).mappings().all()
    orders = [row["order_id"] for row in rows if row["order_id"] is not None]
    told = {"orders": orders, "scope": by.scope, "whole": by.covers(run.region_code)}
    receipts: dict[int, list[TaskReceiptFact]] = defaultdict(list)
    for row in (await tx.execute(text(_RECEIPTS), told)).mappings():
        told_of = dict(row)
        receipts[told_of.pop("order_id")].append(TaskReceiptFact(**told_of))
    found = [RunTaskFact(**dict(row), receipts=receipts[row["order_id"]]) for row in rows]
    return found if told["whole"] else [task for task in found if task.receipts]


async def units_named(tx: Tx, stream: str, names: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """Return the active units of the county of these names: (number, place) of each."""
    rows = await tx.execute(
        text(
            "SELECT id, name_zh, region_code FROM org_unit WHERE active AND region_code LIKE :s || '%'"
            " AND name_zh = ANY(:names) ORDER BY id"
        ),
        {"s": stream, "names": list(names)},
    )
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        found[row.name_zh].append((row.id, row.region_code))
    return found


async def unit_names(tx: Tx, unit_ids: Sequence[int]) -> dict[int, str]:
    """Return what units are called."""
    rows = await tx.execute(
        text("SELECT id, name_zh FROM org_unit WHERE id = ANY(:ids)"), {"ids": list(unit_ids)}
    )
    return {row.id: row.name_zh for row in rows}


async def townships(tx: Tx, stream: str) -> list[str]:
    """Return the places directly below the county: towns, subdistricts, farms, the park."""
    rows = await tx.execute(
        text("SELECT code FROM region WHERE parent_code = rpad(:s, 12, '0') ORDER BY code"), {"s": stream}
    )
    return [str(row.code) for row in rows]
