"""The findings of checks and the calls they are made of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.spot_check.facts import ColleagueFact, SpotAttemptFact, SpotFindingFact, SpotPromptFact
from app.duty.spot_check.tables import SpotAttempt, SpotFinding

_FACT = """
SELECT f.id, f.spot_check_id, f.post_id, p.name_zh AS post_name, p.kind AS post_kind, p.region_code, p.phone,
       f.ordinal, f.method, f.state, f.retry_due_at, f.roster, f.answered_by, f.relation, f.result, f.leader,
       f.failures, f.judged_at, f.judged_by
  FROM spot_finding f JOIN duty_post p ON p.id = f.post_id JOIN spot_check s ON s.id = f.spot_check_id
 WHERE s.stream = :stream AND p.region_code LIKE :scope || '%'
   AND (starts_with(s.stream, :scope) OR f.state NOT IN ('waiting', 'not_checked'))
"""


async def listed(
    tx: Tx, stream: str, scope: str, spot_check_id: int | None = None, finding_id: int | None = None
) -> list[SpotFindingFact]:
    """Return the findings of a check, or one finding, as a scope may see them, in the order drawn."""
    rows = await tx.execute(
        text(
            _FACT + " AND (CAST(:check AS bigint) IS NULL OR s.id = :check)"
            " AND (CAST(:id AS bigint) IS NULL OR f.id = :id) ORDER BY f.spot_check_id DESC, f.ordinal"
        ),
        {"stream": stream, "scope": scope, "check": spot_check_id, "id": finding_id},
    )
    found = [dict(row) for row in rows.mappings()]
    calls = await _attempts(tx, [row["id"] for row in found])
    return [SpotFindingFact(**row, attempts=calls.get(row["id"], [])) for row in found]


async def _attempts(tx: Tx, finding_ids: Sequence[int]) -> dict[int, list[SpotAttemptFact]]:
    rows = await tx.execute(
        text(
            """
            SELECT a.finding_id, a.number, a.called_at, a.called_by, a.answered, a.rings, a.seconds, a.source,
                   a.code, a.answer, v.label AS device_label, d.state AS message
              FROM spot_attempt a LEFT JOIN device v ON v.id = a.device_id
              LEFT JOIN delivery d ON d.id = a.delivery_id
             WHERE a.finding_id = ANY(:ids) ORDER BY a.finding_id, a.number
            """
        ),
        {"ids": list(finding_ids)},
    )
    calls: dict[int, list[SpotAttemptFact]] = {}
    for row in rows.mappings():
        told = SpotAttemptFact(**{name: row[name] for name in SpotAttemptFact.model_fields})
        calls.setdefault(row["finding_id"], []).append(told)
    return calls


async def check_of(tx: Tx, stream: str, finding_id: int) -> int | None:
    """Return to which check of the county a finding belongs."""
    found = await tx.scalar(
        text(
            "SELECT s.id FROM spot_finding f JOIN spot_check s ON s.id = f.spot_check_id"
            " WHERE f.id = :id AND s.stream = :stream"
        ),
        {"id": finding_id, "stream": stream},
    )
    return None if found is None else int(found)


async def locked(tx: Tx, finding_id: int) -> SpotFinding:
    """Return the row, locked until commit."""
    found = await tx.execute(select(SpotFinding).where(col(SpotFinding.id) == finding_id).with_for_update())
    return found.scalar_one()


async def rows_of(tx: Tx, spot_check_id: int) -> list[SpotFinding]:
    """Return the findings of a check as rows to be changed."""
    found = await tx.execute(
        select(SpotFinding).where(col(SpotFinding.spot_check_id) == spot_check_id).order_by("ordinal")
    )
    return list(found.scalars())


async def attempts(tx: Tx, finding_id: int) -> list[SpotAttempt]:
    """Return the calls of a finding as rows, the first first."""
    found = await tx.execute(
        select(SpotAttempt).where(col(SpotAttempt.finding_id) == finding_id).order_by("number")
    )
    return list(found.scalars())


async def colleagues(tx: Tx, stream: str, post_id: int) -> list[ColleagueFact]:
    """Return the people of the post's unit, those of a place when the unit has none of its own."""
    rows = await tx.execute(
        text(
            """
            SELECT p.id AS person_id, p.name_zh AS name, p.post
              FROM duty_post d JOIN person p ON p.unit_id = d.unit_id
             WHERE d.id = :post AND d.region_code LIKE :stream || '%' ORDER BY p.id LIMIT 500
            """
        ),
        {"post": post_id, "stream": stream},
    )
    return [ColleagueFact(**row) for row in rows.mappings()]


async def ringing_apps(tx: Tx, stream: str) -> list[tuple[SpotPromptFact, str, list[int]]]:
    """Return every call over the app that nobody answered yet, with the post's place and who is on duty."""
    rows = await tx.execute(
        text(
            """
            SELECT f.id AS finding_id, p.name_zh AS post_name, a.called_at, p.region_code, f.roster
              FROM spot_finding f JOIN spot_check s ON s.id = f.spot_check_id AND s.state = 'open'
              JOIN duty_post p ON p.id = f.post_id
              JOIN spot_attempt a ON a.finding_id = f.id AND a.answered IS NULL
             WHERE s.stream = :stream AND f.state = 'calling' AND f.method = 'app' ORDER BY a.called_at
            """
        ),
        {"stream": stream},
    )
    return [
        (
            SpotPromptFact(finding_id=row.finding_id, post_name=row.post_name, called_at=row.called_at),
            row.region_code,
            [held["person_id"] for held in row.roster],
        )
        for row in rows
    ]
