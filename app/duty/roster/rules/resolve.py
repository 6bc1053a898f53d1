"""Who sits in a seat, and why: recorded > temporary > override > rotation and fixed months.

The precedence reads as the order of the lines of `resolve`: each source takes its time and leaves the rest to
the next one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.duty.roster.rules.interval import Interval, in_utc, subtract, union, within
from app.duty.roster.rules.plan import (
    FixedShift,
    Layer,
    Override,
    Part,
    Recorded,
    ResolvedShift,
    SeatPlan,
    Source,
    Temporary,
)
from app.duty.roster.rules.rotation import Rotation, turns
from app.duty.roster.rules.windows import intervals

__all__ = [
    "FixedShift",
    "Layer",
    "Override",
    "Part",
    "Recorded",
    "ResolvedShift",
    "SeatPlan",
    "Source",
    "Temporary",
    "on_duty",
    "resolve",
]

GLIMPSE = timedelta(microseconds=1)  # a look past both ends of a window tells whose duty they cut
Spans = tuple[Interval, ...]


class _Piece(NamedTuple):
    start: datetime
    end: datetime
    person: int
    source: Source


def resolve(plan: SeatPlan, window: Interval, zone: ZoneInfo) -> tuple[ResolvedShift, ...]:
    """Return who sits in the seat during the window, one shift per uninterrupted time of a person, sorted.

    The zone is that of the wall clock which the layers' windows mean. Raises ValueError when the window is
    wider than ten years (design/field.md 4.3, V1 to V8).
    """
    view = Interval(window.start - GLIMPSE, window.end + GLIMPSE)
    base = _base(plan, view, zone)
    found, past = _recorded(plan, view)
    left = subtract((view,), past)
    for pieces, taken in (
        _temporary(plan, view),
        _overridden(plan.overrides, base, view),
        (base, (view,)),
    ):
        found += _only_in(pieces, left)
        left = subtract(left, taken)
    return _merged(found, window)


def on_duty(plan: SeatPlan, at: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """Return the persons in the seat at an aware instant, sorted."""
    at = in_utc(at)
    return tuple(sorted(shift.person for shift in resolve(plan, Interval(at, at + GLIMPSE), zone)))


def _base(plan: SeatPlan, view: Interval, zone: ZoneInfo) -> list[_Piece]:
    """Lay the seat's rules and its months by date beside each other."""
    pieces = [piece for layer in plan.layers for piece in _layer(layer, view, zone)]
    pieces += [
        _Piece(fixed.interval.start, fixed.interval.end, fixed.person, "fixed")
        for fixed in plan.fixed
        if fixed.interval.overlaps(view)
    ]
    return pieces


def _layer(layer: Layer, view: Interval, zone: ZoneInfo) -> Iterable[_Piece]:
    if isinstance(layer.who, Rotation):
        pieces = [
            _Piece(turn.interval.start, turn.interval.end, person, "rotation")
            for turn in turns(layer.who, view)
            for person in turn.persons
        ]
    else:
        pieces = [_Piece(view.start, view.end, layer.who, "fixed")]
    if not layer.windows:
        return pieces
    return _only_in(pieces, union(span for one in layer.windows for span in intervals(one, view, zone)))


def _recorded(plan: SeatPlan, view: Interval) -> tuple[list[_Piece], Spans]:
    """History takes all time before `recorded_until`, also where it says that nobody was there.

    Its shifts keep their beginnings from before the view: when somebody sat down is a fact (V5).
    """
    until = plan.recorded_until
    if until is None or until <= view.start:
        return [], ()
    pieces = [
        _Piece(one.interval.start, min(one.interval.end, until), one.person, "recorded")
        for one in plan.recorded
        if one.interval.start < until
    ]
    return pieces, (Interval(view.start, min(until, view.end)),)


def _temporary(plan: SeatPlan, view: Interval) -> tuple[list[_Piece], Spans]:
    """Give a temporary roster its whole time, gaps included."""
    pieces: list[_Piece] = []
    for temporary in plan.temporaries:
        for shift in temporary.shifts:
            inside = shift.interval.intersect(temporary.interval)
            if inside is not None:
                pieces.append(_Piece(inside.start, inside.end, shift.person, "temporary"))
    return pieces, within(union(one.interval for one in plan.temporaries), view)


