"""Who must know within the same transaction that an incident changed.

Reporting stands above dispatch, which cannot call it. So whoever follows is attached to the database once, at
start; every transaction carries it along, and every change of an incident calls it before the journal is
written (docs/decisions/0014-reporting-clocks.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from app.db import Database, Tx
from app.dispatch.tables import Incident
from app.journal.store import Entry

Follow = Callable[[Tx, Incident, datetime], Awaitable[Sequence[Entry]]]
"""Called with the flushed incident; returns what the journal is told besides. An error undoes the change."""
_KEY = "incident_followers"


def attach(database: Database, follow: Follow) -> None:
    """Let somebody follow every incident changed through this database from now on."""
    database.info.setdefault(_KEY, []).append(follow)


async def followed(tx: Tx, incident: Incident, now: datetime) -> list[Entry]:
    """Call everybody who follows; return what they have to tell, in the order they were attached."""
    return [entry for follow in tx.info.get(_KEY, ()) for entry in await follow(tx, incident, now)]
