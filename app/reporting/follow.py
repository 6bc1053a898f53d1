"""Reckon the dues of an incident in the very transaction that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import Database, Tx
from app.dispatch.actions import followers
from app.dispatch.tables import Incident
from app.journal.store import Entry
from app.reporting.actions.recompute import recompute
from app.reporting.settings import Reporting


def follow_incidents(database: Database, policy: Reporting) -> None:
    """Let every change of an incident through this database reckon its dues anew."""

    async def follow(tx: Tx, incident: Incident, now: datetime) -> Sequence[Entry]:
        return await recompute(tx, policy, incident, now)

    followers.attach(database, follow)
