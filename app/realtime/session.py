"""One screen's conversation, sans I/O: what it says and what happened go in, frames and codes come out.

Joining: `open` greets, `catch_up` is fed pages until the cursor stands at the head; from then on the hub
writes the shared frames itself and the session only answers what the screen says.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from app.dispatch.secrecy.sealed import NOTHING, Sealed
from app.realtime.alike import Shown, shown
from app.realtime.audience import Audience
from app.realtime.frames import frame
from app.realtime.messages import Hello, Ping, Pong, Resync
from app.realtime.ring import Framed

# RFC 6455 §7.4.1, and §7.4.2 (4000–4999) for our own.
DONE = 1000
POLICY = 1008
RESTARTS = 1012
TRY_LATER = 1013
NOT_LOGGED_IN = 4401
FACTOR_DUE = 4402
BAD_ORIGIN = 4403


@dataclass(frozen=True, slots=True)
class Limits:
    """What one screen may ask of us."""

    resume_rows: int = 5_000  # further behind → load the snapshot instead
    ring_rows: int = 5_000  # held in memory for that; older ones are read from the database
    page_rows: int = 200  # of catching up, between two looks at the write buffer
    drain_s: float = 10.0  # a screen that takes longer to read a page is slow
    events_pending: int = 1 << 20  # bytes unsent: beyond, the screen is dropped and resumes later
    positions_pending: int = 256 << 10  # bytes unsent: beyond, positions are skipped
    frame_bytes: int = 4 << 10  # of one message from the screen
    frames_per_s: int = 20  # from the screen


@dataclass(frozen=True, slots=True)
class Send:
    """Write these frames."""

    frames: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Say goodbye with this code."""

    code: int
    reason: str


Output = Send | Close
_LIMITS = Limits()


class Session:
    """The state of one screen: its cursor in the journal, its recent words, whether it is over."""

    def __init__(self, after: int | None, limits: Limits = _LIMITS) -> None:
        """`after` is the last seq the screen knows; None to begin with what happens from now on."""
        self.after = after
        self.cursor = after or 0
        self.closed = False
        self._limits = limits
        self._heard_at: deque[float] = deque(maxlen=limits.frames_per_s)

    def open(self, head: int, at: datetime) -> list[Output]:
        """Greet a screen, given how far the journal reaches; send it away when it cannot be brought up."""
        hello = Send(frame(Hello(head=head, at=at).model_dump_json()))
        if self.after is None:
            self.cursor = head
        # Ahead of the head: the database was restored, and the screen knows what no longer happened.
        elif not head - self._limits.resume_rows <= self.after <= head:
            return [hello, *self.resync(Resync(reason="too_far_behind"))]
        return [hello]

    def catch_up(
        self, rows: Sequence[Framed], audience: Audience, sealed: Sealed = NOTHING, show: Shown = shown
    ) -> list[Output]:
        """Pass on the rows after the cursor that the audience may see, each once and in order.

        What was written of an incident before it became need-to-know is not told any more (`sealed`).
        A hole is never passed over in silence: without the next row the screen starts over.
        """
        if not rows:
            return self.resync(Resync(reason="too_far_behind"))
        if rows[0].seq <= self.cursor:
            rows = [row for row in rows if row.seq > self.cursor]
        after = self.cursor + 1
        if [row.seq for row in rows] != list(range(after, after + len(rows))):
            return self.resync(Resync(reason="too_far_behind"))
        self.cursor += len(rows)
        frames = show(rows, audience, sealed) if rows else b""
        return [Send(frames)] if frames else []

    def received(self, message: str | bytes, at_s: float) -> list[Output]:
        """Answer what the screen said at a monotonic instant: a ping, or goodbye."""
        if self.closed:
            return []
        heard = self._heard_at
        if len(heard) == heard.maxlen and at_s - heard[0] < 1.0:
            return self.close(POLICY, "too many messages")
        heard.append(at_s)
        if isinstance(message, bytes):
            return self.close(POLICY, "text messages only")
        if len(message.encode()) > self._limits.frame_bytes:
            return self.close(POLICY, "message too long")
        try:
            ping = Ping.model_validate_json(message)
        except ValidationError:
            return self.close(POLICY, "only a ping is understood")
        return [Send(frame(Pong(id=ping.id).model_dump_json()))]

    def resync(self, message: Resync) -> list[Output]:
        """Send the screen to the snapshot and say goodbye."""
        return [Send(frame(message.model_dump_json())), *self.close(DONE, "resync")]

    def close(self, code: int, reason: str) -> list[Output]:
        """Say goodbye, once."""
        if self.closed:
            return []
        self.closed = True
        return [Close(code, reason)]
