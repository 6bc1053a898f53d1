"""Numbers and names as the documents print them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.filing.rules.numbers import DRILL


def day_of(at: datetime, zone: ZoneInfo) -> str:
    """Return the local calendar day as YYYYMMDD."""
    return at.astimezone(zone).strftime("%Y%m%d")


def incident_number(day: str, running: int, *, drill: bool = False) -> str:
    """Return e.g. SJ-20250618-001 (scenario S01), of a drill 演练SJ-20250618-001."""
    return f"{DRILL if drill else ''}SJ-{day}-{running:03d}"


def default_title(place: str, event_name_zh: str) -> str:
    """Return the title an incident gets when nobody typed one."""
    return f"{place}{event_name_zh}"
