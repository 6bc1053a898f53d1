"""Who is tried next, over which means, when nobody answers (A角→B角→村主干→网格员→电台→…). Pure.

A ladder is a row of groups that are opened one after the other. First the people in their order, each over
every means that he has at once (app, text, telephone); then the channels that reach a place when its
telephones do not: 370 MHz radio, satellite telephone, Beidou, broadcast; last somebody who goes there.

The people are all tried before the deadline, at even distances of `person` minutes at most; the channels
from the deadline on. Whoever is known not to answer (busy, no answer) lets the next be tried at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.response.call_and_respond.rules.limits import Minutes, Tier

Means = Literal[
    "app", "sms", "phone", "radio_370", "satellite_phone", "beidou", "broadcast", "messenger", "face_to_face"
]
Result = Literal[
    "answered", "no_answer", "busy", "wrong_number", "refused", "failed", "sent", "due", "withdrawn"
]
AUTOMATIC: frozenset[Means] = frozenset({"app", "sms"})
FAILED: frozenset[Result] = frozenset({"no_answer", "busy", "wrong_number", "refused", "failed"})
MOST_BUSY = 3  # attempts on a busy line
_MESSENGER_AT = 4  # channel steps after the deadline


@dataclass(frozen=True, slots=True)
class Reachable:
    """By what a person can be reached."""

    app: bool = False
    mobile: bool = False
    phone: bool = False
    radio: bool = False
    satellite: bool = False
    beidou: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A person (by his place in the list; None is the place itself) and a means."""

    person: int | None
    means: Means


@dataclass(frozen=True, slots=True)
class Group:
    """Ways that are opened together, and when at the latest."""

    ways: tuple[Way, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """How a target stands. `tried` groups are open; since `failed_at` nothing that is open can answer yet."""

    groups: tuple[Group, ...]
    tried: int
    failed_at: datetime | None = None
    answered: bool = False


def ladder(
    people: Sequence[Reachable], tier: Tier, started_at: datetime, minutes: Minutes
) -> tuple[Group, ...]:
    """Return the groups of a target. Nobody who can be reached by anything is left out."""
    due_at = started_at + timedelta(minutes=minutes.of(tier))
    first = [(n, ways) for n, one in enumerate(people) if (ways := _own_ways(n, one))]
    groups = []
    if first:
        apart = min(timedelta(minutes=minutes.person), (due_at - started_at) / len(first))
        groups = [Group(ways, started_at + apart * k) for k, (_, ways) in enumerate(first)]
    step = timedelta(minutes=minutes.channel)
    for k, ways in enumerate(_channels(people, tier)):
        if ways:
            late = _MESSENGER_AT if ways[0].means == "messenger" else k
            groups.append(Group(ways, due_at + step * late))
    return tuple(groups)


def _own_ways(n: int, one: Reachable) -> tuple[Way, ...]:
    has: tuple[tuple[bool, Means], ...] = ((one.app, "app"), (one.mobile, "sms"), (one.phone, "phone"))
    return tuple(Way(n, means) for there, means in has if there)


def _channels(people: Sequence[Reachable], tier: Tier) -> list[tuple[Way, ...]]:
    everybody = list(enumerate(people))
    beyond: list[tuple[Way, ...]] = [
        tuple(Way(n, "radio_370") for n, one in everybody if one.radio),
        tuple(Way(n, means) for n, one in everybody for there, means in _far(one) if there),
    ]
    if tier == "village":
        beyond.append((Way(None, "broadcast"),))
    if tier != "county":
        beyond.append((Way(None, "messenger"),))
    return beyond


def _far(one: Reachable) -> tuple[tuple[bool, Means], ...]:
    return ((one.satellite, "satellite_phone"), (one.beidou, "beidou"))


def due_groups(silence: Silence, now: datetime) -> tuple[Group, ...]:
    """Return the groups to open now, in order. Of what answered nothing is opened any more."""
    if silence.answered:
        return ()
    rest = silence.groups[silence.tried :]
    opened = []
    for k, group in enumerate(rest):
        at_once = k == 0 and silence.failed_at is not None and silence.failed_at <= now
        if not at_once and group.at > now:
            break
        opened.append(group)
    return tuple(opened)


def next_at(silence: Silence) -> datetime | None:
    """Return when the next group is to be opened, None for never: answered, or everything was tried."""
    if silence.answered or silence.tried >= len(silence.groups):
        return None
    planned = silence.groups[silence.tried].at
    return planned if silence.failed_at is None else min(planned, silence.failed_at)


def decide(silences: Iterable[Silence], now: datetime) -> list[tuple[Group, ...]]:
    """Return what is opened now for each of many targets: the decision of one look of the clock."""
    return [due_groups(silence, now) for silence in silences]


def again_at(result: Result, attempt: int, at: datetime, minutes: Minutes) -> datetime | None:
    """Return when a person is called again after a result: a busy line a few times, nothing else."""
    if result != "busy" or attempt >= MOST_BUSY:
        return None
    return at + timedelta(minutes=minutes.retry)
