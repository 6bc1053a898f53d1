"""The desk passes from one team to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import Tx
from app.duty.ownership.facts import OwnerFact
from app.duty.ownership.store import owner_at
from app.duty.ownership.tables import DeskOwnership


async def take_over(
    tx: Tx, stream: str, post_id: int, lead_person_id: int, team_person_ids: Sequence[int], now: datetime
) -> OwnerFact:
    """Write who owns a desk from this second on. The caller holds the hand-over's lock and tells of it."""
    tx.add(
        DeskOwnership(
            stream=stream,
            post_id=post_id,
            lead_person_id=lead_person_id,
            team_person_ids=sorted(team_person_ids),
            since=now,
        )
    )
    await tx.flush()
    owner = await owner_at(tx, post_id, now)
    assert owner is not None
    return owner
