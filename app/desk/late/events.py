"""The event of an entry after the fact."""

from __future__ import annotations

from typing import Literal

from app.desk.late.facts import LateEntryFact
from app.wire import Fact


class LateEntered(Fact):
    """Something was entered after the fact; what it became tells of itself."""

    type: Literal["late.entered"]
    entry: LateEntryFact
