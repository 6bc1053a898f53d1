"""The events of platforms."""

from __future__ import annotations

from typing import Literal

from app.broadcast.wire.facts import WirePeerBrief
from app.wire import Fact


class WirePeerChanged(Fact):
    """A broadcast platform was registered, amended or retired; no address or key is in the journal."""

    type: Literal["broadcast_peer.registered", "broadcast_peer.amended", "broadcast_peer.retired"]
    platform: WirePeerBrief
