"""What ties an incident to others, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.facts import IncidentState
from app.wire import Fact

LinkKind = Literal["merged", "split", "child", "related", "distinct"]


class LinkedIncidentFact(Fact):
    """The other end of a tie, as far as one may know it; None stands for one that one may not."""

    id: int
    number: str
    title: str
    state: IncidentState
    event_name_zh: str
    initial_level: int


class IncidentLinkFact(Fact):
    """A tie of an incident: `outward` the incident is its first end (merged into, split from, child of).
    `distinct`: a named person said that the two are not the same event; it is suggested no more.

    `undoable`: a merge after which nothing else happened.
    """

    id: int
    kind: LinkKind
    outward: bool
    other: LinkedIncidentFact | None
    reason: str
    made_by: str
    made_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None
    undone_reason: str | None = None
    undoable: bool = False


class TraitFact(Fact):
    """One thing two incidents have in common."""

    points: int
    zh: str
    en: str


class LikelySameFact(Fact):
    """An incident that may be the same (可能是同一事件), 50 … 100, and why. Only a person merges."""

    incident: LinkedIncidentFact
    received_at: datetime
    score: int
    traits: list[TraitFact]
