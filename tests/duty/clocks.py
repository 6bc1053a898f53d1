"""Instants as people write them, for tests of rosters."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from app.duty.roster.rules.interval import Interval

CHICAGO = ZoneInfo("America/Chicago")
SHANGHAI = ZoneInfo("Asia/Shanghai")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


def on(text: str, zone: tzinfo = UTC) -> datetime:
    """Read `2017-06-01 08:00` as the wall clock of a zone shows it, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def span(start: str, end: str, zone: tzinfo = UTC) -> Interval:
    return Interval(on(start, zone), on(end, zone))
