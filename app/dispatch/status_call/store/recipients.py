"""The units that are asked, their answers, what was sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.secrecy.store import knowing
from app.dispatch.status_call.facts import (
    StatusAnswerFact,
    StatusNoticeFact,
    StatusRecipientFact,
    StatusTextFact,
)
from app.dispatch.status_call.rules.sheet import Value
from app.dispatch.status_call.rules.times import standing
from app.dispatch.status_call.store.calls import SEES_UNIT
from app.dispatch.status_call.tables import StatusAnswer, StatusRecipient
from app.org.rules.access import Viewer

_UNITS = f"""
SELECT r.id, r.call_id, r.unit_id, u.name_zh AS unit_name, u.region_code, coalesce(p.lon, g.lon) AS lon,
       coalesce(p.lat, g.lat) AS lat, r.read_at, r.read_by, c.due_at
  FROM status_recipient r
  JOIN status_call c ON c.id = r.call_id
  JOIN org_unit u ON u.id = r.unit_id
  JOIN region g ON g.code = u.region_code
  LEFT JOIN LATERAL (SELECT lon, lat FROM duty_post d WHERE d.unit_id = u.id AND d.lon IS NOT NULL
                      ORDER BY d.id LIMIT 1) p ON u.region_code = rpad(c.stream, 12, '0')
 WHERE c.stream = :stream AND {SEES_UNIT}
   AND (CAST(:call AS bigint) IS NULL OR r.call_id = :call)
   AND (CAST(:ids AS bigint[]) IS NULL OR r.id = ANY(CAST(:ids AS bigint[])))
 ORDER BY r.call_id DESC, r.ordinal, r.id
"""  # noqa: S608  only the words above
_NOTICES = """
SELECT n.recipient_id, n.kind, n.channel, coalesce(d.state, 'unsendable') AS state, n.name, n.why_zh,
       n.why_en, n.at, n.by
  FROM status_notice n LEFT JOIN delivery d ON d.id = n.delivery_id
 WHERE n.recipient_id = ANY(:ids) ORDER BY n.id
"""

_TEXT = """
SELECT t.id, t.call_id, u.name_zh AS unit_name, t.source, t.sender, t.words, t.heard_at, t.taken, t.reply
  FROM status_text t
  LEFT JOIN status_recipient r ON r.id = t.recipient_id
  LEFT JOIN org_unit u ON u.id = r.unit_id
"""


async def facts(
    tx: Tx,
    stream: str,
    scope: str,
    now: datetime,
    *,
    call_id: int | None = None,
    ids: Sequence[int] | None = None,
    unit_id: int | None = None,
    by: Viewer | None = None,
) -> list[StatusRecipientFact]:
    """Return the asked units that a person of a scope may see, with every version of their answers.

    `by` None is the house itself.
    """
    told = {"stream": stream, "scope": scope, "call": call_id, "unit": unit_id, **knowing(by)}
    rows = (
        (await tx.execute(text(_UNITS), {**told, "ids": None if ids is None else list(ids)})).mappings().all()
    )
    found = [int(row["id"]) for row in rows]
    answers = await _answers(tx, found)
    notices = await _notices(tx, found)
    return [_fact(dict(row), answers[row["id"]], notices[row["id"]], now) for row in rows]


def _fact(
    told: dict[str, Any],
    answers: list[StatusAnswerFact],
    notices: list[StatusNoticeFact],
    now: datetime,
) -> StatusRecipientFact:
    late = answers[0].late_minutes if answers else None
    stands = standing(told.pop("due_at"), late, now)
    return StatusRecipientFact(**told, standing=stands, late_minutes=late, answers=answers, notices=notices)


async def _answers(tx: Tx, ids: Sequence[int]) -> dict[int, list[StatusAnswerFact]]:
    rows = await tx.execute(
        select(StatusAnswer)
        .where(col(StatusAnswer.recipient_id).in_(ids))
        .order_by("recipient_id", "version")
    )
    found: dict[int, list[StatusAnswerFact]] = {key: [] for key in ids}
    for row in rows.scalars():
        told = row.model_dump(exclude={"id", "recipient_id", "told"})
        found[row.recipient_id].append(StatusAnswerFact(**told, values=row.told))
    return found


async def _notices(tx: Tx, ids: Sequence[int]) -> dict[int, list[StatusNoticeFact]]:
    rows = await tx.execute(text(_NOTICES), {"ids": list(ids)})
    found: dict[int, list[StatusNoticeFact]] = {key: [] for key in ids}
    for row in rows.mappings():
        told = dict(row)
        found[told.pop("recipient_id")].append(StatusNoticeFact(**told))
    return found


async def row(tx: Tx, stream: str, recipient_id: int) -> tuple[StatusRecipient, int] | None:
    """Return a recipient of the county with its round's number, not locked: lock the round first."""
    found = await tx.execute(
        text(
            "SELECT r.id FROM status_recipient r JOIN status_call c ON c.id = r.call_id "
            "WHERE r.id = :id AND c.stream = :stream"
        ),
        {"id": recipient_id, "stream": stream},
    )
    if found.scalar_one_or_none() is None:
        return None
    held = await tx.get(StatusRecipient, recipient_id)
    return (held, held.call_id) if held else None


