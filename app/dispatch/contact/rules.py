"""When a unit is out of contact, and when the silence is our own. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

UnitKind = Literal["township", "village", "team"]
ContactState = Literal["ok", "amber", "lost", "limited"]
VILLAGES = frozenset({"village", "community"})
COUNTY = frozenset({"county", "city"})
# How a device or an answer counts: by its kind, else by the family it speaks, else by the word of its noun.
MEANS_OF: Mapping[str, str] = {
    "gateway": "gateway",
    "radio_370": "radio_370",
    "satellite_phone": "satellite_phone",
    "beidou_terminal": "beidou",
    "sbd_terminal": "sbd",
    "rdss21": "beidou",
    "rdss40": "beidou",
    "rsmc": "beidou",
    "hdap": "radio_370",
    "satphone": "satellite_phone",
    "sbd": "sbd",
    "jt808": "vehicle",
    "radio": "radio_370",
    "telephone": "duty_line",
    "phone": "duty_line",
    "fax": "duty_line",
    "paper": "messenger",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """By which heartbeats a kind of unit is heard, and how long it may be silent."""

    heartbeats: frozenset[str]
    amber: timedelta
    red: timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """A way of restoring contact."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ContactRules:
    """The county's rules of contact."""

    watched: Mapping[str, Patience]
    means_fresh: timedelta
    gap: timedelta
    storm_share: float
    storm_least: int
    trusted: timedelta
    ladder: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a unit stands: `heartbeat_at` its last heartbeat, `means` what answered since, the latest first."""

    state: ContactState
    heartbeat_at: datetime
    means: tuple[str, ...] = ()


def means_of(kind: str, family: str = "") -> str | None:
    """Return the means a device or an answer's channel counts as; None for one that says nothing."""
    return MEANS_OF.get(kind) or MEANS_OF.get(family) or (kind if kind in _PLAIN else None)


_PLAIN = frozenset({"app", "sms", "voice", "duty_line", "messenger", "in_person", "neighbour", "beidou"})


def judge(
    signs: Mapping[str, datetime],
    patience: Patience,
    rules: ContactRules,
    listening_since: datetime,
    now: datetime,
    out_since_beat: datetime | None = None,
) -> Verdict | None:
    """Judge a unit by its latest sign of each means; None for one that is not watched: never heard.

    `listening_since` is when we began to listen (a restart, our network's return): nobody is silent for
    longer than that. `out_since_beat` is the last heartbeat of a unit that was declared out of contact: it
    stays so until another one is heard.
    """
    beats = [at for means, at in signs.items() if means in patience.heartbeats]
    if not beats:
        return None
    heartbeat_at = max(beats)
    if out_since_beat is not None and heartbeat_at <= out_since_beat:
        return lasting(signs, heartbeat_at, rules, now, patience)
    silent = now - max(heartbeat_at, listening_since)
    if silent < patience.amber:
        return Verdict("ok", heartbeat_at)
    if silent < patience.red:
        return Verdict("amber", heartbeat_at)
    return lasting(signs, heartbeat_at, rules, now, patience)


def lasting(
    signs: Mapping[str, datetime],
    heartbeat_at: datetime,
    rules: ContactRules,
    now: datetime,
    patience: Patience,
) -> Verdict:
    """Return how a unit without heartbeat stands: lost, or what still answers."""
    after = sorted(
        (
            (at, means)
            for means, at in signs.items()
            if means not in patience.heartbeats and at > heartbeat_at and now - at <= rules.means_fresh
        ),
        reverse=True,
    )
    means = tuple(name for _, name in after)
    return Verdict("limited" if means else "lost", heartbeat_at, means)


def is_our_own(states: Sequence[ContactState], known: Iterable[bool], rules: ContactRules) -> bool:
    """Whether so many fell silent at once that it is rather our own network.

    `states` are those of the watched units now, `known` whether each was known to be out of contact
    before: whoever is lost already is no news of tonight.
    """
    fresh = [state for state, lost in zip(states, known, strict=True) if not lost]
    silent = sum(state != "ok" for state in fresh)
    return silent >= rules.storm_least and silent >= rules.storm_share * len(fresh)


def next_rung(ladder: Sequence[Rung], tried: Iterable[str]) -> Rung | None:
    """Return the first rung that was not tried, None when all were."""
    done = set(tried)
    return next((rung for rung in ladder if rung.id not in done), None)
