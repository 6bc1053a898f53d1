"""The life of one message, and the words it carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from app.refusals import Refusal

# (state, what happened) → state. Anything else is a late or doubled answer and changes nothing.
DELIVERY_STEPS: Mapping[tuple[str, str], str] = {
    ("queued", "submit"): "submitted",
    ("queued", "deliver"): "delivered",  # the app shows it without a radio in between
    ("queued", "expire"): "expired",
    ("queued", "cancel"): "cancelled",
    ("queued", "fail"): "failed",
    ("submitted", "accept"): "accepted",
    ("submitted", "next_part"): "queued",  # one part of several was taken, the next one waits its turn
    ("submitted", "deliver"): "delivered",
    ("submitted", "fail"): "failed",
    ("submitted", "lose"): "unknown",
    ("submitted", "retry"): "queued",
    ("accepted", "deliver"): "delivered",
    ("accepted", "fail"): "failed",  # radio or service centre took it, the far end did not answer
    ("accepted", "retry"): "queued",
    ("unknown", "retry"): "queued",
    ("unknown", "accept"): "accepted",
    ("unknown", "deliver"): "delivered",
    ("unknown", "fail"): "failed",
    ("unknown", "cancel"): "cancelled",
}
ENDED = frozenset({"delivered", "failed", "expired", "cancelled"})

# Which device families carry a text, and the channel that serves them.
CHANNEL_OF_FAMILY: Mapping[str, str] = {
    "jt808": "jt808",
    "rdss21": "beidou",
    "rdss40": "beidou",
    "rsmc": "beidou",
    "hdap": "radio",
    "satphone": "satellite_phone",
    "sbd": "sbd",
}

MAX_ATTEMPTS = 3  # where each try costs a slot; a terminal's line and a session that failed cost nothing
FEEDBACK_LIMIT = timedelta(seconds=15)  # protocols/beidou.md §8.3: no feedback in 15 s is unknown
# A satellite phone may take two minutes for a text, an SBD modem several sessions.
SLOW_FEEDBACK_LIMITS: Mapping[str, timedelta] = {
    "satellite_phone": timedelta(seconds=150),
    "sbd": timedelta(minutes=12),
}
LINE_CHANNELS = frozenset({"jt808", "sbd"})
LONGEST_PAUSE = timedelta(seconds=120)
# Three messages of a card of level 3 (628 bits: 77 bytes of mixed content, 5 go to the mark "(1/3)", and
# one may stay empty where a character does not fit): an order must not hold the card for ten minutes.
NARROW_BYTES = 3 * 71
ORDER_LIFETIME = timedelta(minutes=30)  # an order older than this is never fired


class ChannelClosed(Refusal):
    """The message has already ended (delivered, failed, expired or cancelled)."""

    code = "delivery_ended"

    def __init__(self, state: str) -> None:
        super().__init__(f"该消息已结束({state})", f"the message has already ended ({state})")


def order_text(number: str, place: str, event_name: str, task: str) -> str:
    """Return the words of an order for a narrow channel, with how to answer by one digit."""
    return f"【派单】{number} {place} {event_name}。{task} 回复1收到2拒绝3出发4到场5完成"


def order_text_for(channel: str, number: str, place: str, event_name: str, task: str) -> str:
    """Return the words of an order as a channel can carry them.

    On the Beidou channel a long task is shortened in the middle, then the place: what to do first, to
    whom to report last and how to answer stay.
    """
    whole = order_text(number, place, event_name, task)
    over = width(whole) - NARROW_BYTES
    if channel != "beidou" or over <= 0:
        return whole
    short = shortened(task, width(task) - over)
    over = width(order_text(number, place, event_name, short)) - NARROW_BYTES
    if over > 0:
        place = shortened(place, width(place) - over)
    return order_text(number, place, event_name, short)


def shortened(text: str, room: int) -> str:
    """Return a text of at most so many bytes, its middle left out; a lone "…" when there is no room."""
    if width(text) <= room:
        return text
    head = _first(text, (room - width("…") + 1) // 2)
    tail = _first(text[::-1], room - width("…") - width(head))[::-1]
    return f"{head}…{tail}"


def _first(text: str, room: int) -> str:
    used = 0
    for at, char in enumerate(text):
        used += width(char)
        if used > room:
            return text[:at]
    return text


def width(text: str) -> int:
    """Return the bytes a text takes on a card."""
    return len(text.encode("gbk", "replace"))


def next_delivery_state(state: str, step: str) -> str | None:
    """Return the state after the step, or None if a late or doubled answer changes nothing."""
    return DELIVERY_STEPS.get((state, step))


def feedback_limit(channel: str) -> timedelta:
    """Return how long a message may be on its way without feedback of the machine that sends it."""
    return SLOW_FEEDBACK_LIMITS.get(channel, FEEDBACK_LIMIT)


def after_silence(
    attempt: int, expires_at: datetime, now: datetime, channel: str = "beidou"
) -> Literal["retry", "fail"]:
    """Return what to do with a message that did not get through: try again, or give up.

    One that is too old or was withdrawn meanwhile (answered, cancelled) is not sent again. A terminal in
    a tunnel is tried as long as the order holds; a card's slots are few (protocols/beidou.md §8.3).
    """
    tireless = channel in LINE_CHANNELS
    return "retry" if (tireless or attempt < MAX_ATTEMPTS) and now < expires_at else "fail"


def pause_after_silence(attempt: int, channel: str) -> timedelta:
    """Return how long to wait before the next try: 15, 30, 60, then 120 s; a card's pace is its own."""
    if channel not in LINE_CHANNELS:
        return timedelta()
    return min(FEEDBACK_LIMIT * (1 << min(attempt - 1, 10)), LONGEST_PAUSE)