async def silent(tx: Tx, call_id: int) -> list[int]:
    """Return the recipients of a round that have not answered, in their order."""
    rows = await tx.execute(
        text(
            "SELECT r.id FROM status_recipient r WHERE r.call_id = :call AND NOT EXISTS "
            "(SELECT 1 FROM status_answer a WHERE a.recipient_id = r.id) ORDER BY r.ordinal, r.id"
        ),
        {"call": call_id},
    )
    return list(rows.scalars())


async def last_version(tx: Tx, recipient_id: int) -> int:
    """Return the number of the last version, 0 before there is one; the round's row must be locked."""
    found = await tx.scalar(
        text("SELECT max(version) FROM status_answer WHERE recipient_id = :id"), {"id": recipient_id}
    )
    return int(found or 0)


async def last_round_values(tx: Tx, series_id: int, round_: int, unit_id: int) -> dict[int, Value]:
    """Return what a unit last said in an earlier round of a series."""
    found = await tx.scalar(
        text(
            """
            SELECT a.told FROM status_answer a
              JOIN status_recipient r ON r.id = a.recipient_id JOIN status_call c ON c.id = r.call_id
             WHERE c.series_id = :series AND c.round < :round AND r.unit_id = :unit
             ORDER BY c.round DESC, a.version DESC LIMIT 1
            """
        ),
        {"series": series_id, "round": round_, "unit": unit_id},
    )
    return {int(number): value for number, value in (found or {}).items()}


async def unended_notices(tx: Tx, recipient_id: int) -> list[int]:
    """Return the messages to a recipient that could still leave."""
    rows = await tx.execute(
        text(
            "SELECT n.delivery_id FROM status_notice n JOIN delivery d ON d.id = n.delivery_id "
            "WHERE n.recipient_id = :id AND d.ended_at IS NULL ORDER BY n.id"
        ),
        {"id": recipient_id},
    )
    return list(rows.scalars())


async def texts(tx: Tx, call_id: int) -> list[StatusTextFact]:
    """Return the texts that came in for a round, the latest first."""
    rows = await tx.execute(
        text(_TEXT + " WHERE t.call_id = :id ORDER BY t.id DESC LIMIT 500"), {"id": call_id}
    )
    return [StatusTextFact(**one) for one in rows.mappings()]


async def text_fact(tx: Tx, text_id: int) -> StatusTextFact:
    """Return one text."""
    rows = await tx.execute(text(_TEXT + " WHERE t.id = :id"), {"id": text_id})
    return StatusTextFact(**rows.mappings().one())
