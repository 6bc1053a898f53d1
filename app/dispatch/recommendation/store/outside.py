"""Teams away from home and partners from outside, as rows and wire shapes."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.recommendation.facts import DeploymentFact, PartnerFact
from app.dispatch.recommendation.tables import ForwardDeployment, MutualAidPartner

_DEPLOYMENT = """
SELECT f.id, f.team_id, t.name_zh AS team_name, f.kind, f.region_code, r.name_zh AS region_name, f.place,
       f.lon, f.lat, f.reason, f.starts_at, f.ends_at, f.ordered_by, f.ordered_at, f.ended_by, f.ended_at
  FROM forward_deployment f JOIN team t ON t.id = f.team_id JOIN region r ON r.code = f.region_code
 WHERE f.stream = :stream
"""
_PARTNER = """
SELECT id, kind, name_zh, name_en, phone, lon, lat, capabilities, note, active FROM mutual_aid_partner
 WHERE stream = :stream
"""


async def deployment(tx: Tx, stream: str, deployment_id: int) -> DeploymentFact:
    """Return one deployment."""
    rows = await tx.execute(text(_DEPLOYMENT + " AND f.id = :id"), {"stream": stream, "id": deployment_id})
    return DeploymentFact(**rows.mappings().one())


async def deployments(tx: Tx, stream: str, scope: str, limit: int) -> list[DeploymentFact]:
    """Return the deployments of a scope's teams or places, those that hold first, then the newest."""
    where = " AND (t.region_code LIKE :scope || '%' OR f.region_code LIKE :scope || '%')"
    order = " ORDER BY f.ended_at IS NOT NULL, f.id DESC LIMIT :n"
    known = {"stream": stream, "scope": scope, "n": limit}
    rows = await tx.execute(text(_DEPLOYMENT + where + order), known)
    return [DeploymentFact(**row) for row in rows.mappings()]


async def standing(tx: Tx, team_id: int) -> ForwardDeployment | None:
    """Return the team's deployment that holds, locked until commit."""
    found = await tx.execute(
        select(ForwardDeployment)
        .where(col(ForwardDeployment.team_id) == team_id, col(ForwardDeployment.ended_at).is_(None))
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def partners(tx: Tx, stream: str) -> list[PartnerFact]:
    """Return everybody who helps from outside, those who still do first."""
    rows = await tx.execute(text(_PARTNER + " ORDER BY NOT active, id"), {"stream": stream})
    return [PartnerFact(**row) for row in rows.mappings()]


async def partner_row(tx: Tx, stream: str, partner_id: int) -> MutualAidPartner | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(MutualAidPartner)
        .where(col(MutualAidPartner.id) == partner_id, col(MutualAidPartner.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()
