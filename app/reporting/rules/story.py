"""An incident's history read once: since when is it at least of a grade, since when does a condition hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from app.reporting.rules.book import Rulebook
from app.reporting.rules.situation import FigureSet, FlagSet, LevelSet, Situation
from app.reporting.rules.terms import CASUALTIES, LEVELS, Grade, Level
from app.reporting.rules.when import Expression

HOUR = timedelta(hours=1)
RANK: Mapping[Level, int] = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class State:
    """What held from `at` on (None: from the beginning) until the next state. `rank` is the level's, 0…3."""

    at: datetime | None
    rank: int
    figures: Mapping[str, float]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Story:
    """The states in order, with what follows of them up to now.

    `since` maps each grade the incident is **at least** of to the instant since which it is so without a
    break, None meaning from the beginning; a grade that is not there does not hold.
    """

    states: tuple[State, ...]
    since: Mapping[Grade, datetime | None]
    graded: tuple[datetime, ...]
    casualties: tuple[datetime, ...]

    def since_when(self, condition: Expression) -> tuple[bool, datetime | None]:
        """Return whether a condition holds now and since when without a break (None: the beginning)."""
        return _unbroken((state.at, condition.holds(state.figures, state.flags)) for state in self.states)


def read_story(
    situation: Situation,
    book: Rulebook,
    scopes: frozenset[str],
    burning: Sequence[timedelta],
    now: datetime,
) -> Story:
    """Return the history up to `now`; later facts are not looked at."""
    states = tuple(_burning(situation, _states(situation, now), burning, now))
    lifts = book.semantics.sensitive_lifts
    grades = [
        (state.at, min(3, state.rank + (lifts if "sensitive" in state.flags else 0))) for state in states
    ]
    since: dict[Grade, datetime | None] = {"general": None}
    for rank, level in enumerate(LEVELS[1:], start=1):
        holds, at = _unbroken((at, grade >= rank) for at, grade in grades)
        if holds:
            since[level] = at
    if scopes & book.larger_risk_scopes:
        risk = book.larger_risk
        holds, at = _unbroken((state.at, risk.holds(state.figures, state.flags)) for state in states)
        if holds:
            since["larger_risk"] = at
    # The level itself is told of too where the grade is lifted already and cannot rise with it.
    held = [(state.rank, grade) for state, (_, grade) in zip(states, grades, strict=True)]
    changed = zip(states[1:], pairwise(held), strict=True)
    graded = tuple(state.at for state, (was, becomes) in changed if was != becomes and state.at is not None)
    return Story(states, since, graded, tuple(_casualties(states)))


def _unbroken(told: Iterable[tuple[datetime | None, bool]]) -> tuple[bool, datetime | None]:
    held, since = False, None
    for at, holds in told:
        if holds and not held:
            since = at
        held = holds
    return held, since


def _states(situation: Situation, now: datetime) -> list[State]:
    """Fold the histories instant by instant; of one instant the graver value counts."""
    rank, flags = 0, frozenset[str]()
    figures: dict[str, float] = {}
    states = [State(None, rank, figures, flags)]
    moments: dict[datetime, list[LevelSet | FigureSet | FlagSet]] = {}
    for row in (situation.levels, situation.figures, situation.flags):
        for one in row:
            if one.at <= now:
                moments.setdefault(one.at, []).append(one)
    for at in sorted(moments):
        rank, figures, flags = _told(rank, figures, flags, moments[at])
        if at <= situation.opened:
            states = [State(None, rank, figures, flags)]
        else:
            states.append(State(at, rank, figures, flags))
    return states


def _told(
    rank: int,
    figures: Mapping[str, float],
    flags: frozenset[str],
    changes: list[LevelSet | FigureSet | FlagSet],
) -> tuple[int, dict[str, float], frozenset[str]]:
    levels = [RANK[one.level] for one in changes if isinstance(one, LevelSet)]
    holding: dict[str, bool] = {}
    counted: dict[str, float | None] = {}
    for one in changes:
        if isinstance(one, FlagSet):
            holding[one.name] = one.holds or holding.get(one.name, False)
        elif isinstance(one, FigureSet):
            before = counted.get(one.name)
            counted[one.name] = one.value if before is None else max(before, one.value or 0)
    known = {**figures, **{name: value for name, value in counted.items() if value is not None}}
    for name in [name for name, value in counted.items() if value is None]:
        known.pop(name, None)
    if "seriously_injured" in known or "slightly_injured" in known:
        known["injured"] = known.get("seriously_injured", 0) + known.get("slightly_injured", 0)
    else:
        known.pop("injured", None)
    up = frozenset(name for name, holds in holding.items() if holds)
    return max(levels, default=rank), known, (flags - holding.keys()) | up


def _burning(
    situation: Situation, states: list[State], spans: Sequence[timedelta], now: datetime
) -> Iterator[State]:
    """Add the hours a fire has burnt to every state, and a state where a comparison of them turns true."""
    if not spans:
        yield from states
        return
    lit = situation.occurred or situation.opened
    out = min(at for at in (situation.fire_out, situation.ended, now) if at is not None)
    instants = {lit + span for span in spans if situation.opened < lit + span <= out}
    rows: list[State] = []
    for state, following in zip(states, [*states[1:], None], strict=True):
        until = following.at if following else None
        rows.append(state)
        rows += [
            replace(state, at=at)
            for at in sorted(instants)
            if (state.at is None or state.at < at) and (until is None or at < until)
        ]
    for state in rows:
        burnt = max(min(state.at or situation.opened, out) - lit, timedelta()) / HOUR
        yield replace(state, figures={**state.figures, "burning_h": burnt})


def _casualties(states: Sequence[State]) -> Iterator[datetime]:
    """Yield the instants at which a casualty figure became another than the last one known."""
    last: dict[str, float] = {}
    for state in states:
        told = {name: state.figures[name] for name in CASUALTIES if name in state.figures}
        changed = any(last.get(name, 0) != value for name, value in told.items())
        last.update(told)
        if changed and state.at is not None:
            yield state.at
