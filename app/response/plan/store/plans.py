"""The register of plans, their versions and cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from app import pinyin
from app.db import Tx, sql
from app.org.rules.access import Viewer
from app.response.plan.facts import PlanBrief, PlanFact, PlanVersionFact
from app.response.plan.rules.fit import EXPIRING, Candidate, validity
from app.response.plan.tables import ActionCard, Plan, PlanVersion

State = Literal["all", "valid", "expiring", "expired", "none", "carded", "retired"]
_FROM = """
  FROM plan p
  JOIN region g ON g.code = p.region_code
  LEFT JOIN LATERAL (SELECT * FROM plan_version v WHERE v.plan_id = p.id ORDER BY v.version DESC LIMIT 1) v
         ON true
  LEFT JOIN LATERAL (SELECT max(c.version) AS version FROM action_card c WHERE c.plan_id = p.id) c ON true
 WHERE p.stream = :stream AND (p.region_code LIKE :scope || '%' OR p.region_code = rpad(:stream, 12, '0'))
"""
_FACT = """
SELECT p.id, p.kind, p.name_zh, p.region_code, p.tier, p.hazards, p.owner_unit_id, p.owner_name,
       g.name_zh AS region_name, p.revision, coalesce(v.number, '') AS number, v.issued_on, v.valid_to,
       coalesce(v.version, 0) AS versions, c.version AS card_version, p.retired_at, p.retired_reason
"""
_STATES: dict[str, str] = {
    "all": "p.retired_at IS NULL",
    "valid": "p.retired_at IS NULL AND v.version IS NOT NULL AND (v.valid_to IS NULL OR v.valid_to > :soon)",
    "expiring": "p.retired_at IS NULL AND v.valid_to BETWEEN :today AND :soon",
    "expired": "p.retired_at IS NULL AND v.valid_to < :today",
    "none": "p.retired_at IS NULL AND v.version IS NULL",
    "carded": "p.retired_at IS NULL AND c.version IS NOT NULL",
    "retired": "p.retired_at IS NOT NULL",
}
_WORDS = """ AND (:words = '' OR p.name_zh ILIKE :like OR p.owner_name ILIKE :like OR v.number ILIKE :like
             OR g.name_zh ILIKE :like OR p.id = ANY(:spelt))"""
_ORDER = """ ORDER BY array_position(ARRAY['general', 'special', 'departmental', 'township', 'grassroots'],
                                    p.kind),
                     c.version IS NULL, p.region_code, p.id LIMIT :limit OFFSET :offset"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which plans are looked for."""

    kind: str | None
    state: State
    words: str
    offset: int = 0
    limit: int = 100


def _reader(by: Viewer, today: date) -> dict[str, Any]:
    return {"stream": by.stream, "scope": by.scope, "today": today, "soon": today + EXPIRING}


async def listed(tx: Tx, by: Viewer, wanted: Wanted, today: date) -> tuple[list[PlanFact], int]:
    """Return the plans a person may read that were asked for, and how many there are without the limit."""
    where = f" AND {_STATES[wanted.state]} AND (CAST(:kind AS text) IS NULL OR p.kind = :kind)" + _WORDS
    like = "%" + wanted.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    told = {
        **_reader(by, today),
        "kind": wanted.kind,
        "words": wanted.words,
        "like": like,
        "spelt": await _spelt(tx, by, wanted.words, today),
    }
    found = await tx.scalar(text("SELECT count(*)" + _FROM + where), told)
    rows = await tx.execute(
        text(_FACT + _FROM + where + _ORDER), {**told, "limit": wanted.limit, "offset": wanted.offset}
    )
    return [_fact(row, today) for row in rows.mappings()], int(found or 0)


async def _spelt(tx: Tx, by: Viewer, words: str, today: date) -> list[int]:
    """Return the plans whose name, owner or place is spelt like the words, by syllables or first letters."""
    if not pinyin.is_spelling(words):
        return []
    names = sql("SELECT p.id, p.name_zh, p.owner_name, g.name_zh AS region_name" + _FROM)
    rows = await tx.execute(names, _reader(by, today))
    return [
        row.id
        for row in rows
        if any(pinyin.meets(words, name) for name in (row.name_zh, row.owner_name, row.region_name))
    ]


async def counts(tx: Tx, by: Viewer, today: date) -> dict[str, int]:
    """Return how many plans there are: by kind, and `total`, `expiring`, `expired`, `carded`."""
    rows = await tx.execute(
        text(
            "SELECT p.kind, count(*) AS n,"
            " count(*) FILTER (WHERE v.valid_to BETWEEN :today AND :soon) AS soon,"
            " count(*) FILTER (WHERE v.valid_to < :today) AS over, count(c.version) AS carded"
            + _FROM
            + " AND p.retired_at IS NULL GROUP BY p.kind"
        ),
        _reader(by, today),
    )
    told = {"total": 0, "expiring": 0, "expired": 0, "carded": 0}
    for row in rows:
        told[str(row.kind)] = row.n
        told["total"] += row.n
        told["expiring"] += row.soon
        told["expired"] += row.over
        told["carded"] += row.carded
    return told


