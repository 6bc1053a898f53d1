"""The recipients of orders, their tasks, answers and supervisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.exercise.store import runs
from app.dispatch.order.facts import (
    OrderAnswerFact,
    OrderRecipientDetail,
    OrderRecipientFact,
    OrderSupervisionFact,
    OrderTaskFact,
)
from app.dispatch.order.rules.supervise import LATE
from app.dispatch.order.store.orders import ADDRESSED, ISSUING, reader
from app.dispatch.order.tables import DispatchOrder, OrderAnswer, OrderRecipient, OrderSupervision, OrderTask
from app.dispatch.secrecy.store import unnamed
from app.org.rules.access import Viewer

_FACT = """
SELECT r.id, r.order_id, r.ordinal, r.unit_id, r.team_id, r.person_id, r.name, r.region_code,
       coalesce(d.phone, lead.phones[1], p.phones[1], '') AS phone,
       CASE WHEN r.state = 'sent' AND told.at IS NOT NULL THEN 'delivered' ELSE r.state END AS state,
       r.reach, r.sent_at, told.at AS delivered_at, r.ack_due_at, r.acknowledged_at, r.acknowledged_by,
       r.ack_channel, r.acked_version, r.report_due_at, r.reported_at, r.closed_at, r.closed_by
  FROM order_recipient r
  JOIN dispatch_order o ON o.id = r.order_id
  LEFT JOIN duty_post d ON d.unit_id = r.unit_id
  LEFT JOIN team t ON t.id = r.team_id
  LEFT JOIN person lead ON lead.id = t.leader_id
  LEFT JOIN person p ON p.id = r.person_id
  LEFT JOIN LATERAL (SELECT min(m.delivered_at) AS at FROM delivery m
                      WHERE m.order_recipient_id = r.id AND m.queued_at >= r.sent_at) told ON true
"""


# The same decision as `is_mine`, near the rows.
_MINE = f"""(r.team_id = ANY(CAST(:teams AS bigint[])) OR r.person_id = CAST(:person AS bigint)
            OR (CAST(:commands AS boolean) AND length(:scope) > 6 AND r.region_code LIKE :scope || '%'
                AND o.region_code <> rpad(:scope, 12, '0')
                AND (r.unit_id IS NOT NULL OR {unnamed("o.incident_id")})))"""


async def _facts(tx: Tx, where: str, **values: Any) -> list[OrderRecipientFact]:
    rows = (await tx.execute(text(_FACT + where), values)).mappings().all()
    tasks = await _tasks(tx, [row["id"] for row in rows])
    return [OrderRecipientFact(**row, tasks=tasks[row["id"]]) for row in rows]


async def _tasks(tx: Tx, recipient_ids: Sequence[int]) -> dict[int, list[OrderTaskFact]]:
    found = await tx.execute(
        select(OrderTask)
        .where(col(OrderTask.recipient_id).in_(recipient_ids), col(OrderTask.state) != "dropped")
        .order_by(col(OrderTask.ordinal), col(OrderTask.id))
    )
    tasks: dict[int, list[OrderTaskFact]] = defaultdict(list)
    for row in found.scalars():
        tasks[row.recipient_id].append(OrderTaskFact.model_validate(row.model_dump(include=_TASK)))
    return tasks


_TASK = set(OrderTaskFact.model_fields)


async def fact(tx: Tx, recipient_id: int) -> OrderRecipientFact:
    """Return one recipient."""
    (found,) = await _facts(tx, " WHERE r.id = :id", id=recipient_id)
    return found


async def of_order(tx: Tx, by: Viewer, order_id: int) -> list[OrderRecipientDetail]:
    """Return the recipients of an order that this person may see: all of his desk's own, else his own."""
    where = (
        f" WHERE r.order_id = :id AND r.state <> 'released' AND ({ISSUING} OR {ADDRESSED}) ORDER BY r.ordinal"
    )
    return await detailed(tx, by, await _facts(tx, where, **reader(by), id=order_id))


async def of_reader(tx: Tx, by: Viewer, limit: int) -> list[OrderRecipientDetail]:
    """Return the open parts that are this person's to answer, what is due first."""
    where = (
        " WHERE o.stream = :stream AND o.state = 'issued'"
        f" AND r.state IN ('sent', 'acknowledged', 'reported') AND {_MINE}"
        " ORDER BY r.state = 'reported', coalesce(r.next_step_at, r.report_due_at) NULLS LAST, r.id"
        " LIMIT :limit"
    )
    return await detailed(tx, by, await _facts(tx, where, **reader(by), limit=limit))


