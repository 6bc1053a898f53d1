"""Every SQL statement about pairs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.reconciliation.facts import AccountFact, SuspectedPairFact
from app.dispatch.reconciliation.rules import Account, Suspicion
from app.dispatch.reconciliation.tables import SuspectedPair
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer

MOST = 2000
# One shape for the three kinds of accounts: ref, place, three times, channel, words.
_ACCOUNTS = """
SELECT 'notice' AS kind, n.id, coalesce(n.region_code, rpad(n.stream, 12, '0')) AS place, n.title,
       n.text AS words, n.channel, n.voucher, n.happened_at, n.told_at,
       n.received_at AS entered_at,
       n.entered_by, n.incident_id, n.state, '' AS subject, CAST(NULL AS double precision) AS value, n.stream
  FROM intake_notice n
UNION ALL
SELECT 'incident', i.id, i.region_code, i.number || ' ' || i.title, i.description,
       CASE i.source WHEN 'radio' THEN 'radio_370' WHEN 'telephone' THEN 'telephone' ELSE '' END, '',
       i.occurred_at, i.received_at, i.opened_at, i.opened_by, i.id, i.state, '', NULL, i.stream
  FROM incident i
UNION ALL
SELECT 'figure', f.id, i.region_code, i.number || ' ' || f.kind || ' ' || f.value, f.note, f.channel,
       f.source, f.happened_at, f.told_at, f.entered_at, f.entered_by, f.incident_id, '', f.kind, f.value,
       f.stream
  FROM incident_figure f JOIN incident i ON i.id = f.incident_id
"""


_LATELY = """
SELECT * FROM a WHERE a.stream = :stream AND a.entered_at >= :since
   AND a.state NOT IN ('dismissed', 'closed', 'scheduled') ORDER BY a.entered_at DESC LIMIT :most
"""


async def accounts(tx: Tx, stream: str, since: datetime) -> list[Account]:
    """Return what was entered since, except what was judged to be nothing or is closed."""
    rows = await tx.execute(
        text(f"WITH a AS ({_ACCOUNTS}) " + _LATELY),
        {"stream": stream, "since": since, "most": MOST},
    )
    return [
        Account(
            kind=row["kind"],
            id=row["id"],
            place=row["place"],
            happened_at=row["happened_at"] or row["told_at"],
            entered_at=row["entered_at"],
            channel=row["channel"],
            words=f"{row['title']} {row['words']}",
            of=None if row["kind"] == "incident" else row["incident_id"],
            subject=row["subject"],
            value=row["value"],
        )
        for row in rows.mappings()
    ]


async def suspect(tx: Tx, stream: str, found: Suspicion, now: datetime) -> int | None:
    """Keep a pair; None if it is known."""
    rows = await tx.execute(
        text(
            """
            INSERT INTO suspected_pair (stream, region_code, left_kind, left_id, right_kind, right_id,
                                        why_zh, why_en, found_at, reason, decided_by)
            VALUES (:stream, :place, :lk, :li, :rk, :ri, :zh, :en, :now, '', '')
            ON CONFLICT DO NOTHING RETURNING id
            """
        ),
        {
            "stream": stream,
            "place": min(found.left.place, found.right.place),
            "lk": found.left.kind,
            "li": found.left.id,
            "rk": found.right.kind,
            "ri": found.right.id,
            "zh": found.zh,
            "en": found.en,
            "now": now,
        },
    )
    return rows.scalar_one_or_none()


_PATHS = """
SELECT b.*, coalesce((SELECT string_agg(g.name_zh, '' ORDER BY g.code) FROM region g
                       WHERE g.code IN (left(b.place, 9) || '000', b.place)), '') AS region_path FROM b
"""
_PAIRS = f"WITH b AS NOT MATERIALIZED ({_ACCOUNTS}), account AS NOT MATERIALIZED ({_PATHS})"
_LISTED = """
SELECT p.id, p.region_code, p.why_zh, p.why_en, p.found_at, p.decision, p.reason, p.decided_by, p.decided_at,
       row_to_json(l.*) AS l, row_to_json(r.*) AS r
  FROM suspected_pair p JOIN account l ON l.kind = p.left_kind AND l.id = p.left_id
  JOIN account r ON r.kind = p.right_kind AND r.id = p.right_id
"""
_VISIBLE = f"""
 WHERE p.stream = :stream AND p.region_code LIKE :scope || '%'
   AND {may_know("l.incident_id")} AND {may_know("r.incident_id")}
"""


async def listed(tx: Tx, by: Viewer, *, settled: bool, limit: int) -> list[SuspectedPairFact]:
    """Return the pairs of a scope this person may see both of: those open, or those decided, latest first."""
    which = "IS NOT NULL" if settled else "IS NULL"
    rows = await tx.execute(
        text(_PAIRS + _LISTED + _VISIBLE + f" AND p.decision {which} ORDER BY p.id DESC LIMIT :limit"),
        {"stream": by.stream, "scope": by.scope, **knowing(by), "limit": limit},
    )
    return [_fact(dict(row)) for row in rows.mappings()]


async def visible(tx: Tx, by: Viewer, pair_id: int) -> SuspectedPairFact | None:
    """Return one pair if this person may see both of it."""
    rows = await tx.execute(
        text(_PAIRS + _LISTED + _VISIBLE + " AND p.id = :id"),
        {"stream": by.stream, "scope": by.scope, **knowing(by), "id": pair_id},
    )
    row = rows.mappings().first()
    return _fact(dict(row)) if row else None


def _fact(row: Mapping[str, Any]) -> SuspectedPairFact:
    told = dict(row)
    sides = {side: _account(told.pop(side[0])) for side in ("left", "right")}
    return SuspectedPairFact(**told, **sides)


def _account(row: Mapping[str, Any]) -> AccountFact:
    return AccountFact.model_validate({name: row[name] for name in AccountFact.model_fields})


async def locked(tx: Tx, stream: str, pair_id: int) -> SuspectedPair | None:
    """Return a pair's row, locked until commit, or None."""
    found = await tx.execute(
        select(SuspectedPair)
        .where(col(SuspectedPair.id) == pair_id, col(SuspectedPair.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()
