"""Every SQL statement about the dates of gateways' passwords."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.org.tables import Device

FAMILY = "gateway"


async def known(tx: Tx, stream: str, gateways: Sequence[str]) -> dict[str, datetime | None]:
    """Return since when the passwords of these gateways hold; one that is not in the register is left out."""
    rows = await tx.execute(
        text(
            "SELECT number, credential_at FROM device"
            " WHERE stream = :stream AND family = :family AND number = ANY(:numbers)"
        ),
        {"stream": stream, "family": FAMILY, "numbers": list(gateways)},
    )
    return {str(number): at for number, at in rows}


async def locked(tx: Tx, stream: str, gateway: str) -> Device | None:
    """Return the gateway's row, locked until commit; None if it is not in this county's register."""
    found = await tx.execute(
        select(Device)
        .where(col(Device.stream) == stream, col(Device.family) == FAMILY, col(Device.number) == gateway)
        .with_for_update(key_share=True)
    )
    return found.scalar_one_or_none()
