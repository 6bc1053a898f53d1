"""How the shifts that hold become the shifts that are wanted, without touching what is past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal

from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.resolve import Part, ResolvedShift, Source


@dataclass(frozen=True, slots=True)
class Held:
    """A shift that holds."""

    shift_id: int
    person_id: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Step:
    """One change: cancel a shift that has not begun, end or extend one that has, add a new one.

    `interval` is the span that holds afterwards (for cancel: that held before).
    """

    kind: Literal["cancel", "end", "extend", "add"]
    shift_id: int | None
    person_id: int
    interval: Interval
    source: str = ""


def cut(wanted: Sequence[ResolvedShift], marks: Mapping[int, Iterable[datetime]]) -> list[ResolvedShift]:
    """Cut shifts where another planned shift of the same person begins: two days of duty are two shifts.

    `marks` holds, by person, the instants at which a planned shift begins or a change of the plan ends.
    """
    found = []
    for shift in wanted:
        inner = sorted(
            {m for m in marks.get(shift.person, ()) if shift.interval.start < m < shift.interval.end}
        )
        edges = [shift.interval.start, *inner, shift.interval.end]
        found += [
            replace(shift, interval=Interval(start, end), parts=_parts_in(shift, start, end), source=source)
            for start, end in pairwise(edges)
            for source in [_source_at(shift, start)]
        ]
    return found


def _source_at(shift: ResolvedShift, at: datetime) -> Source:
    return next((part.source for part in shift.parts if part.interval.contains(at)), shift.source)


def _parts_in(shift: ResolvedShift, start: datetime, end: datetime) -> tuple[Part, ...]:
    inside = Interval(start, end)
    return tuple(part for part in shift.parts if part.interval.overlaps(inside))


def steps(
    held: Sequence[Held], wanted: Sequence[ResolvedShift], window: Interval, now: datetime
) -> tuple[Step, ...]:
    """Return what has to be done so that `wanted` holds in the window from `now` on.

    Shifts that lie wholly before `now` or outside the window stay; one that is equal keeps its number, so
    that whatever is bound to it stays bound. A shift that runs is ended or extended, never replaced.
    """
    window = _grown(window, [h.interval for h in held] + [w.interval for w in wanted])
    since = max(now, window.start)
    if since >= window.end:
        return ()
    concerned = [h for h in held if h.interval.end > since and h.interval.start < window.end]
    targets = [w for w in wanted if w.interval.end > since and w.interval.start < window.end]
    kept = {(h.person_id, h.interval) for h in concerned} & {(w.person, w.interval) for w in targets}
    open_targets = [w for w in targets if (w.person, w.interval) not in kept]
    changes: list[Step] = []
    for shift in concerned:
        if (shift.person_id, shift.interval) in kept:
            continue
        if shift.interval.start >= now:
            changes.append(Step("cancel", shift.shift_id, shift.person_id, shift.interval))
            continue
        follower = _continues(shift, open_targets, now)
        if follower is not None:
            open_targets.remove(follower)
        changes += _bend(shift, follower, now)
    changes += [_new(target, now) for target in open_targets]
    return tuple(changes)


def _grown(window: Interval, spans: Sequence[Interval]) -> Interval:
    """Return the window made so wide that it cuts no shift: what is replaced is replaced whole."""
    for span in sorted(spans, key=lambda one: one.start, reverse=True):
        if span.overlaps(window):
            window = Interval(min(span.start, window.start), max(span.end, window.end))
    for span in sorted(spans, key=lambda one: one.start):
        if span.overlaps(window):
            window = Interval(min(span.start, window.start), max(span.end, window.end))
    return window


def _continues(shift: Held, targets: Iterable[ResolvedShift], now: datetime) -> ResolvedShift | None:
    """Find the wanted shift that goes on with a running one."""
    return next((w for w in targets if w.person == shift.person_id and w.interval.start <= now), None)


def _bend(shift: Held, follower: ResolvedShift | None, now: datetime) -> list[Step]:
    """Let a running shift end now, earlier than planned, or later."""
    end = now if follower is None else follower.interval.end
    if end == shift.interval.end:
        return []
    kind: Literal["end", "extend"] = "end" if end < shift.interval.end else "extend"
    return [Step(kind, shift.shift_id, shift.person_id, Interval(shift.interval.start, end))]


def _new(target: ResolvedShift, now: datetime) -> Step:
    """Return the step that adds a shift; nobody is on duty in hindsight, so it begins now at the earliest."""
    begins = max(target.interval.start, now)
    return Step("add", None, target.person, Interval(begins, target.interval.end), target.source)