async def seen(tx: Tx, by: Viewer, plan_id: int, today: date) -> PlanFact | None:
    """Return a plan this person may read."""
    rows = await tx.execute(text(_FACT + _FROM + " AND p.id = :id"), {**_reader(by, today), "id": plan_id})
    row = rows.mappings().first()
    return _fact(row, today) if row else None


def _fact(row: RowMapping, today: date) -> PlanFact:
    told = dict(row)
    return PlanFact(**told, validity=validity(told["valid_to"], today, versions=told["versions"]))


async def every(tx: Tx, by: Viewer) -> list[Plan]:
    """Return the plans of a scope that are in use, as rows, for a sheet."""
    found = await tx.execute(
        select(Plan)
        .where(
            col(Plan.stream) == by.stream,
            col(Plan.region_code).startswith(by.scope),
            col(Plan.retired_at).is_(None),
        )
        .order_by(col(Plan.id))
        .limit(5000)
    )
    return list(found.scalars())


async def last_versions(tx: Tx, plan_ids: Sequence[int]) -> dict[int, PlanVersion]:
    """Return the last version of each of these plans that has one."""
    found = await tx.execute(
        select(PlanVersion).where(col(PlanVersion.plan_id).in_(plan_ids)).order_by(col(PlanVersion.version))
    )
    return {row.plan_id: row for row in found.scalars()}


async def candidates(tx: Tx, by: Viewer) -> list[Candidate]:
    """Return the plans that may be proposed to a person."""
    rows = await tx.execute(
        text(
            "SELECT p.id, p.kind, p.name_zh, p.hazards, p.region_code, c.version IS NOT NULL AS carded"
            + _FROM
            + " AND p.retired_at IS NULL AND (p.kind = 'general' OR p.hazards <> '{}') ORDER BY p.id"
        ),
        _reader(by, date.min),
    )
    return [
        Candidate(row.id, row.kind, row.name_zh, tuple(row.hazards), row.region_code, row.carded)
        for row in rows
    ]


async def locked(tx: Tx, stream: str, plan_id: int) -> Plan | None:
    """Return a plan's row, locked until commit; None if it is not of this county."""
    found = await tx.execute(
        select(Plan).where(col(Plan.id) == plan_id, col(Plan.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def named(tx: Tx, stream: str, region_code: str, name: str) -> int | None:
    """Return which plan of a place has this name."""
    found = await tx.scalar(
        select(Plan.id).where(
            col(Plan.stream) == stream, col(Plan.region_code) == region_code, col(Plan.name_zh) == name
        )
    )
    return None if found is None else int(found)


async def brief(tx: Tx, plan_id: int) -> PlanBrief:
    """Return a plan as the log needs it."""
    row = await tx.get_one(Plan, plan_id)
    return PlanBrief(id=plan_id, kind=row.kind, name_zh=row.name_zh, region_code=row.region_code)


async def history(tx: Tx, plan_id: int) -> list[PlanVersionFact]:
    """Return the versions of a plan, the latest first."""
    found = await tx.execute(
        select(PlanVersion)
        .where(col(PlanVersion.plan_id) == plan_id)
        .order_by(col(PlanVersion.version).desc())
        .limit(50)
    )
    return [PlanVersionFact(**row.model_dump(exclude={"plan_id"})) for row in found.scalars()]


async def version(tx: Tx, plan_id: int, number: int) -> PlanVersion | None:
    """Return one version."""
    return await tx.get(PlanVersion, (plan_id, number))


async def card(tx: Tx, plan_id: int, number: int | None = None) -> ActionCard | None:
    """Return a version of a plan's card, the latest unless told."""
    asked = select(ActionCard).where(col(ActionCard.plan_id) == plan_id)
    if number is not None:
        asked = asked.where(col(ActionCard.version) == number)
    found = await tx.execute(asked.order_by(col(ActionCard.version).desc()).limit(1))
    return found.scalar_one_or_none()


async def card_versions(tx: Tx, plan_id: int) -> list[int]:
    """Return which versions of a card there are, the latest first."""
    found = await tx.execute(
        select(ActionCard.version)
        .where(col(ActionCard.plan_id) == plan_id)
        .order_by(col(ActionCard.version).desc())
        .limit(200)
    )
    return list(found.scalars())


async def event_name(tx: Tx, code: str) -> str | None:
    """Return what a kind of event is called, None for an unknown one."""
    found = await tx.scalar(text("SELECT name_zh FROM event_type WHERE code = :c LIMIT 1"), {"c": code})
    return None if found is None else str(found)
