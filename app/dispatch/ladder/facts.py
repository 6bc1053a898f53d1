"""Who was asked by the ladder, as it stands with the assignment and on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

Capacity = Literal["team_leader", "deputy", "unit_head", "duty_leader", "named"]


class AskedFact(Fact):
    """A person the desk calls because an order is not answered, and why this one.

    `passed_over` names somebody who would be the one and is away: nobody off duty is called. Without a
    number: the fact reaches the team that was sent, and personal numbers are the desk's (R21). `times`
    counts how often the ladder came to this person.
    """

    person_id: int | None = None
    name: str
    capacity: Capacity
    rung: str
    post_id: int | None = None
    post_name: str = ""
    role: str = ""
    shift_id: int | None = None
    passed_over: bool = False
    times: int = 1
    asked_at: datetime
    why_zh: str
    why_en: str


class RungOut(Fact):
    """A rung of the ladder: its minutes after the dispatch, and whether an order has come to it."""

    id: str
    name_zh: str
    name_en: str
    after_s: int
    reached: bool


class AskedOut(AskedFact):
    """A person to call with the numbers, for the desk only."""

    phones: list[str]


class LadderOut(Fact):
    """Where an order stands on its ladder; `next_at` is when silence brings the next rung."""

    assignment_id: int
    rungs: list[RungOut]
    round: int
    next_at: datetime | None
    stopped_by: str | None
    stopped_reason: str | None
    called: list[AskedOut]
