"""One screen's talk in a meeting, sans I/O: what it says goes in, what it asks or a goodbye comes out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from pydantic import ValidationError

from app.dispatch.meeting.messages import ASKED, MOST_BYTES, Asked
from app.realtime.session import POLICY, Close


@dataclass(frozen=True, slots=True)
class TalkLimits:
    """What one screen may say. A mesh of six asks for some ten descriptions, all at once."""

    frame_bytes: int = MOST_BYTES
    frames_per_s: int = 30
    pending_bytes: int = 1 << 20  # unsent: beyond, the screen is dropped and comes again


LIMITS = TalkLimits()


class Talk:
    """Whether a screen keeps within its limits, and what it asks."""

    def __init__(self, limits: TalkLimits = LIMITS) -> None:
        self._limits = limits
        self._heard_at: deque[float] = deque(maxlen=limits.frames_per_s)

    def received(self, message: str | bytes, at_s: float) -> Asked | Close:
        """Return what a screen asks at a monotonic instant, or goodbye."""
        heard = self._heard_at
        if len(heard) == heard.maxlen and at_s - heard[0] < 1.0:
            return Close(POLICY, "too many messages")
        heard.append(at_s)
        if isinstance(message, bytes):
            return Close(POLICY, "text messages only")
        if len(message.encode("utf-8", "replace")) > self._limits.frame_bytes:
            return Close(POLICY, "message too long")
        try:
            return ASKED.validate_json(message)
        except ValidationError:
            return Close(POLICY, "this is not understood")
