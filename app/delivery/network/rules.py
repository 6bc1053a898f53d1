"""What leaves late is marked with its first time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# What needs the public network. The modem on the desk (SMS), Beidou, 370 MHz and SBD do not pass through it.
PUBLIC_CHANNELS = ("app", "jt808")
LATE_AFTER = timedelta(minutes=1)
PROBE_TRUSTED = timedelta(seconds=60)
_MARK = "【迟发 原"


def marked(body: str, queued_at: datetime, zone: ZoneInfo) -> str:
    """Return the words of a message that leaves late, its first time before them; marked once only."""
    if body.startswith(_MARK):
        return body
    return f"{_MARK}{queued_at.astimezone(zone):%m-%d %H:%M}】{body}"


def is_late(queued_at: datetime, now: datetime) -> bool:
    """Whether a message that waited for the network leaves later than its reader would think."""
    return now - queued_at >= LATE_AFTER


def probe_turn(outcomes: Sequence[bool]) -> bool | None:
    """Return what the last probes say: True there, False away, None not sure yet.

    Three failures in a row are an outage, two answers in a row its end: one lost packet is neither.
    """
    if len(outcomes) >= 3 and not any(outcomes[-3:]):
        return False
    if len(outcomes) >= 2 and all(outcomes[-2:]):
        return True
    return None
