"""Every SQL statement of experts and their calls."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.forces.facts import ExpertCallFact, ExpertFact
from app.dispatch.forces.tables import Expert

_FACT = """
SELECT e.id, e.name_zh, e.sector, e.speciality, e.title, e.workplace, e.phone, e.region_code,
       concat(r1.name_zh, r2.name_zh, r.name_zh) AS region_path, e.note, e.active, e.revision,
       e.changed_by, e.changed_at,
       (SELECT count(*) FROM expert_call c WHERE c.expert_id = e.id) AS calls
  FROM expert e JOIN region r ON r.code = e.region_code
  LEFT JOIN region r2 ON r2.code = left(e.region_code, 9) || '000' AND r2.code <> e.region_code
  LEFT JOIN region r1 ON r1.code = left(e.region_code, 6) || '000000' AND r1.code <> e.region_code
                     AND r1.code <> left(e.region_code, 9) || '000'
"""
# Experts of the county are there for every township; those of a township for whoever answers for it.
_SEEN = " WHERE e.stream = :stream AND (e.region_code LIKE :scope || '%' OR e.region_code = :county)"
_CALL = """
SELECT c.id, c.incident_id, c.expert_id, e.name_zh AS expert_name, e.sector, e.phone, c.called_by,
       c.called_at, c.outcome, c.advice, c.entered_by, c.entered_at
  FROM expert_call c JOIN expert e ON e.id = c.expert_id
"""


async def fact(tx: Tx, expert_id: int) -> ExpertFact:
    """Return one expert."""
    rows = await tx.execute(text(_FACT + " WHERE e.id = :id"), {"id": expert_id})
    return ExpertFact(**rows.mappings().one())


async def seen(tx: Tx, stream: str, scope: str, expert_id: int) -> ExpertFact | None:
    """Return one expert of a scope or of the county, or None."""
    values = {"stream": stream, "scope": scope, "county": stream.ljust(12, "0"), "id": expert_id}
    row = (await tx.execute(text(_FACT + _SEEN + " AND e.id = :id"), values)).mappings().first()
    return None if row is None else ExpertFact(**row)


async def found(
    tx: Tx, stream: str, scope: str, sector: str, words: str, most: int, *, retired: bool
) -> list[ExpertFact]:
    """Return experts by sector and words in their name, speciality or workplace, those in service first."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    where = (
        " AND (:retired OR e.active) AND (:sector = '' OR e.sector = :sector) AND (:words = ''"
        " OR concat_ws(' ', e.name_zh, e.speciality, e.title, e.workplace, e.phone) ILIKE :like)"
        " ORDER BY NOT e.active, e.sector, e.region_code, e.id LIMIT :most"
    )
    values = {
        "stream": stream,
        "scope": scope,
        "county": stream.ljust(12, "0"),
        "sector": sector,
        "words": words,
        "like": f"%{escaped}%",
        "most": most,
        "retired": retired,
    }
    rows = await tx.execute(text(_FACT + _SEEN + where), values)
    return [ExpertFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, expert_id: int) -> Expert | None:
    """Return the row, locked until commit; None if it is not in this county."""
    rows = await tx.execute(
        select(Expert).where(col(Expert.id) == expert_id, col(Expert.stream) == stream).with_for_update()
    )
    return rows.scalar_one_or_none()


async def serialise(tx: Tx, stream: str) -> None:
    """Let whoever enters experts of a county take turns until commit."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('experts:' || :s))"), {"s": stream})


async def same(tx: Tx, stream: str, name: str, phone: str, but: int | None) -> bool:
    """Whether another expert in service has this name and telephone."""
    held = await tx.scalar(
        text(
            "SELECT EXISTS (SELECT 1 FROM expert WHERE stream = :stream AND active AND name_zh = :name"
            " AND phone = :phone AND id IS DISTINCT FROM CAST(:but AS bigint))"
        ),
        {"stream": stream, "name": name, "phone": phone, "but": but},
    )
    return bool(held)


async def of_names(tx: Tx, stream: str, names: Sequence[str]) -> dict[tuple[str, str], Expert]:
    """Return the experts in service with these names by name and telephone, locked until commit."""
    rows = await tx.execute(
        select(Expert)
        .where(col(Expert.stream) == stream, col(Expert.active), col(Expert.name_zh).in_(sorted(set(names))))
        .order_by(col(Expert.id))
        .with_for_update()
    )
    return {(row.name_zh, row.phone): row for row in rows.scalars()}


async def count(tx: Tx, stream: str) -> int:
    """Return how many experts are in service."""
    query = "SELECT count(*) FROM expert WHERE stream = :stream AND active"
    return int(await tx.scalar(text(query), {"stream": stream}) or 0)


async def call(tx: Tx, call_id: int) -> ExpertCallFact:
    """Return one call."""
    rows = await tx.execute(text(_CALL + " WHERE c.id = :id"), {"id": call_id})
    return ExpertCallFact(**rows.mappings().one())


async def calls_of_incident(tx: Tx, incident_id: int, most: int) -> list[ExpertCallFact]:
    """Return the calls for an incident, the newest first."""
    rows = await tx.execute(
        text(_CALL + " WHERE c.incident_id = :id ORDER BY c.called_at DESC, c.id DESC LIMIT :most"),
        {"id": incident_id, "most": most},
    )
    return [ExpertCallFact(**row) for row in rows.mappings()]
