"""Shelters, their openings and head-counts, and who goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.journal.concern import Concern
from app.org.rules.access import Viewer
from app.shelters.facts import (
    ShelterCountFact,
    ShelterFact,
    ShelterOpeningFact,
    VillageShelterFact,
)
from app.shelters.rules.choose import is_nearly_full
from app.shelters.tables import Shelter, ShelterOpening, VillageShelter

_PATH = """(SELECT string_agg(g.name_zh, '' ORDER BY g.code) FROM region g
   WHERE g.code IN (left({0}, 6) || '000000', left({0}, 9) || '000', {0}))"""
# The same decision as `may_see`, but for the place: whom the incident of an opening is told.
_KNOWN = """(:whole OR o.readers && CAST(:named AS text[])
  OR (o.readers = '{}' AND (:secret OR NOT o.restricted)))"""
_OPENING = f"""
o.id AS opening_id, CASE WHEN {_KNOWN} THEN o.incident_id END AS incident_id,
CASE WHEN {_KNOWN} THEN o.incident_number ELSE '' END AS incident_number,
CASE WHEN {_KNOWN} THEN o.reason ELSE '' END AS reason, o.opened_at, o.told_at,
o.entered_at, o.entered_by, o.channel, o.voucher, o.closed_at, o.closed_told_at, o.closed_entered_at,
o.closed_by, o.close_reason
"""
# Who is there: the last head-count, who was ticked since, less who went home since.
_SHELTER = f"""
SELECT s.id, s.level, s.legacy_class, s.grade, s.duration, s.space, s.function, s.specific, s.name_zh,
       s.name_en, s.region_code, {_PATH.format("s.region_code")} AS region_path, s.place, s.capacity,
       s.facilities, s.opener, s.opener_phone, s.maintainer, s.inspected_on, s.lon, s.lat, s.elevation_m,
       s.version,
       {_OPENING}, greatest(0, coalesce(c.heads, 0) + coalesce(e.since, 0)) AS present
  FROM shelter s
  LEFT JOIN shelter_opening o ON o.shelter_id = s.id AND o.closed_at IS NULL
  LEFT JOIN LATERAL (
    SELECT heads, counted_at FROM shelter_count WHERE opening_id = o.id
     ORDER BY counted_at DESC, id DESC LIMIT 1) c ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE (c.counted_at IS NULL OR happened_at > c.counted_at) AND back = '')
         - count(*) FILTER (WHERE happened_at <= c.counted_at AND back <> '' AND back_at > c.counted_at)
           AS since
      FROM evacuee WHERE opening_id = o.id) e ON true
 WHERE s.stream = :stream AND s.region_code LIKE :scope || '%'
"""  # noqa: S608
_ORDER = " ORDER BY array_position(ARRAY['city', 'township', 'village'], s.level), s.region_code, s.id"
_KEYS = tuple(ShelterOpeningFact.model_fields)


def _scope(by: Viewer) -> dict[str, Any]:
    return {"stream": by.stream, "scope": by.scope, **_knows(by)}


def _knows(by: Viewer) -> dict[str, Any]:
    return {"secret": by.may("see_restricted"), "named": by.names, "whole": False}


def _opening(row: Mapping[str, Any]) -> ShelterOpeningFact:
    return ShelterOpeningFact(id=row["opening_id"], **{key: row[key] for key in _KEYS if key != "id"})


def _fact(row: Mapping[str, Any]) -> ShelterFact:
    told = {key: row[key] for key in ShelterFact.model_fields if key in row}
    return ShelterFact(
        **told,
        opening=_opening(row) if row["opening_id"] is not None else None,
        nearly_full=is_nearly_full(row["present"], row["capacity"]),
    )


async def listed(tx: Tx, by: Viewer) -> list[ShelterFact]:
    """Return the shelters of a scope: the city's, townships', villages'."""
    rows = await tx.execute(text(_SHELTER + _ORDER), _scope(by))
    return [_fact(dict(row)) for row in rows.mappings()]


async def one(tx: Tx, by: Viewer, shelter_id: int, *, whole: bool = False) -> ShelterFact | None:
    """Return a shelter of the scope, or None; `whole` also names an incident that few may know of."""
    scope = {**_scope(by), "id": shelter_id}
    if whole:
        scope["whole"] = True
    rows = await tx.execute(text(_SHELTER + " AND s.id = :id"), scope)
    found = rows.mappings().first()
    return _fact(dict(found)) if found else None


