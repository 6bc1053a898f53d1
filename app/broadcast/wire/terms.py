"""What this house is on the wire: its keys, its address, whom it trusts for TLS."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.broadcast.wire.keys import Keys
from app.broadcast.wire.rules.link import PEER_FAILED_S
from app.config import Settings


@dataclass(frozen=True, slots=True)
class WireTerms:
    """The terms a house speaks on. `our_url` is told in SRC/URL, "" for none."""

    keys: Keys
    our_url: str = ""
    trials: bool = False
    tls: Callable[[], ssl.SSLContext | None] = lambda: None
    within_s: float = PEER_FAILED_S
    keep: timedelta = timedelta(days=200)


def load_wire(settings: Settings) -> WireTerms:
    """Return the terms as the settings have them. Raises ValueError for what cannot be meant."""
    return WireTerms(
        keys=Keys(settings.broadcast_keys_file, trials=settings.demo),
        our_url=settings.broadcast_url,
        trials=settings.demo,
        keep=timedelta(days=settings.broadcast_keep_days),
    )
