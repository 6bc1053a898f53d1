"""The event of revealed personal data, for auditors only."""

from __future__ import annotations

from typing import Literal

from app.wire import Fact


class PersonalRevealed(Fact):
    """Somebody read masked personal data: of whom, in which record, which fields, what for."""

    type: Literal["personal.revealed"] = "personal.revealed"
    username: str
    source: str
    fields: list[str]
    whose: list[str]
    reason: str
