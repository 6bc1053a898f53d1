"""What every event carries on the wire besides its payload."""

from __future__ import annotations

from datetime import datetime

from app.wire import Actor, Fact


class Envelope(Fact):
    """What every event carries besides its payload; `actor` None means a device or the clock."""

    seq: int
    at: datetime
    actor: Actor | None
