"""Every SQL statement about releases."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row
from sqlmodel import col, select

from app.db import Tx, sql
from app.response.release.facts import ReleaseSignatureFact
from app.response.release.tables import ReleaseLifting, ReleaseReading, ReleaseSector, ReleaseSignature

MOST_READINGS = 2000


async def villages(tx: Tx, stream: str) -> Sequence[Row[tuple[str, str, str, float, float, int | None]]]:
    """Return the villages of the county with a place."""
    rows = await tx.execute(
        sql(
            "SELECT code, name_zh, name_en, lon, lat, population FROM region "
            "WHERE code LIKE :stream || '%' AND kind IN ('village', 'community') AND lon IS NOT NULL "
            "ORDER BY code"
        ),
        {"stream": stream},
    )
    return rows.all()


async def sector(tx: Tx, incident_id: int) -> ReleaseSector | None:
    """Return the latest sector of an incident."""
    found = await tx.execute(
        select(ReleaseSector)
        .where(col(ReleaseSector.incident_id) == incident_id)
        .order_by(col(ReleaseSector.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def readings(tx: Tx, incident_id: int) -> Sequence[ReleaseReading]:
    """Return the measured values of an incident, oldest first, the latest 2000."""
    found = await tx.execute(
        select(ReleaseReading)
        .where(col(ReleaseReading.incident_id) == incident_id)
        .order_by(col(ReleaseReading.measured_at).desc(), col(ReleaseReading.id).desc())
        .limit(MOST_READINGS)
    )
    return list(reversed(found.scalars().all()))


async def lifting(tx: Tx, incident_id: int, *, to_lock: bool = False) -> ReleaseLifting | None:
    """Return the latest lifting of an incident; `to_lock` until commit."""
    asked = (
        select(ReleaseLifting)
        .where(col(ReleaseLifting.incident_id) == incident_id)
        .order_by(col(ReleaseLifting.id).desc())
        .limit(1)
    )
    found = await tx.execute(asked.with_for_update() if to_lock else asked)
    return found.scalar_one_or_none()


async def signature(tx: Tx, lifting_id: int, unit_id: int) -> ReleaseSignature | None:
    """Return the row of a department that is asked to sign."""
    found = await tx.execute(
        select(ReleaseSignature).where(
            col(ReleaseSignature.lifting_id) == lifting_id, col(ReleaseSignature.unit_id) == unit_id
        )
    )
    return found.scalar_one_or_none()


async def signatures(tx: Tx, lifting_id: int) -> list[ReleaseSignatureFact]:
    """Return what each department said."""
    rows = await tx.execute(
        sql(
            "SELECT s.unit_id, u.name_zh AS unit_name, s.verdict, s.name, s.words, s.told_by, s.signed_at "
            "FROM release_signature s JOIN org_unit u ON u.id = s.unit_id "
            "WHERE s.lifting_id = :id ORDER BY s.id"
        ),
        {"id": lifting_id},
    )
    return [ReleaseSignatureFact(**row) for row in rows.mappings()]


async def known_units(tx: Tx, stream: str, unit_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of units of the county that serve."""
    rows = await tx.execute(
        sql(
            "SELECT id, name_zh FROM org_unit WHERE id = ANY(:ids) AND active "
            "AND region_code LIKE :stream || '%'"
        ),
        {"ids": list(unit_ids), "stream": stream},
    )
    return {row.id: row.name_zh for row in rows}