async def openings(tx: Tx, by: Viewer, shelter_id: int) -> list[ShelterOpeningFact]:
    """Return the last twenty openings of a shelter, the newest first."""
    rows = await tx.execute(
        text(
            f"SELECT {_OPENING} FROM shelter_opening o WHERE o.shelter_id = :id "  # noqa: S608
            "ORDER BY o.opened_at DESC, o.id DESC LIMIT 20"
        ),
        {"id": shelter_id, **_knows(by)},
    )
    return [_opening(dict(row)) for row in rows.mappings()]


async def counts(tx: Tx, opening_id: int) -> list[ShelterCountFact]:
    """Return the head-counts of an opening as they happened, the last 500."""
    rows = await tx.execute(
        text(
            "SELECT * FROM (SELECT id, heads, counted_at, told_at, entered_at, entered_by, channel, voucher"
            " FROM shelter_count WHERE opening_id = :id ORDER BY counted_at DESC, id DESC LIMIT 500) n"
            " ORDER BY counted_at, id"
        ),
        {"id": opening_id},
    )
    return [ShelterCountFact(**row) for row in rows.mappings()]


async def shelter_row(tx: Tx, by: Viewer, shelter_id: int) -> Shelter | None:
    """Return a shelter of the scope as its row, locked until commit, or None."""
    found = await tx.get(Shelter, shelter_id, with_for_update=True)
    seen = found is not None and found.stream == by.stream and by.covers(found.region_code)
    return found if seen else None


async def opening_row(tx: Tx, shelter_id: int) -> ShelterOpening | None:
    """Return the opening of a shelter that is open, or None; the caller has locked the shelter."""
    found = await tx.execute(
        select(ShelterOpening).where(
            col(ShelterOpening.shelter_id) == shelter_id, col(ShelterOpening.closed_at).is_(None)
        )
    )
    return found.scalar_one_or_none()


async def is_named(tx: Tx, stream: str, name: str) -> bool:
    """Whether a shelter of this name exists."""
    found = await tx.execute(
        select(Shelter.id).where(col(Shelter.stream) == stream, col(Shelter.name_zh) == name)
    )
    return found.first() is not None


_VILLAGES = f"""
SELECT h.code AS village_code, {_PATH.format("h.code")} AS village_path, v.shelter_id,
       coalesce(s.name_zh, '') AS shelter_name, v.alternative_id, coalesce(a.name_zh, '') AS alternative_name,
       (SELECT count(*) FROM evacuation_resident r WHERE r.stream = :stream AND r.village_code = h.code)
         AS residents
  FROM region h
  LEFT JOIN village_shelter v ON v.stream = :stream AND v.village_code = h.code
  LEFT JOIN shelter s ON s.id = v.shelter_id
  LEFT JOIN shelter a ON a.id = v.alternative_id
 WHERE h.code LIKE :scope || '%' AND h.code LIKE left(:stream, 6) || '%' AND right(h.code, 3) <> '000'
"""  # noqa: S608


async def villages(tx: Tx, by: Viewer, codes: Sequence[str] | None = None) -> list[VillageShelterFact]:
    """Return who goes where: every village of the scope, or those of the codes that are among them."""
    only = "" if codes is None else " AND h.code = ANY(:codes)"
    rows = await tx.execute(
        text(_VILLAGES + only + " ORDER BY h.code"),
        {"stream": by.stream, "scope": by.scope, **({} if codes is None else {"codes": list(codes)})},
    )
    return [VillageShelterFact(**row) for row in rows.mappings()]


async def village_row(tx: Tx, stream: str, village_code: str) -> VillageShelter | None:
    """Return where a village goes as its row, locked until commit, or None."""
    return await tx.get(VillageShelter, (stream, village_code), with_for_update=True)


async def seal(tx: Tx, incident_id: int, whom: Concern) -> None:
    """Let an incident's openings and evacuations be known to whom the incident is known now."""
    for table in ("shelter_opening", "evacuation"):
        await tx.execute(
            text(
                f"UPDATE {table} SET restricted = :restricted, readers = CAST(:readers AS text[]) "  # noqa: S608
                "WHERE incident_id = :incident"
            ),
            {"restricted": whom.restricted, "readers": list(whom.readers), "incident": incident_id},
        )
