"""How dues pass from one version of the rules to the next. Pure.

1. What was reported before the new rules held stays as it was decided, by the rules of then.
2. What was reported then and was not asked for then is not asked for now.
3. What is open is reckoned by the new rules. Where a node could have acted before they held, it has at least
   the floor of a change from then on: nobody is late by a rule that was not there. But what was due sooner
   already is not put off by it.
4. What the new rules do not ask for any more is dropped. A flag of lateness stays in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.reporting.rules.book import Semantics
from app.reporting.rules.dues import Due, Key


@dataclass(frozen=True, slots=True)
class Takeover:
    """The instant from which new rules hold, with the floor they grant after a change."""

    since: datetime
    semantics: Semantics


def live(found: Sequence[Due], since: datetime | None, settled: Mapping[Key, int]) -> Iterator[Due]:
    """Yield what the rules that hold since then still ask for; its rounds follow those that were settled.

    `settled` is the last round of each key that was discharged under earlier rules.
    """
    past: dict[Key, int] = {}
    for due in found:
        if _before(due, since):
            past[due.key] = max(past.get(due.key, 0), due.round)
    for due in found:
        if not _before(due, since):
            number = settled.get(due.key, 0) + due.round - past.get(due.key, 0)
            yield due if number == due.round else replace(due, round=number)


def taken_over(due: Due, takeover: Takeover, before: datetime | None) -> Due:
    """Return a due as new rules may ask for it; `before` is when it was due by the rules before them."""
    since = takeover.since
    if due.why.begins >= since:
        return due
    at = max(due.at, since + takeover.semantics.floor[due.channel])
    if before is not None:
        at = min(at, max(due.at, before))
    if at == due.at:
        return due
    return replace(due, at=at, why=due.why._replace(begins=min(since, at)), held_from=since)


def _before(due: Due, since: datetime | None) -> bool:
    return since is not None and due.done is not None and due.done.at < since
