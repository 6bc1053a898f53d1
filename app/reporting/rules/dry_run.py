"""What would have been due: two rulebooks tried on the same incidents, before a county switches over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.duty.roster.rules.calendar import ExtraDay
from app.reporting.rules.book import Rulebook
from app.reporting.rules.dues import Due, Key, dues
from app.reporting.rules.situation import Situation

MOST_SITUATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Setup:
    """Rules with the profiles that are switched on, and the county's own days."""

    rules: Rulebook
    profiles: tuple[str, ...]
    days: tuple[ExtraDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One report of one incident that is due otherwise; None where it is not due."""

    situation: str
    key: Key
    round: int
    change: Literal["added", "removed", "earlier", "later", "other_rule"]
    before: Due | None
    after: Due | None


def dry_run(
    before: Setup, after: Setup, situations: Collection[Situation], now: datetime
) -> tuple[Difference, ...]:
    """Return what would have been due otherwise. Raises ValueError for more than 10,000 situations."""
    if len(situations) > MOST_SITUATIONS:
        raise ValueError(f"试算最多{MOST_SITUATIONS}起事件,请缩短时段 / {MOST_SITUATIONS} incidents at most")
    return tuple(one for situation in situations for one in _of_one(before, after, situation, now))


def _of_one(before: Setup, after: Setup, situation: Situation, now: datetime) -> Iterator[Difference]:
    old = _by_key(dues(situation, before.rules, before.profiles, now, before.days))
    new = _by_key(dues(situation, after.rules, after.profiles, now, after.days))
    for key in sorted(old.keys() | new.keys()):
        was, becomes = old.get(key), new.get(key)
        change = _change(was, becomes)
        if change is not None:
            yield Difference(situation.id, key[:4], key[4], change, was, becomes)


def _by_key(found: Iterable[Due]) -> dict[tuple[*Key, int], Due]:
    return {(*due.key, due.round): due for due in found}


def _change(
    was: Due | None, becomes: Due | None
) -> Literal["added", "removed", "earlier", "later", "other_rule"] | None:
    if was is None or becomes is None:
        return "added" if was is None else "removed"
    if was.at != becomes.at:
        return "earlier" if becomes.at < was.at else "later"
    return None if was.why.rule.label == becomes.why.rule.label else "other_rule"
