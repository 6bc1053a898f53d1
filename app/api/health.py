"""Is it well? For people, load balancers and Prometheus; no login, no secrets."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.api.house import InHouse
from app.api.late_route import LateRoute
from app.journal import store as journal

router = APIRouter(tags=["health"], route_class=LateRoute)
ANSWER_WITHIN_S = 3


@router.get("/api/health")
async def health(house: InHouse, response: Response) -> dict[str, object]:
    """Return `status` ok or degraded (200), or down (503) when the database cannot be reached."""
    seq: int | None = None
    database = "ok"
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S), house.database.transaction() as tx:
            seq = await journal.head(tx, house.settings.stream)
    except Exception:  # noqa: BLE001  whatever it is, the database is not there
        database = "unreachable"
        response.status_code = 503
    parts = {name: part.health() for name, part in house.parts.items()}
    well = all(part.get("ok", True) for part in parts.values())
    status = "down" if database != "ok" else ("ok" if well else "degraded")
    return {
        "status": status,
        "version": version("zhishou"),
        "database": database,
        "journal_seq": seq,
        "at": house.clock.now(),
        "parts": parts,
    }


@router.get("/metrics", include_in_schema=False)
async def metrics() -> Response:
    """Return the process's counters for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
