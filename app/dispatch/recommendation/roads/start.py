"""The road service as the settings name it."""

from __future__ import annotations

from datetime import timedelta

from app.clock import Clock
from app.config import Settings
from app.dispatch.recommendation.roads.asker import RoadService, RoadTerms
from app.dispatch.recommendation.roads.dialects import parse_address


def road_service(settings: Settings, clock: Clock) -> RoadService | None:
    """Return the county's road service, None without one. Raises ValueError for an address that is none."""
    if not settings.router_url:
        return None
    terms = RoadTerms(wait=timedelta(milliseconds=settings.router_wait_ms))
    return RoadService(settings.router_kind, parse_address(settings.router_url), clock, terms)
