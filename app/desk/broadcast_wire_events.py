"""The events of broadcast platforms, as they stand on the wire."""

from __future__ import annotations

from app.broadcast.wire.events import WirePeerChanged
from app.desk.envelope import Envelope


class WirePeerChangedEvent(Envelope, WirePeerChanged):
    """WirePeerChanged on the wire."""