def _overridden(
    overrides: Sequence[Override], base: list[_Piece], view: Interval
) -> tuple[list[_Piece], Spans]:
    """Apply the overrides to the rules wherever any is in force; elsewhere the rules stand as they are."""
    spans = within(union(one.interval for one in overrides), view)
    starts = [span.start for span in spans]
    asked: list[list[Override]] = [[] for _ in spans]
    below: list[list[_Piece]] = [[] for _ in spans]
    for one in overrides:
        if one.interval.overlaps(view):
            asked[max(bisect_right(starts, one.interval.start) - 1, 0)].append(one)
    for piece in _only_in(base, spans):
        below[bisect_right(starts, piece.start) - 1].append(piece)
    found = [_with(*three) for three in zip(asked, below, spans, strict=True)]
    return [piece for some in found for piece in some], spans


def _with(asked: list[Override], below: list[_Piece], span: Interval) -> Iterator[_Piece]:
    """Yield who is on duty in a span that overrides cover without a gap, edge by edge."""
    times = [(one.interval.start, one.interval.end) for one in asked]
    times += [(piece.start, piece.end) for piece in below]
    edges = {span.start, span.end, *(edge for both in times for edge in both)}
    inside = sorted(edge for edge in edges if span.start <= edge <= span.end)
    for (start, end), here in zip(pairwise(inside), _under_way(times, inside[:-1]), strict=True):
        pieces = [below[k - len(asked)] for k in here if k >= len(asked)]
        present = {piece.person: piece.source for piece in pieces}
        for who, why in _changed(present, [asked[k] for k in here if k < len(asked)]).items():
            yield _Piece(start, end, who, why)


def _under_way(
    times: Sequence[tuple[datetime, datetime]], instants: Iterable[datetime]
) -> Iterator[list[int]]:
    """Yield, for each of the rising instants, the places in `times` of those that hold it, in their order."""
    waiting = sorted(range(len(times)), key=lambda k: times[k][0], reverse=True)
    here: list[int] = []
    for at in instants:
        here = [k for k in here if times[k][1] > at]
        while waiting and times[waiting[-1]][0] <= at:
            here.append(waiting.pop())
        here.sort()
        yield here


def _changed(present: dict[int, Source], overrides: Sequence[Override]) -> dict[int, Source]:
    """Apply overrides in force together: all additions, then replacements, then removals (V6)."""
    for one in overrides:
        if one.add is not None and one.remove is None:
            present.setdefault(one.add, "override")
    for one in overrides:
        if one.add is not None and one.remove is not None and present.pop(one.remove, None) is not None:
            present.setdefault(one.add, "override")
    for one in overrides:
        if one.add is None and one.remove is not None:
            present.pop(one.remove, None)
    return present


def _only_in(pieces: Iterable[_Piece], spans: Spans) -> Iterator[_Piece]:
    """Cut the pieces to the spans, which are sorted and disjoint."""
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    for piece in pieces:
        first, after = bisect_right(ends, piece.start), bisect_left(starts, piece.end)
        if after - first == 1 and starts[first] <= piece.start and piece.end <= ends[first]:
            yield piece
            continue
        for k in range(first, after):
            yield piece._replace(start=max(piece.start, starts[k]), end=min(piece.end, ends[k]))


def _merged(pieces: Iterable[_Piece], window: Interval) -> tuple[ResolvedShift, ...]:
    """Melt each person's touching pieces into shifts, and show what the window shows of them."""
    by_person: defaultdict[int, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        by_person[piece.person].append(piece)
    shifts = [
        shift
        for theirs in by_person.values()
        for run in _runs(sorted(theirs))
        if (shift := _shift(run, window)) is not None
    ]
    return tuple(sorted(shifts, key=lambda one: (one.interval, one.person)))


def _runs(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Yield the touching pieces of a person together, each beginning where the one before it ends."""
    run = [pieces[0]]
    for piece in pieces[1:]:
        if piece.start > run[-1].end:
            yield run
            run = [piece]
        elif piece.end > run[-1].end:
            if piece.source == run[-1].source:
                run[-1] = run[-1]._replace(end=piece.end)
            else:
                run.append(piece._replace(start=run[-1].end))
    yield run


def _shift(run: list[_Piece], window: Interval) -> ResolvedShift | None:
    begin, end = run[0].start, run[-1].end
    if end <= window.start or begin >= window.end:
        return None
    cut_start = begin < window.start and run[0].source != "recorded"
    shown = Interval(window.start if cut_start else begin, min(end, window.end))
    parts = tuple(
        Part(inside, piece.source)
        for piece in run
        if (inside := Interval(piece.start, piece.end).intersect(shown)) is not None
    )
    return ResolvedShift(run[0].person, shown, parts[0].source, end > window.end, cut_start, parts)
