"""Evacuations, their villages and the people on their lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.org.rules.access import Viewer
from app.shelters.evacuation_facts import (
    EvacuationBriefFact,
    EvacuationFact,
    EvacuationTallyFact,
    EvacuationVillageFact,
    EvacueeFact,
)
from app.shelters.tables import Evacuation, EvacuationResident, EvacuationVillage, Evacuee

_KEYS = tuple(EvacuationTallyFact.model_fields)
_TALLY = """
count(e.id) AS total, count(e.id) FILTER (WHERE e.state = 'waiting') AS waiting,
count(e.id) FILTER (WHERE e.state = 'moved') AS moved,
count(e.id) FILTER (WHERE e.state = 'moved' AND e.means = 'door_knock') AS door_knock,
count(e.id) FILTER (WHERE e.state = 'refused') AS refused,
count(e.id) FILTER (WHERE e.back = 'home') AS home,
count(e.id) FILTER (WHERE e.back = 'missing') AS missing,
count(e.id) FILTER (WHERE e.state = 'waiting' AND e.needs <> '') AS need_help
"""
_PATH = """(SELECT string_agg(g.name_zh, '' ORDER BY g.code) FROM region g
   WHERE g.code IN (left(v.village_code, 6) || '000000', left(v.village_code, 9) || '000', v.village_code))"""
_VILLAGE = f"""
SELECT v.evacuation_id, v.village_code, {_PATH} AS village_path, v.shelter_id,
       coalesce(s.name_zh, '') AS shelter_name, v.alternative_id, coalesce(a.name_zh, '') AS alternative_name,
       {_TALLY}
  FROM evacuation_village v
  LEFT JOIN shelter s ON s.id = v.shelter_id
  LEFT JOIN shelter a ON a.id = v.alternative_id
  LEFT JOIN evacuee e ON e.evacuation_id = v.evacuation_id AND e.village_code = v.village_code
 WHERE v.evacuation_id = ANY(:ids) AND v.village_code LIKE :scope || '%'
 GROUP BY v.evacuation_id, v.village_code, s.name_zh, a.name_zh ORDER BY v.village_code
"""  # noqa: S608
_EVACUATION = """
SELECT v.id, v.incident_id, v.incident_number, v.reason, v.deadline, v.ordered_at, v.told_at, v.entered_at,
       v.entered_by, v.ended_at, v.ended_by, v.end_reason
  FROM evacuation v
"""
# The same decision as `may_see`, near the rows, so that a limit counts only what this person sees.
_VISIBLE = """
 WHERE v.stream = :stream AND (v.readers && CAST(:named AS text[]) OR (
       v.readers = '{}' AND (:secret OR NOT v.restricted)))
   AND EXISTS (
   SELECT 1 FROM evacuation_village n WHERE n.evacuation_id = v.id AND n.village_code LIKE :scope || '%')
"""
_PERSON = """
SELECT e.id, e.village_code, e.household, e.name, e.phone, e.needs, e.state, o.shelter_id,
       coalesce(s.name_zh, '') AS shelter_name, e.means, e.reason, e.witness, e.attachment, e.happened_at,
       e.told_at, e.entered_at, e.entered_by, e.channel, e.voucher, e.back, e.back_note, e.back_at,
       e.back_told_at, e.back_entered_at, e.back_entered_by
  FROM evacuee e
  LEFT JOIN shelter_opening o ON o.id = e.opening_id
  LEFT JOIN shelter s ON s.id = o.shelter_id
 WHERE e.evacuation_id = :id AND e.village_code LIKE :scope || '%'
