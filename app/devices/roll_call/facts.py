"""Wire shapes of roll calls."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact


class RollCallFact(Fact):
    """A roll call with its count; who answered and who is missing stands in its detail."""

    id: int
    title: str
    talk_group: str
    region_codes: list[str]
    state: Literal["open", "closed"]
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    total: int
    answered: int
    missing: int
    waiting: int


class RollCallAnswerFact(Fact):
    """One device that is called.

    `how`: by_hand (somebody heard it), on_air (it talked), app (its holder pressed the button), or the probe.
    """

    roll_call_id: int
    device_id: int
    call_sign: str
    number: str
    region_code: str
    holder_name: str | None
    holder_phone: str | None
    state: Literal["waiting", "answered", "missing"]
    how: str
    note: str
    answered_at: datetime | None
    noted_by: str
    asked_at: datetime | None


class RollCallDetail(RollCallFact):
    """A roll call with the devices of the reader's scope."""

    answers: list[RollCallAnswerFact]


class RollCallMine(Fact):
    """A running roll call that calls me: by which call signs, and whether all of them have answered."""

    roll_call_id: int
    title: str
    opened_at: datetime
    opened_by: str
    call_signs: list[str]
    answered: bool
    answered_at: datetime | None
