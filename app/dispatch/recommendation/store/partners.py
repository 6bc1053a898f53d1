"""Who helps from outside."""

from __future__ import annotations

from app.db import Tx, sql
from app.dispatch.recommendation.facts import AidFact
from app.tracking.distance import distance_m


async def who_has(
    tx: Tx, stream: str, capability: str, lon: float | None, lat: float | None
) -> list[AidFact]:
    """Return the partners that have a capability: neighbours by distance, then the superior, then others."""
    rows = await tx.execute(
        sql(
            "SELECT id, kind, name_zh, name_en, phone, lon, lat FROM mutual_aid_partner"
            " WHERE stream = :stream AND active AND :capability = ANY(capabilities)"
            " ORDER BY array_position(ARRAY['neighbour', 'superior', 'military'], kind), id"
        ),
        {"stream": stream, "capability": capability},
    )
    found = []
    for row in rows:
        away = None
        if None not in (lon, lat, row.lon, row.lat):
            away = round(distance_m(lon or 0.0, lat or 0.0, row.lon, row.lat), 1)
        found.append(
            AidFact(
                partner_id=row.id,
                kind=row.kind,
                name_zh=row.name_zh,
                name_en=row.name_en,
                phone=row.phone,
                distance_m=away,
            )
        )
    neighbours = sorted(
        (one for one in found if one.kind == "neighbour"), key=lambda one: one.distance_m or 1e12
    )
    return neighbours + [one for one in found if one.kind != "neighbour"]
