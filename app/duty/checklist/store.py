"""Every SQL statement of checklists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.checklist.facts import ChecklistEvidenceFact
from app.duty.checklist.rules import Crew
from app.duty.checklist.tables import ReadinessEvidence
from app.duty.standby.store.places import Place

_EVIDENCE = """
SELECT e.id, e.region_code, r.name_zh AS region_name, e.item, e.note, e.seen_on, e.expires_on, e.given_by,
       e.given_at, e.revoked_by, e.revoked_at, e.revoked_reason
  FROM readiness_evidence e JOIN region r ON r.code = e.region_code
 WHERE e.stream = :stream
"""
# People are counted by name where the team has a list of members, else by its strength on the books.
_CREWS = """
SELECT t.region_code, t.kind, t.name_zh, t.name_en, t.standby OR t.standby_strength > 0 AS standing_by,
       greatest(t.strength, (SELECT count(*) FROM team_member m WHERE m.team_id = t.id)) AS members
  FROM team t
 WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' AND t.kind = ANY(:kinds)
 ORDER BY t.id
"""


async def evidence(
    tx: Tx, stream: str, scope: str, evidence_id: int | None = None
) -> list[ChecklistEvidenceFact]:
    """Return all evidence ever given in a scope (or one), the newest first."""
    rows = await tx.execute(
        text(
            _EVIDENCE + " AND e.region_code LIKE :scope || '%'"
            " AND (CAST(:id AS bigint) IS NULL OR e.id = :id) ORDER BY e.id DESC"
        ),
        {"stream": stream, "scope": scope, "id": evidence_id},
    )
    return [ChecklistEvidenceFact(**row) for row in rows.mappings()]


async def current(tx: Tx, stream: str, scope: str) -> list[ChecklistEvidenceFact]:
    """Return of each place and item the evidence that holds longest, even if it has run out; none revoked."""
    rows = await tx.execute(
        text(
            _EVIDENCE + " AND e.region_code LIKE :scope || '%' AND e.revoked_at IS NULL AND NOT EXISTS ("
            " SELECT FROM readiness_evidence n WHERE n.region_code = e.region_code AND n.item = e.item"
            " AND n.revoked_at IS NULL AND (n.expires_on, n.id) > (e.expires_on, e.id))"
        ),
        {"stream": stream, "scope": scope},
    )
    return [ChecklistEvidenceFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, evidence_id: int) -> ReadinessEvidence | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(ReadinessEvidence)
        .where(col(ReadinessEvidence.id) == evidence_id, col(ReadinessEvidence.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def crews(tx: Tx, stream: str, scope: str, kinds: Iterable[str]) -> dict[str, list[Crew]]:
    """Return the teams of some kinds, by the place they are at home."""
    rows = await tx.execute(text(_CREWS), {"stream": stream, "scope": scope, "kinds": list(kinds)})
    found: defaultdict[str, list[Crew]] = defaultdict(list)
    for row in rows:
        found[row.region_code].append(Crew(row.kind, row.name_zh, row.name_en, row.members, row.standing_by))
    return found


async def place(tx: Tx, stream: str, code: str) -> Place | None:
    """Return one place of the county."""
    rows = await tx.execute(
        text(
            "SELECT code, kind, name_zh, name_en FROM region WHERE code = :code AND code LIKE :stream || '%'"
        ),
        {"code": code, "stream": stream},
    )
    found = rows.mappings().first()
    return Place(**found) if found else None
