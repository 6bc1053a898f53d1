"""Who opened which list of residents or callers, or took a sheet of people out: written down on the way."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime

import structlog
from fastapi import Request, Response

from app.db import Database
from app.org.personal.actions import note_reading
from app.org.personal.rules import people_in, quarter_of
from app.org.rules.access import Viewer

log = structlog.get_logger()

LISTS = frozenset(
    (
        "/api/devices/export.xlsx",
        "/api/evacuations/residents.xlsx",
        "/api/evacuations/{evacuation_id}/people",
        "/api/experts/export.xlsx",
        "/api/incidents",
        "/api/intake",
        "/api/people/export.xlsx",
    )
)
"""The routes whose readers are written down."""
OTHERS = {
    "/api/events": "what was pushed already, for a screen that was away; its login stands in the audit",
    "/api/exchange/received": "from_name is the house that sent a report",
    "/api/exchange/received/{received_id}": "from_name is the house that sent a report",
    "/api/incidents/{incident_id}": "one matter, opened to work on it",
    "/api/incidents/{incident_id}/after-action": "one matter",
    "/api/incidents/{incident_id}/timeline": "one matter",
    "/api/intake/{notice_id}": "one notice",
    "/api/replay": "a time of the desk, for who was there or reviews it",
    "/api/snapshot": "the desk's own screen: everybody logged in holds it, all the time",
}
"""The other routes that tell of residents or callers, and why a reading of them is not written down."""
_MOST_KNOWN = 10_000


class Readings:
    """What this process wrote down in this quarter of an hour, so that the database is seldom asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._since: datetime | None = None
        self._noted: set[tuple[int, str]] = set()

    async def note(self, request: Request, response: Response, viewer: Viewer, now: datetime) -> None:
        """Write a reading down before its answer leaves; a journal that cannot take it hinders nobody."""
        source = request.url.path
        if response.status_code != 200 or not self._is_new(viewer, source, now):
            return
        try:
            if (count := _count(response)) == 0:
                self._noted.discard((viewer.account_id, source))
                return
            place = request.query_params.get("region_code") or viewer.scope
            async with self._database.transaction() as tx:
                await note_reading(tx, viewer, source, place, count, now)
        except Exception:
            self._noted.discard((viewer.account_id, source))
            log.exception("reading_not_noted", path=source, account_id=viewer.account_id)

    def _is_new(self, viewer: Viewer, source: str, now: datetime) -> bool:
        since, key = quarter_of(now), (viewer.account_id, source)
        if since != self._since or len(self._noted) >= _MOST_KNOWN:
            self._since, self._noted = since, set()
        if key in self._noted:
            return False
        self._noted.add(key)
        return True


def _count(response: Response) -> int:
    body = bytes(response.body)
    if response.headers.get("content-type", "").startswith("application/json"):
        return people_in(json.loads(body))
    with zipfile.ZipFile(
        io.BytesIO(body)
    ) as parts:  # a sheet of our own making: one row for each, and the headers
        return max(0, parts.read("xl/worksheets/sheet1.xml").count(b"<row ") - 1)
