"""Every SQL statement of after-action reports."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx, sql
from app.desk.after_action.facts import MessagesFact
from app.desk.after_action.rules import Road
from app.org.rules.access import Viewer

LOOK_BACK = timedelta(days=3 * 365)
MOST = 2_000
FAMILY = 2  # leading characters of an event code: natural disaster/flood …
_EARLIER = sql(
    """
    SELECT i.received_at, i.closed_at, min(a.assigned_at) AS assigned, min(a.acknowledged_at) AS acknowledged,
           min(a.en_route_at) AS en_route, min(a.on_scene_at) AS on_scene, max(a.task_done_at) AS done
      FROM incident i LEFT JOIN assignment a ON a.incident_id = i.id
     WHERE i.stream = :stream AND i.id <> :id AND i.state = 'closed' AND NOT i.restricted
       AND i.drill_id IS NULL
       AND i.event_scheme = :scheme AND left(i.event_code, :family) = :code
       AND i.region_code LIKE :scope || '%' AND i.received_at < :before AND i.received_at >= :since
     GROUP BY i.id ORDER BY i.received_at DESC LIMIT :most
    """
)
_MESSAGES = sql(
    """
    SELECT d.channel, count(*) AS sent, count(*) FILTER (WHERE d.state = 'delivered') AS delivered,
           count(*) FILTER (WHERE d.state IN ('failed', 'expired')) AS failed
      FROM delivery d JOIN assignment a ON a.id = d.assignment_id
     WHERE a.incident_id = :id GROUP BY d.channel ORDER BY d.channel
    """
)


async def earlier(
    tx: Tx, by: Viewer, incident_id: int, scheme: str, code: str, before: datetime
) -> list[Road]:
    """Return the roads of closed incidents of the same family in one's scope that came before."""
    rows = await tx.execute(
        _EARLIER,
        {
            "stream": by.stream,
            "id": incident_id,
            "scheme": scheme,
            "family": FAMILY,
            "code": code[:FAMILY],
            "scope": by.scope,
            "before": before,
            "since": before - LOOK_BACK,
            "most": MOST,
        },
    )
    return [
        Road(
            heard=row.received_at,
            assigned=row.assigned,
            acknowledged=row.acknowledged,
            en_route=row.en_route,
            on_scene=row.on_scene,
            done=row.done,
            closed=row.closed_at,
        )
        for row in rows
    ]


async def messages(tx: Tx, incident_id: int) -> list[MessagesFact]:
    """Return how the messages to an incident's teams went, by channel."""
    rows = await tx.execute(_MESSAGES, {"id": incident_id})
    return [
        MessagesFact(channel=row.channel, sent=row.sent, delivered=row.delivered, failed=row.failed)
        for row in rows
    ]
