"""Circulars and their receipts."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.spot_check.facts import CircularDetail, CircularFact, ReceiptFact
from app.duty.spot_check.tables import SpotCircular, SpotReceipt

_FACT = """
SELECT c.spot_check_id, c.version, c.title, c.state, c.drafted_by, c.drafted_at, c.signed_by, c.signed_at,
       c.issued_by, c.issued_at,
       (SELECT count(*) FROM spot_receipt r WHERE r.spot_check_id = c.spot_check_id) AS units,
       (SELECT count(*) FROM spot_receipt r WHERE r.spot_check_id = c.spot_check_id
           AND r.received_at IS NOT NULL) AS received
  FROM spot_circular c WHERE c.spot_check_id = :id
"""
_RECEIPT = """
SELECT r.spot_check_id, r.post_id, p.name_zh AS post_name, p.region_code, r.received_by, r.received_at
  FROM spot_receipt r JOIN duty_post p ON p.id = r.post_id
 WHERE r.spot_check_id = :id AND p.region_code LIKE :scope || '%'
"""


async def fact(tx: Tx, spot_check_id: int) -> CircularFact | None:
    """Return the circular on a check without its text."""
    rows = await tx.execute(text(_FACT), {"id": spot_check_id})
    row = rows.mappings().first()
    return CircularFact(**row) if row else None


async def detail(tx: Tx, spot_check_id: int, scope: str) -> CircularDetail | None:
    """Return the circular with its text and the receipts of a scope."""
    told = await fact(tx, spot_check_id)
    if told is None:
        return None
    body = await tx.scalar(select(SpotCircular.body).where(col(SpotCircular.spot_check_id) == spot_check_id))
    return CircularDetail(**dict(told), body=str(body), receipts=await receipts(tx, spot_check_id, scope))


async def receipts(tx: Tx, spot_check_id: int, scope: str, post_id: int | None = None) -> list[ReceiptFact]:
    """Return the receipts of a scope, or that of one post, those that are missing first."""
    rows = await tx.execute(
        text(
            _RECEIPT + " AND (CAST(:post AS bigint) IS NULL OR p.id = :post)"
            " ORDER BY r.received_at IS NOT NULL, r.post_id"
        ),
        {"id": spot_check_id, "scope": scope, "post": post_id},
    )
    return [ReceiptFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, spot_check_id: int) -> SpotCircular | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(SpotCircular).where(col(SpotCircular.spot_check_id) == spot_check_id).with_for_update()
    )
    return found.scalar_one_or_none()


async def locked_receipt(tx: Tx, spot_check_id: int, post_id: int) -> SpotReceipt | None:
    """Return what one unit owes, locked until commit."""
    found = await tx.execute(
        select(SpotReceipt)
        .where(col(SpotReceipt.spot_check_id) == spot_check_id, col(SpotReceipt.post_id) == post_id)
        .with_for_update()
    )
    return found.scalar_one_or_none()
