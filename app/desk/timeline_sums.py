"""What stands above the timeline of an incident: how its calls were taken, and the four verbs counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from app.desk.verbs import VERB_WORDS, VERBS, Verb, verb_of
from app.dispatch.facts import IncidentFact
from app.dispatch.rules.answering import answered_in, in_time
from app.wire import Fact


class VerbCount(Fact):
    """One of the four verbs of duty (接报传跟) and how many entries belong to it."""

    verb: Verb
    zh: str
    en: str
    count: int


class Answered(Fact):
    """A call on the desk's line: how long and how often it rang. `good`: in three rings; None: not told."""

    name: str
    phone: str
    ring_began_at: datetime | None
    answered_at: datetime | None
    rings: int | None
    seconds: float | None
    good: bool | None


def answered(incident: IncidentFact) -> list[Answered]:
    """Return how the calls of an incident were taken, those of which something was told."""
    told = []
    for one in incident.callers:
        seconds = answered_in(one.ring_began_at, one.answered_at)
        good = in_time(seconds, one.rings)
        if (one.ring_began_at, one.answered_at, one.rings) != (None, None, None):
            told.append(Answered(**one.model_dump(exclude={"words"}), seconds=seconds, good=good))
    return told


def verb_counts(types: Iterable[str]) -> list[VerbCount]:
    """Return the four verbs in their order, each with its words and count."""
    found = Counter(verb_of(one) for one in types)
    return [
        VerbCount(verb=verb, zh=VERB_WORDS[verb][0], en=VERB_WORDS[verb][1], count=found[verb])
        for verb in VERBS
    ]
