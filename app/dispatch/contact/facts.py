"""Contact on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.contact.rules import ContactState, UnitKind
from app.wire import Fact

AttemptResult = Literal["reached", "no_answer", "failed"]


class ContactMeansFact(Fact):
    """A means by which a unit was heard, and when last. `works`: so lately that it is said to work."""

    means: str
    at: datetime
    works: bool


class FrozenSituation(Fact):
    """What was known of a unit when it fell silent. Need-to-know incidents are left out."""

    at: datetime
    last_means: str | None = None
    incidents: list[str] = []
    teams_out: list[str] = []
    shelter_heads: int = 0
    last_words: str = ""
    last_words_at: datetime | None = None


class ContactAttemptFact(Fact):
    """One try to restore contact, with its three times."""

    id: int
    means: str
    result: AttemptResult
    words: str
    voucher: str
    happened_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str


class ContactTaskFact(Fact):
    """The task to restore contact with a unit. `next_means` is the rung that was not tried yet."""

    id: int
    unit: str
    name_zh: str
    region_code: str
    opened_at: datetime
    owner: str
    closed_at: datetime | None
    closed_by: str
    closed_how: str
    attempts: list[ContactAttemptFact] = []
    next_means: str | None = None


class UnitContactFact(Fact):
    """A unit on the board. `since` is since when it stands so; `heartbeat_at` its last heartbeat."""

    unit: str
    kind: UnitKind
    name_zh: str
    region_code: str
    lon: float | None = None
    lat: float | None = None
    phone: str = ""
    state: ContactState
    since: datetime
    heartbeat_at: datetime
    means: list[ContactMeansFact] = []
    frozen: FrozenSituation | None = None
    task: ContactTaskFact | None = None


class ContactRungFact(Fact):
    """A rung of the ladder to restore contact."""

    id: str
    zh: str
    en: str


class ContactBoard(Fact):
    """Every watched unit, those out of contact first, and the ladder."""

    at: datetime
    units: list[UnitContactFact]
    watched: int
    ladder: list[ContactRungFact]
