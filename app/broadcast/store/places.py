"""Villages, their loudspeakers and who carries them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from app.broadcast.rules.coverage import Carrier, Loudspeaker
from app.broadcast.rules.places import prefix_of
from app.db import Tx

VILLAGES = ("village", "community")
_PATH = """(SELECT string_agg(g.name_zh, '' ORDER BY g.code) FROM region g
   WHERE g.code IN (left(r.code, 9) || '000', r.code) AND right(g.code, 6) <> '000000')"""


@dataclass(frozen=True, slots=True)
class Village:
    """A village of the tree; `path` is township and village: 临溪镇东岸村."""

    code: str
    name: str
    path: str
    lon: float
    lat: float
    population: int


async def villages(tx: Tx, stream: str, scope: str, codes: Sequence[str] | None = None) -> list[Village]:
    """Return the villages of a scope, by code; with `codes` those at or below one of these places."""
    prefixes = None if codes is None else [prefix_of(code) for code in codes]
    rows = await tx.execute(
        text(
            f"SELECT r.code, r.name_zh AS name, {_PATH} AS path, r.lon, r.lat, r.population FROM region r "  # noqa: S608
            "WHERE r.code LIKE :stream || '%' AND r.code LIKE :scope || '%' AND r.kind = ANY(:kinds) "
            "AND (CAST(:prefixes AS text[]) IS NULL OR EXISTS ("
            "  SELECT 1 FROM unnest(CAST(:prefixes AS text[])) p WHERE r.code LIKE p || '%')) "
            "ORDER BY r.code"
        ),
        {"stream": stream, "scope": scope, "kinds": list(VILLAGES), "prefixes": prefixes},
    )
    return [Village(**row) for row in rows.mappings()]


async def names(tx: Tx, codes: Iterable[str]) -> dict[str, str]:
    """Return the names of places by code."""
    rows = await tx.execute(
        text("SELECT code, name_zh FROM region WHERE code = ANY(:codes)"), {"codes": list(codes)}
    )
    return {row.code: row.name_zh for row in rows}


async def loudspeakers(tx: Tx, stream: str, codes: Sequence[str]) -> list[Loudspeaker]:
    """Return the terminals that sound in villages; sets at stations are none of them."""
    rows = await tx.execute(
        text(
            "SELECT id, region_code, state, drills, peer_id FROM broadcast_terminal "
            "WHERE stream = :stream AND region_code = ANY(:codes) AND kind <> 'station' ORDER BY id"
        ),
        {"stream": stream, "codes": list(codes)},
    )
    return [Loudspeaker(row.id, row.region_code, row.state, row.drills, row.peer_id) for row in rows]


async def carriers(tx: Tx, stream: str) -> list[Carrier]:
    """Return the platforms that are switched on."""
    rows = await tx.execute(
        text("SELECT id, region_code, drills FROM broadcast_peer WHERE stream = :stream AND active"),
        {"stream": stream},
    )
    return [Carrier(row.id, prefix_of(row.region_code), row.drills) for row in rows]


async def event_kind(tx: Tx, code: str) -> bool | None:
    """Return whether a kind of event is for named readers only; None: there is no such kind."""
    found: bool | None = await tx.scalar(
        text("SELECT bool_or(restricted) FROM event_type WHERE code = :code"), {"code": code}
    )
    return found