"""


async def listed(
    tx: Tx, by: Viewer, *, incident_id: int | None = None, limit: int = 50
) -> list[EvacuationFact]:
    """Return the evacuations of the scope with its villages: those that run first, then the newest."""
    about = "" if incident_id is None else " AND v.incident_id = :incident"
    rows = await tx.execute(
        text(
            _EVACUATION + _VISIBLE + about + " ORDER BY v.ended_at IS NOT NULL, v.ordered_at DESC, v.id DESC"
            " LIMIT :limit"
        ),
        {**_scope(by), "limit": limit, **({} if incident_id is None else {"incident": incident_id})},
    )
    return await _whole(tx, by.scope, [dict(row) for row in rows.mappings()])


async def seen(tx: Tx, by: Viewer, evacuation_id: int) -> EvacuationFact | None:
    """Return an evacuation with the villages of the scope, or None."""
    rows = await tx.execute(
        text(_EVACUATION + _VISIBLE + " AND v.id = :id"), {**_scope(by), "id": evacuation_id}
    )
    found = rows.mappings().first()
    return (await _whole(tx, by.scope, [dict(found)]))[0] if found else None


async def brief(tx: Tx, evacuation_id: int) -> EvacuationBriefFact:
    """Return an evacuation that is known to exist with the tally of all its villages."""
    rows = await tx.execute(text(_EVACUATION + " WHERE v.id = :id"), {"id": evacuation_id})
    return (await _whole(tx, "", [dict(rows.mappings().one())]))[0].evacuation


def _scope(by: Viewer) -> dict[str, Any]:
    told = {"stream": by.stream, "scope": by.scope, "secret": by.may("see_restricted")}
    return {**told, "named": by.names}


async def _whole(tx: Tx, scope: str, rows: Sequence[Mapping[str, Any]]) -> list[EvacuationFact]:
    found = await tx.execute(text(_VILLAGE), {"ids": [row["id"] for row in rows], "scope": scope})
    villages: dict[int, list[EvacuationVillageFact]] = {row["id"]: [] for row in rows}
    for row in found.mappings():
        told = {key: row[key] for key in EvacuationVillageFact.model_fields if key in row}
        tally = EvacuationTallyFact(**{key: row[key] for key in _KEYS})
        villages[row["evacuation_id"]].append(EvacuationVillageFact(**told, tally=tally))
    return [
        EvacuationFact(
            evacuation=EvacuationBriefFact(**row, tally=_sum(one.tally for one in villages[row["id"]])),
            villages=villages[row["id"]],
        )
        for row in rows
    ]


def _sum(tallies: Iterable[EvacuationTallyFact]) -> EvacuationTallyFact:
    whole: Counter[str] = Counter(dict.fromkeys(_KEYS, 0))
    for one in tallies:
        whole.update(one.model_dump())
    return EvacuationTallyFact(**{key: whole[key] for key in _KEYS})


async def people(tx: Tx, evacuation_id: int, scope: str, village: str = "") -> list[EvacueeFact]:
    """Return who stands on the lists of a scope, or of one village, by household."""
    rows = await tx.execute(
        text(
            _PERSON + " AND e.village_code LIKE :village || '%' ORDER BY e.village_code,"
            " min(e.id) OVER (PARTITION BY e.village_code, e.household), e.id"
        ),
        {"id": evacuation_id, "scope": scope, "village": village},
    )
    return [EvacueeFact(**row) for row in rows.mappings()]


async def evacuation_row(tx: Tx, by: Viewer, evacuation_id: int) -> Evacuation | None:
    """Return an evacuation of the scope as its row, locked until commit, or None."""
    if await seen(tx, by, evacuation_id) is None:
        return None
    return await tx.get(Evacuation, evacuation_id, with_for_update=True, populate_existing=True)


async def village_codes(tx: Tx, evacuation_id: int) -> set[str]:
    """Return the villages of an evacuation."""
    found = await tx.execute(
        select(EvacuationVillage.village_code).where(col(EvacuationVillage.evacuation_id) == evacuation_id)
    )
    return set(found.scalars())


async def evacuee_rows(tx: Tx, evacuation_id: int, scope: str, ids: Sequence[int]) -> list[Evacuee]:
    """Return those of these persons who stand on the lists of the scope, as rows."""
    found = await tx.execute(
        select(Evacuee)
        .where(
            col(Evacuee.evacuation_id) == evacuation_id,
            col(Evacuee.id).in_(ids),
            col(Evacuee.village_code).startswith(scope),
        )
        .order_by(col(Evacuee.id))
    )
    return list(found.scalars())


async def is_listed(tx: Tx, evacuation_id: int, village: str, household: str, name: str) -> bool:
    """Whether a person of this household stands on the list."""
    found = await tx.execute(
        select(Evacuee.id).where(
            col(Evacuee.evacuation_id) == evacuation_id,
            col(Evacuee.village_code) == village,
            col(Evacuee.household) == household,
            col(Evacuee.name) == name,
        )
    )
    return found.first() is not None


async def list_residents(tx: Tx, stream: str, evacuation_id: int, codes: Sequence[str]) -> int:
    """Put the residents of villages on the lists of an evacuation; return how many."""
    found = await tx.execute(
        text(
            "INSERT INTO evacuee (evacuation_id, village_code, household, name, phone, needs, state, means,"
            " reason, witness, attachment, entered_by, channel, voucher, back, back_note, back_entered_by)"
            " SELECT :id, village_code, household, name, phone, needs, 'waiting', '', '', '', '', '', '', '',"
            " '', '', '' FROM evacuation_resident WHERE stream = :stream AND village_code = ANY(:codes)"
            " ORDER BY village_code, id RETURNING id"
        ),
        {"id": evacuation_id, "stream": stream, "codes": list(codes)},
    )
    return len(found.all())


async def names_of(tx: Tx, codes: Iterable[str]) -> list[str]:
    """Return the names of villages, by code."""
    found = await tx.execute(
        text("SELECT name_zh FROM region WHERE code = ANY(:codes) ORDER BY code"),
        {"codes": sorted(set(codes))},
    )
    return list(found.scalars())


async def residents(tx: Tx, by: Viewer) -> list[EvacuationResident]:
    """Return the register of residents of the scope, by household."""
    found = await tx.execute(
        select(EvacuationResident)
        .where(
            col(EvacuationResident.stream) == by.stream,
            col(EvacuationResident.village_code).startswith(by.scope),
        )
        .order_by(col(EvacuationResident.village_code), col(EvacuationResident.id))
    )
    return list(found.scalars())


async def village_names(tx: Tx, scope: str) -> dict[str, str]:
    """Return the names of the villages of a scope, by code."""
    rows = await tx.execute(
        text("SELECT code, name_zh FROM region WHERE code LIKE :scope || '%' AND right(code, 3) <> '000'"),
        {"scope": scope},
    )
    return {row.code: row.name_zh for row in rows}


async def goals(tx: Tx, evacuation_id: int, scope: str) -> set[int]:
    """Return the shelters to which an order sends the villages of a scope."""
    rows = await tx.execute(
        select(EvacuationVillage.shelter_id, EvacuationVillage.alternative_id).where(
            col(EvacuationVillage.evacuation_id) == evacuation_id,
            col(EvacuationVillage.village_code).startswith(scope),
        )
    )
    return {one for row in rows for one in row if one is not None}