async def detailed(tx: Tx, by: Viewer, facts: Sequence[OrderRecipientFact]) -> list[OrderRecipientDetail]:
    """Return recipients with what was said and every supervision."""
    ids = [fact.id for fact in facts]
    issuers = await _issuers(tx, [fact.order_id for fact in facts])
    answers: dict[int, list[OrderAnswerFact]] = defaultdict(list)
    for said in (
        await tx.execute(
            select(OrderAnswer).where(col(OrderAnswer.recipient_id).in_(ids)).order_by(col(OrderAnswer.id))
        )
    ).scalars():
        answers[said.recipient_id].append(answer_fact(said))
    supervisions: dict[int, list[OrderSupervisionFact]] = defaultdict(list)
    for fired in (
        await tx.execute(
            select(OrderSupervision)
            .where(col(OrderSupervision.recipient_id).in_(ids))
            .order_by(col(OrderSupervision.id))
        )
    ).scalars():
        supervisions[fired.recipient_id].append(supervision_fact(fired))
    return [
        OrderRecipientDetail(
            **fact.model_dump(),
            answers=answers[fact.id],
            supervisions=supervisions[fact.id],
            mine=is_mine(by, fact, issuers[fact.order_id]),
        )
        for fact in facts
    ]


async def _issuers(tx: Tx, order_ids: Sequence[int]) -> dict[int, str]:
    found = await tx.execute(
        select(DispatchOrder.id, DispatchOrder.region_code).where(col(DispatchOrder.id).in_(order_ids))
    )
    return {int(row[0] or 0): str(row[1]) for row in found}


def is_mine(by: Viewer, part: OrderRecipientFact | OrderRecipient, issuer: str) -> bool:
    """Whether this person answers for a recipient himself: the team's, the person, the desk of the place.

    A desk below the county answers for its units, teams and people; who issued the order speaks for others.
    """
    if part.team_id is not None and part.team_id in by.team_ids:
        return True
    if part.person_id is not None and part.person_id == by.person_id:
        return True
    below = len(by.scope) > len(by.stream) and by.scope.ljust(12, "0") != issuer
    return by.may("command") and below and by.covers(part.region_code)


def answer_fact(row: OrderAnswer) -> OrderAnswerFact:
    """Return the wire shape of an answer."""
    return OrderAnswerFact.model_validate(row.model_dump(exclude={"recipient_id"}))


def supervision_fact(row: OrderSupervision) -> OrderSupervisionFact:
    """Return the wire shape of a supervision."""
    told = row.model_dump(exclude={"id", "recipient_id"})
    return OrderSupervisionFact(**told, delayed=row.fired_at - row.due_at > LATE)


async def rows(tx: Tx, order_id: int) -> list[OrderRecipient]:
    """Return the recipients of an order as rows, locked, in their order; released ones too."""
    found = await tx.execute(
        select(OrderRecipient)
        .where(col(OrderRecipient.order_id) == order_id)
        .order_by(col(OrderRecipient.ordinal), col(OrderRecipient.id))
        .with_for_update()
    )
    return list(found.scalars())


async def order_of(tx: Tx, stream: str, recipient_id: int) -> int | None:
    """Return to which order a recipient belongs."""
    found = await tx.scalar(
        select(OrderRecipient.order_id).where(
            col(OrderRecipient.id) == recipient_id, col(OrderRecipient.stream) == stream
        )
    )
    return None if found is None else int(found)


async def locked(tx: Tx, recipient_id: int) -> OrderRecipient:
    """Return a recipient's row, locked until commit; the order's row is locked before it."""
    found = await tx.execute(
        select(OrderRecipient).where(col(OrderRecipient.id) == recipient_id).with_for_update()
    )
    return found.scalar_one()


async def task_rows(tx: Tx, recipient_id: int) -> list[OrderTask]:
    """Return the tasks of a recipient that count, as rows."""
    found = await tx.execute(
        select(OrderTask)
        .where(col(OrderTask.recipient_id) == recipient_id, col(OrderTask.state) != "dropped")
        .order_by(col(OrderTask.ordinal), col(OrderTask.id))
    )
    return list(found.scalars())


async def due(tx: Tx, stream: str, now: datetime) -> tuple[int, int] | None:
    """Return (order, recipient) of the earliest silence that is due, None if there is none."""
    rows_ = await tx.execute(
        text(
            "SELECT order_id, id FROM order_recipient WHERE stream = :stream AND next_step_at <= :now AND "  # noqa: S608
            + runs("(SELECT o.incident_id FROM dispatch_order o WHERE o.id = order_id)")
            + " ORDER BY next_step_at, id LIMIT 1"
        ),
        {"stream": stream, "now": now},
    )
    row = rows_.first()
    return (int(row[0]), int(row[1])) if row else None


async def waiting_at_device(tx: Tx, stream: str, device_id: int) -> int | None:
    """Return the recipient whose order was sent through a device last and waits for its receipt."""
    found = await tx.scalar(
        text(
            "SELECT r.id FROM delivery m JOIN order_recipient r ON r.id = m.order_recipient_id"
            " JOIN dispatch_order o ON o.id = r.order_id"
            " WHERE m.device_id = :device AND r.stream = :stream AND r.state = 'sent' AND o.state = 'issued'"
            " ORDER BY m.id DESC LIMIT 1"
        ),
        {"device": device_id, "stream": stream},
    )
    return None if found is None else int(found)
