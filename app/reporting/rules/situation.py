"""What the engine knows of one incident: plain values with the instants at which they held.

Histories may stand in any order. Of contradicting values of one instant the graver counts: the higher level,
the larger figure, the flag that holds. All instants are aware.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.reporting.rules.terms import Channel, Event, Kind, Level, Node


@dataclass(frozen=True, slots=True)
class LevelSet:
    """From `at` on the incident is held to be of a level."""

    at: datetime
    level: Level


@dataclass(frozen=True, slots=True)
class FigureSet:
    """From `at` on a figure (`terms.FIGURES`) is `value`; None: it is being verified."""

    at: datetime
    name: str
    value: float | None


@dataclass(frozen=True, slots=True)
class FlagSet:
    """From `at` on a flag (`terms.FLAGS`) holds or not; `sensitive` is one of them."""

    at: datetime
    name: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Happening:
    """Something happened that a follow-up report is due of."""

    at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class Told:
    """A report that counts: spoken on the phone, or signed, sent **and** received (B5 semantics 3 and 4).

    `at` is when it was spoken or sent; `as_of` is the instant of the facts its version held (None: `at`),
    so that an old version sent after a change discharges nothing the change asked for.
    """

    sender: Node
    receiver: Node
    channel: Channel
    at: datetime
    version: int = 1
    kind: Kind = "initial"
    as_of: datetime | None = None

    @property
    def knows(self) -> datetime:
        """Up to when it tells."""
        return self.as_of or self.at


@dataclass(frozen=True, slots=True)
class Closing:
    """Handling had ended at `ended`, until the incident was opened again at `reopened` (重新开启)."""

    ended: datetime
    reopened: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """One incident, up to its last fact. What was set up to `opened` counts as known from the beginning.

    `occurred` None: unknown. `learned` and `received` say when each node came to know; a node in neither,
    to which nothing was told, knows nothing and owes nothing. `scopes` are added by a person to those of the
    event code: a coach crash that is a work accident too. `standing` is no incident at all but the county's
    daily duty: then only daily reports are asked for. `ended` is the end that holds now, `closings` those
    before it, in order.
    """

    id: str
    event_code: str
    opened: datetime
    levels: tuple[LevelSet, ...] = ()
    occurred: datetime | None = None
    learned: Mapping[Node, datetime] = field(default_factory=dict)
    received: Mapping[Node, datetime] = field(default_factory=dict)
    figures: tuple[FigureSet, ...] = ()
    flags: tuple[FlagSet, ...] = ()
    happenings: tuple[Happening, ...] = ()
    ended: datetime | None = None
    fire_out: datetime | None = None
    stable: datetime | None = None
    told: tuple[Told, ...] = ()
    scopes: frozenset[str] = frozenset()
    standing: bool = False
    closings: tuple[Closing, ...] = ()
