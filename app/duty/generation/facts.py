"""Wire shapes of generated rosters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.wire import Fact


class WishFact(Fact):
    """A person wants a day of duty, or would rather not have it."""

    person_id: int
    person_name: str
    day: date
    kind: Literal["want", "avoid"]
    weight: int
    note: str


class SentenceFact(Fact):
    """Something said in both languages."""

    zh: str
    en: str


class UnmetFact(Fact):
    """A wish that is not met, and the true reason: rules forbid it, or others would pay for it."""

    person_id: int
    day: date | None
    because: Literal["rule", "cost", "free", "unknown"]
    zh: str
    en: str


class LoadFact(Fact):
    """How even a kind of load is among those who share seats."""

    load: Literal["total", "nights", "holidays"]
    people: int
    least: int
    most: int
    mean: float


class GenerationFact(Fact):
    """A generation of this node: how far it is, or what came of the last one.

    `place` counts who waits from 1, the next to begin; a node generates one after the other.
    `gap_pct` is how far the result may be from the best there is. `conflicts` are the smallest sets of rules
    that cannot all be kept, one for each group of seats that could not be filled.
    """

    state: Literal["none", "waiting", "running", "done", "infeasible", "cancelled", "failed"]
    month: date | None = None
    post_ids: list[int] = []
    started_by: str = ""
    started_at: datetime | None = None
    place: int | None = None
    phase: Literal["solving", "explaining"] | None = None
    steps_done: int = 0
    steps: int = 0
    improved: int = 0
    elapsed_s: float = 0.0
    score: float | None = None
    gap_pct: float | None = None
    repeatable: bool | None = None
    wishes: int = 0
    wishes_met: int = 0
    unfilled: int = 0
    loads: list[LoadFact] = []
    unmet: list[UnmetFact] = []
    conflicts: list[list[SentenceFact]] = []
    drafts: list[int] = []
    skipped: list[int] = []
    trouble: SentenceFact | None = None
