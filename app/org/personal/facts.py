"""Masked personal data as it is shown once."""

from __future__ import annotations

from app.wire import Fact


class RevealedValue(Fact):
    """One value, by its place in the record (JSON pointer)."""

    pointer: str
    value: str


class Revealed(Fact):
    """Everything that was masked in one record."""

    source: str
    values: list[RevealedValue]
