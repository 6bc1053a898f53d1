"""What a member of a meeting may do next, who is rung next, what a roll call says of him. Pure.

`now` is never asked: instants are what the server's own clock said when it heard of something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.refusals import Refusal

Kind = Literal["meeting", "roll_call"]
MemberState = Literal["waiting", "ringing", "joined", "declined", "missed", "left"]
Step = Literal["ring", "join", "decline", "expire", "leave"]
Outcome = Literal[
    "waiting", "ringing", "connecting", "connected", "no_video", "no_media", "declined", "missed"
]

MOST_CONNECTED = 6
"""Screens in a mesh: each sends to every other."""
MOST_IN_ROOM = 41
"""Screens in a room of LiveKit."""
MOST_CALLED: Mapping[Kind, int] = {"meeting": MOST_IN_ROOM - 1, "roll_call": 40}
RINGS_FOR = timedelta(seconds=45)
"""How long somebody is rung before he is missing."""
SILENT_FOR = timedelta(seconds=30)
"""From when on a screen of which no node says that it is there has left."""
EMPTY_FOR = timedelta(minutes=2)
"""From when on a meeting without anybody is closed."""

# Whoever declined, was missed or has left may still come, as long as the meeting is open, or be rung again.
_NEXT: Mapping[tuple[MemberState, Step], MemberState] = {
    ("waiting", "ring"): "ringing",
    ("waiting", "join"): "joined",
    ("waiting", "expire"): "missed",
    ("ringing", "join"): "joined",
    ("ringing", "decline"): "declined",
    ("ringing", "expire"): "missed",
    ("joined", "leave"): "left",
    ("declined", "join"): "joined",
    ("declined", "ring"): "ringing",
    ("missed", "join"): "joined",
    ("missed", "ring"): "ringing",
    ("left", "join"): "joined",
    ("left", "ring"): "ringing",
}


class MemberStepRefused(Refusal):
    """Where the member stands this step does not follow."""

    code = "meeting_member_step"

    def __init__(self, state: str, step: str) -> None:
        super().__init__(
            "该参会方的状态已变化,请刷新后再操作",
            f"this member is {state}: {step} does not follow; look again",
        )


def after(state: MemberState, step: Step) -> MemberState:
    """Return where a step leads. Raises MemberStepRefused."""
    try:
        return _NEXT[state, step]
    except KeyError:
        raise MemberStepRefused(state, step) from None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one who is called. `video_at` is when somebody first saw a picture of his."""

    state: MemberState
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    video_at: datetime | None = None


def outcome(of: Seen) -> Outcome:
    """Return what the table says: 未接, 已接通, 无视频, 拒接; before that, how far it is.

    Who was connected once was there, whatever came later. `no_media`: he accepted, and nothing came through.
    """
    if of.connected_at is not None:
        return "connected" if of.video_at is not None else "no_video"
    if of.state == "joined":
        return "connecting"
    if of.state == "left":
        return "no_media"
    return of.state


def seconds(of: Seen) -> float | None:
    """Return the seconds from ringing to media that came through, None as long as none did."""
    if of.rang_at is None or of.connected_at is None:
        return None
    return max(0.0, round((of.connected_at - of.rang_at).total_seconds(), 1))


@dataclass(frozen=True, slots=True)
class Summary:
    """应到, 已到, 未到, 待接, and how long connecting took those who came."""

    total: int
    answered: int
    missing: int
    waiting: int
    connected: int
    no_video: int
    median_s: float | None
    slowest_s: float | None


def summary(called: Sequence[Seen]) -> Summary:
    """Sum up those who are called. Every one is answered, missing or waiting."""
    outcomes = [outcome(one) for one in called]
    took = sorted(s for s in map(seconds, called) if s is not None)
    return Summary(
        total=len(called),
        answered=sum(one in _THERE for one in outcomes),
        missing=sum(one in ("declined", "missed") for one in outcomes),
        waiting=sum(one in ("waiting", "ringing") for one in outcomes),
        connected=outcomes.count("connected"),
        no_video=outcomes.count("no_video"),
        median_s=_median(took),
        slowest_s=took[-1] if took else None,
    )


_THERE: frozenset[Outcome] = frozenset({"connecting", "connected", "no_video", "no_media"})


def _median(ordered: Sequence[float]) -> float | None:
    if not ordered:
        return None
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return round((ordered[half - 1] + ordered[half]) / 2, 1)


def next_to_ring(states: Sequence[MemberState], most: int = MOST_CONNECTED) -> list[int]:
    """Return which of those called, by their place in the list, are rung now: as many as there are seats for.

    One seat is the caller's own, whether or not he sits on it already.
    """
    taken = 1 + sum(state in ("ringing", "joined") for state in states)
    waiting = [at for at, state in enumerate(states) if state == "waiting"]
    return waiting[: max(0, most - taken)]


def by_room(kind: Kind, seats: int) -> bool:
    """Whether a meeting of so many seats, the caller's among them, goes through a room of LiveKit.

    A roll call never does: who is called there is connected with the caller alone.
    """
    return kind == "meeting" and seats > MOST_CONNECTED


def most_connected(kind: Kind, seats: int) -> int:
    """Return how many may sit in a meeting of so many seats at once."""
    return MOST_IN_ROOM if by_room(kind, seats) else MOST_CONNECTED


def is_rung_out(rang_at: datetime | None, now: datetime) -> bool:
    """Whether somebody was rung long enough."""
    return rang_at is not None and now - rang_at >= RINGS_FOR


def is_deserted(quiet_since: Iterable[datetime], *, anybody: bool, now: datetime) -> bool:
    """Whether a meeting is over as nobody is in it; `quiet_since` are the instants of its last doings."""
    return not anybody and now - max(quiet_since) >= EMPTY_FOR
