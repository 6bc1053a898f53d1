"""Voices and recordings."""

from __future__ import annotations

from sqlmodel import col, select

from app.broadcast.beside.tables import BroadcastFile
from app.db import Tx


async def voice(tx: Tx, file_id: int) -> bytes | None:
    """Return the bytes of a voice file; None when there is none."""
    found: bytes | None = await tx.scalar(
        select(BroadcastFile.data).where(col(BroadcastFile.id) == file_id, col(BroadcastFile.use) == "voice")
    )
    return found
