"""Every SQL statement about entries after the fact."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Tx
from app.desk.late.facts import LateEntryFact
from app.desk.late.tables import LateEntry
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer

_LATE = """
SELECT l.id, l.kind, l.ref_id, l.region_code, l.incident_id, l.words, l.channel, l.voucher, l.happened_at,
       l.told_at, l.entered_at, l.entered_by
  FROM late_entry l
"""
_VISIBLE = f"""
 WHERE l.stream = :stream AND l.region_code LIKE :scope || '%' AND {may_know("l.incident_id")}
 ORDER BY l.id DESC LIMIT :limit
"""


def fact(row: LateEntry) -> LateEntryFact:
    """Return the wire shape of an entry."""
    return LateEntryFact(**row.model_dump(exclude={"stream"}))


async def listed(tx: Tx, by: Viewer, limit: int) -> list[LateEntryFact]:
    """Return the latest entries of a scope this person may see, the last entered first."""
    rows = await tx.execute(
        text(_LATE + _VISIBLE),
        {"stream": by.stream, "scope": by.scope, **knowing(by), "limit": limit},
    )
    return [LateEntryFact(**row) for row in rows.mappings()]


async def last_figure(tx: Tx, incident_id: int, kind: str) -> int:
    """Return the number of the figure of a kind that was told last of an incident."""
    found = await tx.scalar(
        text("SELECT max(id) FROM incident_figure WHERE incident_id = :incident AND kind = :kind"),
        {"incident": incident_id, "kind": kind},
    )
    return int(found or 0)
