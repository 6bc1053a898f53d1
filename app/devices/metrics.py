"""What the device floor counts, for /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

READINGS = Counter("zhishou_device_readings_total", "Good frames", ["family", "kind"])
GARBAGE = Counter("zhishou_device_garbage_total", "Bytes that were no frame", ["family", "reason"])
REFUSED = Counter("zhishou_device_refused_total", "Frames refused after decoding", ["family", "reason"])
UNLISTED = Counter("zhishou_device_unlisted_total", "Unknown numbers beyond the quarantine list", ["family"])
LENIENT = Counter(
    "zhishou_device_wrong_checksums_total", "Frames read although their checksum was wrong", ["family"]
)
LINKS = Gauge("zhishou_device_links", "Open links", ["family"])
LINK_ENDS = Counter("zhishou_device_link_ends_total", "Links closed, by reason", ["family", "reason"])
POSITIONS = Counter("zhishou_positions_stored_total", "Positions committed")
STORE_SECONDS = Histogram(
    "zhishou_position_flush_seconds", "One flush of positions", buckets=(0.005, 0.02, 0.05, 0.1, 0.5, 2)
)
POSITION_SECONDS = Histogram(
    "zhishou_position_seconds",
    "Positions: heard to committed, the oldest of each flush",
    buckets=(0.05, 0.1, 0.2, 0.4, 0.8, 2, 5, 15),
)
FACT_SECONDS = Histogram(
    "zhishou_fact_seconds", "Distress or text: heard to committed", buckets=(0.005, 0.02, 0.05, 0.1, 0.5, 2)
)
SENT = Counter("zhishou_messages_sent_total", "Messages handed to a device", ["channel"])
