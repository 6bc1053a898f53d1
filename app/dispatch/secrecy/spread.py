"""Let everything that hangs on an incident concern whom the incident concerns now."""

from __future__ import annotations

from app.db import Tx
from app.delivery import store as deliveries
from app.dispatch.order.actions.telling import concern_messages
from app.journal.concern import Concern
from app.shelters.store import shelters
from app.supplies.store import transfers


async def spread(tx: Tx, incident_id: int, after: Concern) -> None:
    """Carry who may know an incident to its messages, its orders' messages and its requests for supplies.

    Whatever else belongs to it is asked by the incident each time it is read.
    """
    await deliveries.concern(tx, after, incident_id=incident_id)
    await transfers.seal(tx, incident_id, after)
    await shelters.seal(tx, incident_id, after)
    await concern_messages(tx, incident_id)
