"""Is it well? For people, load balancers and Prometheus; no login, no secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from pydantic import BaseModel

from app.api.house import House, InHouse
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


class StandingOut(BaseModel):
    """Whether this process stands ready, and if not why."""

    status: Literal["alive", "ready", "leaving", "database", "realtime"]


class _NotReady(Exception):
    """Nobody new is to be sent to this node."""

    def __init__(self, status: Literal["leaving", "realtime"]) -> None:
        super().__init__(status)
        self.status = status


@router.get("/api/alive")
async def alive() -> StandingOut:
    """Return 200 and ask nobody: only a process that stands still does not answer, and is to be restarted."""
    return StandingOut(status="alive")


@router.get("/api/ready")
async def ready(house: InHouse, response: Response) -> StandingOut:
    """Return 200 when screens and requests may be sent here; 503 with the reason when they may not.

    `leaving`: told to stop, nobody new is wanted; `database`: not reached; `realtime`: the journal was not
    read for five seconds. A part that is ill otherwise (`/api/health`) is no reason to send people away.
    """
    try:
        if house.leaving:
            raise _NotReady("leaving")
        async with asyncio.timeout(ANSWER_WITHIN_S), house.database.glance() as tx:
            await journal.head(tx, house.settings.stream)
        if not house.parts["realtime"].health()["ok"]:
            raise _NotReady("realtime")
    except _NotReady as reason:
        response.status_code = 503
        return StandingOut(status=reason.status)
    except Exception:  # noqa: BLE001  whatever it is, the database is not there
        response.status_code = 503
        return StandingOut(status="database")
    return StandingOut(status="ready")


@router.get("/metrics", include_in_schema=False)
async def metrics(house: InHouse) -> Response:
    """Return the process's counters for Prometheus, and the figures of its parts."""
    parts = CollectorRegistry()
    parts.register(_Parts(house))
    return Response(generate_latest() + generate_latest(parts), media_type=CONTENT_TYPE_LATEST)


class _Parts(Collector):
    """What the parts say of their health as gauges: queues, lag, screens, failures, who leads."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterable[Metric]:
        """Yield whether each part is well, and each of its numbers under the name of the fact."""
        well = GaugeMetricFamily("zhishou_part_ok", "1 while a part of the process is well", labels=["part"])
        facts = GaugeMetricFamily("zhishou_part", "A figure of a part of it", labels=["part", "fact"])
        for name, part in self._house.parts.items():
            told = part.health()
            well.add_metric([name], float(bool(told.get("ok", True))))
            for fact, value in told.items():
                if fact != "ok" and isinstance(value, int | float):
                    facts.add_metric([name, fact], float(value))
        return (well, facts)
