"""A message of a check that nobody needs any more."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.duty.spot_check.tables import SpotAttempt


async def withdraw(tx: Tx, call: SpotAttempt, now: datetime) -> None:
    """Let the message of a call not leave any more, if it still waits."""
    row = await deliveries.locked(tx, call.delivery_id) if call.delivery_id is not None else None
    if row is not None and row.state == "queued":
        delivery.move(row, "cancel", now)
