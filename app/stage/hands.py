"""By whose hand something is done in the demo."""

from __future__ import annotations

from sqlmodel import col, select

from app.db import Tx
from app.org.accounts import viewer_of
from app.org.rules.access import Viewer
from app.org.tables import Account


async def hand_of(tx: Tx, username: str) -> Viewer:
    """Return the viewer of an account of the demo."""
    found = await tx.execute(select(Account).where(col(Account.username) == username))
    return viewer_of(found.scalar_one())
