"""Whether a peer is there: what both sides heard of each other, against the beat that was agreed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

LinkState = Literal["unknown", "up", "half", "down"]
PEER_FAILED_S = 20.0
"""No receipt within so many seconds is a failed peer (Jiangsu's acceptance test of 2018)."""
MISSED = 3
"""A peer may miss so many beats before it counts as not heard."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Instants of one link: our last beat that was receipted, their last packet, our last try that failed."""

    answered_at: datetime | None
    heard_at: datetime | None
    failed_at: datetime | None


def link_state(heard: Heard, heartbeat_s: int, now: datetime) -> LinkState:
    """Return `up` when both ways work, `half` when one does, else `down`; `unknown` before the first try.

    One failed try of ours is enough to count our way as failed; their way after three missed beats.
    """
    if heard == Heard(None, None, None):
        return "unknown"
    patience = timedelta(seconds=MISSED * heartbeat_s)
    ours = _fresh(heard.answered_at, patience, now) and not _later(heard.failed_at, heard.answered_at)
    theirs = _fresh(heard.heard_at, patience, now)
    if ours and theirs:
        return "up"
    return "half" if ours or theirs else "down"


def _fresh(at: datetime | None, patience: timedelta, now: datetime) -> bool:
    return at is not None and now - at <= patience


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)
