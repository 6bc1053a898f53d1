"""How a due stands at an instant: its state, its alarms, when to look again (domain/rules B5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.reporting.rules.book import Recipient, Semantics
from app.reporting.rules.dues import Due

State = Literal["running", "amber", "red", "late", "done", "done_late"]
MOST_ALARMS = 500
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A ring at `at`: at a share of the time, or so many minutes after the due (`share` 1)."""

    at: datetime
    to: Recipient
    share: float
    late_min: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a due stands. `late_min`: started minutes after it (迟报), 0 in time; `left` is never negative."""

    state: State
    late_min: int
    left: timedelta
    share: float


@dataclass(frozen=True, slots=True)
class Span:
    """What the clock needs of a due, kept in a row or just reckoned."""

    begins: datetime
    at: datetime
    done: datetime | None = None


def span_of(due: Due) -> Span:
    """Return the span of a due just reckoned."""
    return Span(due.why.begins, due.at, due.done.at if due.done else None)


def standing(due: Due | Span, semantics: Semantics, now: datetime) -> Standing:
    """Return how a due stands: amber from the first alarm on, red from the second, late after its instant.

    What is discharged stands as it was when it was reported: late minutes are kept for good.
    """
    due = due if isinstance(due, Span) else span_of(due)
    at = due.done or now
    late_min = -int(-max(at - due.at, timedelta()) // MINUTE)
    share = _share(due, at)
    if due.done:
        return Standing("done_late" if late_min else "done", late_min, timedelta(), share)
    left = max(due.at - now, timedelta())
    if late_min:
        return Standing("late", late_min, left, share)
    rung = [one for one in semantics.alarms_at if share >= one]
    state: State = "running" if not rung else "amber" if len(rung) == 1 else "red"
    return Standing(state, 0, left, share)


def alarms(
    due: Due | Span, semantics: Semantics, after: datetime | None, until: datetime
) -> tuple[Alarm, ...]:
    """Return the alarms of an open due in (`after`, `until`], at most the last 500; of a discharged one none.

    `after` None: from the beginning. Desk at the first share, shift lead at the next, then the leader, and
    the leader again every few minutes after the due.
    """
    due = due if isinstance(due, Span) else span_of(due)
    if due.done:
        return ()
    found = [
        Alarm(_at_share(due, share), to, share, 0)
        for share, to in zip(semantics.alarms_at, semantics.alarms_to, strict=True)
    ]
    every = semantics.repeat_after_due
    last = max(0, (until - due.at) // every)
    passed = max(0, (after - due.at) // every) if after else 0
    found += [
        Alarm(due.at + n * every, semantics.alarms_to[-1], 1.0, n * every // MINUTE)
        for n in range(max(passed, last - MOST_ALARMS) + 1, last + 1)
    ]
    return tuple(one for one in found if (after is None or one.at > after) and one.at <= until)


def next_look(all_dues: Iterable[Due | Span], semantics: Semantics, now: datetime) -> datetime | None:
    """Return the next instant after `now` at which an open due alarms, None when nothing is open."""
    spans = [due if isinstance(due, Span) else span_of(due) for due in all_dues]
    coming = [_next_alarm(due, semantics, now) for due in spans if due.done is None]
    return min(coming, default=None)


def _next_alarm(due: Span, semantics: Semantics, now: datetime) -> datetime:
    for share in semantics.alarms_at:
        at = _at_share(due, share)
        if at > now:
            return at
    every = semantics.repeat_after_due
    return due.at + (max(0, (now - due.at) // every) + 1) * every


def _at_share(due: Span, share: float) -> datetime:
    if share >= 1:
        return due.at
    return due.begins + (due.at - due.begins) * share


def _share(due: Span, at: datetime) -> float:
    whole = due.at - due.begins
    if whole <= timedelta():
        return 1.0 if at >= due.at else 0.0
    return max(0.0, (at - due.begins) / whole)
