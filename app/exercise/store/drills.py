"""Drills, who controls them, and the counters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from app.db import Tx, sql
from app.exercise.facts import DrillCount, DrillFact, DrillMemberFact
from app.exercise.tables import Drill, DrillMember
from app.org.rules.access import Viewer

MOST = 200
CONTROLLERS = ("centre_leader", "shift_lead", "duty_officer")  # roles that may control or judge a drill
_FACT = """
SELECT d.id, d.number, d.code, d.name, d.kind, d.no_script, d.purpose, d.state, d.revision, d.planned_at,
       d.minutes, d.started_at, d.paused_at, d.pause_reason, d.ended_at, d.live_voice, d.live_voice_by,
       d.director, d.evaluated_at,
       (SELECT count(*) FROM drill_inject j WHERE j.drill_id = d.id AND j.state = 'fired'
           AND j.spec->>'kind' <> 'role_play') AS fired,
       EXISTS (SELECT 1 FROM drill_member m WHERE m.drill_id = d.id AND m.account_id = :account) AS mine,
       p.participants, p.observers, p.participants = '[]' OR p.whole OR p.own AS takes_part
  FROM drill d
  CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_object('key', key, 'name', name) ORDER BY key)
                      FILTER (WHERE role = 'participant'), '[]') AS participants,
           coalesce(jsonb_agg(jsonb_build_object('key', key, 'name', name) ORDER BY key)
                      FILTER (WHERE role = 'observer'), '[]') AS observers,
           CAST(:names AS text[]) IS NULL AS whole,
           coalesce(bool_or(key = ANY(CAST(:names AS text[]))), false) AS own
      FROM drill_party WHERE drill_id = d.id
  ) p
"""


def _who(by: Viewer | None) -> dict[str, Any]:
    """Return what a drill's statement asks of its reader; None is what is told to everybody."""
    if by is None:
        return {"account": 0, "names": None}
    return {"account": by.account_id, "names": [*by.names, *(f"team:{one}" for one in by.team_ids)]}


async def locked(tx: Tx, stream: str, drill_id: int) -> Drill | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Drill).where(col(Drill.id) == drill_id, col(Drill.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def fact(tx: Tx, drill_id: int, by: Viewer | None = None) -> DrillFact:
    """Return a drill as everybody sees it; `mine` and `takes_part` as a reader does."""
    rows = await tx.execute(sql(_FACT + " WHERE d.id = :id"), {"id": drill_id, **_who(by)})
    return DrillFact(**rows.mappings().one())


async def listed(tx: Tx, by: Viewer) -> list[DrillFact]:
    """Return the drills of the county, those under way first, then the latest."""
    rows = await tx.execute(
        sql(
            _FACT
            + " WHERE d.stream = :stream ORDER BY d.state NOT IN ('running', 'paused'), d.planned_at DESC,"
            + " d.id DESC LIMIT :most"
        ),
        {"stream": by.stream, "most": MOST, **_who(by)},
    )
    return [DrillFact(**row) for row in rows.mappings()]


async def under_way(tx: Tx, stream: str, states: Sequence[str] = ("running", "paused")) -> list[int]:
    """Return the drills that are under way, the oldest first."""
    rows = await tx.execute(
        sql("SELECT id FROM drill WHERE stream = :stream AND state = ANY(:states) ORDER BY id"),
        {"stream": stream, "states": list(states)},
    )
    return list(rows.scalars())


async def state_of(tx: Tx, stream: str, drill_id: int) -> str | None:
    """Return the state of a drill of the county, or None."""
    found = await tx.scalar(
        sql("SELECT state FROM drill WHERE id = :id AND stream = :stream"), {"id": drill_id, "stream": stream}
    )
    return None if found is None else str(found)


async def may_sound(tx: Tx, incident_id: int) -> bool:
    """Whether loudspeakers may sound for an incident: of no drill, or of one in which they were let."""
    found = await tx.scalar(
        sql(
            "SELECT NOT EXISTS (SELECT 1 FROM incident i JOIN drill d ON d.id = i.drill_id"
            " WHERE i.id = :id AND NOT d.live_voice)"
        ),
        {"id": incident_id},
    )
    return bool(found)


async def counts(tx: Tx, stream: str, zone: str) -> list[DrillCount]:
    """Return how many drills were finished by year and kind, the latest year first."""
    rows = await tx.execute(
        sql(
            "SELECT CAST(extract(year FROM ended_at AT TIME ZONE :zone) AS int) AS year, kind,"
            " count(*) AS finished, count(*) FILTER (WHERE no_script) AS no_script FROM drill"
            " WHERE stream = :stream AND state = 'finished' GROUP BY 1, 2 ORDER BY 1 DESC, 2"
        ),
        {"stream": stream, "zone": zone},
    )
    return [DrillCount(**row) for row in rows.mappings()]


async def members(tx: Tx, drill_id: int) -> list[DrillMemberFact]:
    """Return who directs, controls and judges a drill, the director first."""
    rows = await tx.execute(
        sql(
            "SELECT m.account_id, a.name_zh AS name, m.role FROM drill_member m"
            " JOIN account a ON a.id = m.account_id WHERE m.drill_id = :id"
            " ORDER BY m.role <> 'director', m.role, m.account_id"
        ),
        {"id": drill_id},
    )
    return [DrillMemberFact(**row) for row in rows.mappings()]


async def role_of(tx: Tx, drill_id: int, account_id: int) -> str | None:
    """Return what an account is in a drill, None for everybody who takes part."""
    found = await tx.get(DrillMember, (drill_id, account_id))
    return found.role if found is not None else None


async def accounts(tx: Tx, stream: str, account_ids: Sequence[int]) -> list[int]:
    """Return which of these accounts may control a drill."""
    rows = await tx.execute(
        sql(
            "SELECT id FROM account WHERE stream = :stream AND id = ANY(:ids) AND active AND scope = :stream"
            " AND role = ANY(:roles)"
        ),
        {"stream": stream, "ids": list(account_ids), "roles": list(CONTROLLERS)},
    )
    return list(rows.scalars())


async def candidates(tx: Tx, stream: str) -> list[dict[str, Any]]:
    """Return the accounts that may control a drill: of the county's own desk."""
    rows = await tx.execute(
        sql(
            "SELECT id AS account_id, name_zh AS name, role FROM account"
            " WHERE stream = :stream AND scope = :stream AND active AND role = ANY(:roles) ORDER BY id"
        ),
        {"stream": stream, "roles": list(CONTROLLERS)},
    )
    return [dict(row) for row in rows.mappings()]


async def forget_members(tx: Tx, drill_id: int) -> None:
    """Take everybody but the director off a drill."""
    await tx.execute(sql("DELETE FROM drill_party WHERE drill_id = :id"), {"id": drill_id})
    await tx.execute(
        sql("DELETE FROM drill_member WHERE drill_id = :id AND role <> 'director'"), {"id": drill_id}
    )
