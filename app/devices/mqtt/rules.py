"""What is decided about gateways: are they there, what is still true of old events, what an answer means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.signals import Distress, Fix, Receipt, Signal, Text

LIVE = timedelta(minutes=10)  # what a gateway sends later than this comes out of its store
NO_FEEDBACK = "no_feedback"  # the reason delivery gives when nobody answered

# (what we hold, what the retained state says) → what we hold now. Anything else changes nothing. GONE is
# the empty retained message by which a gateway is taken out of service.
CONNECTION_STEPS: Mapping[tuple[str, str], str] = {
    ("unknown", "ONLINE"): "online",
    ("unknown", "OFFLINE"): "offline",
    ("online", "OFFLINE"): "offline",
    ("offline", "ONLINE"): "online",
    ("online", "GONE"): "unknown",
    ("offline", "GONE"): "unknown",
}


def next_connection(state: str, said: str) -> str | None:
    """Return a gateway's new state, None when nothing changed."""
    return CONNECTION_STEPS.get((state, said))


def still_true(signals: tuple[Signal, ...], sent_at: datetime, now: datetime) -> tuple[Signal, ...]:
    """Return what an event of that age still tells.

    Calls, words, places and answers keep their worth; who is on the air, talks or rings was true then.
    """
    if now - sent_at <= LIVE:
        return signals
    return tuple(s for s in signals if isinstance(s, Distress | Text | Fix | Receipt))


def command_id(wire_ref: str | None, attempt: int, reason: str) -> UUID:
    """Return the id under which an order leaves.

    Tried again after silence it keeps its id: a gateway that carried it out and whose answer was lost
    repeats the answer and not the order. After a reported failure it is a new command.
    """
    if attempt and reason == NO_FEEDBACK and wire_ref:
        try:
            return UUID(wire_ref)
        except ValueError:  # it left through another driver before
            pass
    return uuid4()


def seconds_left(expires_at: datetime, now: datetime) -> int:
    """Return the whole seconds a command may still be carried out; 0 when its time is over."""
    return max(0, int((expires_at - now).total_seconds()))
