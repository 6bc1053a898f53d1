"""How long facts and positions are on their way to the screens, for /metrics: the oldest of each batch."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import Histogram

_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
EVENT_PUSHED = Histogram(
    "zhishou_event_to_screen_seconds",
    "An event: from its instant to the write to its screens",
    buckets=_BUCKETS,
)
POSITION_PUSHED = Histogram(
    "zhishou_position_to_screen_seconds", "A position: heard to the write to its screens", buckets=_BUCKETS
)


def seconds_since(oldest: datetime, now: datetime) -> float:
    """Return the seconds from then to now; none when another node's clock is ahead."""
    return max(0.0, (now - oldest).total_seconds())
