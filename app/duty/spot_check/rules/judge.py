"""What a check found: who answered compared with the roster, and the failures that follow from the facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Method = Literal["phone", "app", "radio", "satellite_phone", "beidou", "video"]
Failure = Literal[
    "no_answer",
    "slow_answer",
    "absent",
    "substitute",
    "not_on_roster",
    "cannot_state_situation",
    "log_incomplete",
    "video_failed",
    "video_slow",
    "leader_unreachable",
    "leader_not_on_site",
]
Relation = Literal["on_roster", "substitute", "not_on_roster", "no_roster"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as slow or incomplete; `seconds` holds the limit of each means that has no rings."""

    rings: int = 3
    tries: int = 2
    retry_after: timedelta = timedelta(minutes=5)
    video: timedelta = timedelta(minutes=3)
    log_gap: timedelta = timedelta(hours=4)
    seconds: Mapping[Method, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Try:
    """One call of a post: whether somebody answered, after how many rings or seconds."""

    answered: bool
    rings: int | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Leader:
    """Whether the leader in charge was reached, and was where he has to be."""

    reached: bool
    on_site: bool | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts of one check. None means that it was not asked or not looked at."""

    method: Method
    tries: tuple[Try, ...]
    relation: Relation | None = None
    at_desk: bool = True
    weather: bool | None = None
    warnings: bool | None = None
    leader_named: bool | None = None
    log_last_entry_at: datetime | None = None
    log_complete: bool | None = None
    leader: Leader | None = None
    response_in_force: bool = False


def relation(
    person_id: int | None,
    name: str,
    on_duty: Mapping[int, str],
    colleagues: Collection[int],
    *,
    standing_in: bool,
) -> Relation:
    """Compare who answered with the roster of that instant.

    One of the unit who is not on the roster changed his duty without leave (`not_on_roster`); anybody else –
    a driver, a guard, a relative – and whoever says so stands in for the one on duty (顶岗, `substitute`).
    """
    if not on_duty:
        return "substitute" if standing_in else "no_roster"
    if person_id in on_duty or (person_id is None and name in on_duty.values()):
        return "on_roster"
    if standing_in or person_id not in colleagues:
        return "substitute"
    return "not_on_roster"


def retry_due(tries: int, given_up_at: datetime, limits: Limits) -> datetime | None:
    """Return when a post that did not answer is called again, None when it was called often enough (R6)."""
    return given_up_at + limits.retry_after if tries < limits.tries else None


def judge(seen: Seen, limits: Limits, now: datetime) -> tuple[Failure, ...]:
    """Return every failure that the facts prove, in the order in which they are told; nothing is a pass."""
    answered = bool(seen.tries) and seen.tries[-1].answered
    found = _of_the_answer(seen, limits, now) if answered else _of_silence(seen)
    return (*found, *_of_the_leader(seen))


def _of_silence(seen: Seen) -> tuple[Failure, ...]:
    return ("video_failed",) if seen.method == "video" else ("no_answer",)


def _of_the_answer(seen: Seen, limits: Limits, now: datetime) -> tuple[Failure, ...]:
    found: list[Failure] = []
    if _slow(seen, limits):
        found.append("video_slow" if seen.method == "video" else "slow_answer")
    if not seen.at_desk:
        found.append("absent")
    match seen.relation:
        case "substitute" | "not_on_roster":
            found.append(seen.relation)
    if False in (seen.weather, seen.warnings, seen.leader_named):
        found.append("cannot_state_situation")
    if _log_has_a_gap(seen, limits, now):
        found.append("log_incomplete")
    return tuple(found)


def _slow(seen: Seen, limits: Limits) -> bool:
    """Whether the answer came late: after too many rings or seconds, or only at the second call."""
    last = seen.tries[-1]
    if len(seen.tries) > 1:
        return True
    if seen.method == "video":
        return last.seconds is not None and last.seconds > limits.video.total_seconds()
    if last.rings is not None:
        return last.rings > limits.rings
    most = limits.seconds.get(seen.method)
    return most is not None and last.seconds is not None and last.seconds > most


def _log_has_a_gap(seen: Seen, limits: Limits, now: datetime) -> bool:
    """Whether the duty log is poor: said to be, or without an entry for longer than R12 allows."""
    last = seen.log_last_entry_at
    return seen.log_complete is False or (last is not None and now - last > limits.log_gap)


def _of_the_leader(seen: Seen) -> tuple[Failure, ...]:
    """Ask of a leader to be reachable always, and in the building while a response is in force (R2)."""
    if seen.leader is None:
        return ()
    if not seen.leader.reached:
        return ("leader_unreachable",)
    if seen.response_in_force and seen.leader.on_site is False:
        return ("leader_not_on_site",)
    return ()
