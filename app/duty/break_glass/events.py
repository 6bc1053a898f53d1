"""The events of the sealed emergency login: that it was used is heard by every desk."""

from __future__ import annotations

from typing import Literal

from app.duty.break_glass.facts import BreakGlassFact
from app.wire import Fact


class BreakGlassChanged(Fact):
    """A sheet was sealed, opened, or what it opened was ended; `username` is who did it, by his own word.

    `account_id` is whose screens close at the end.
    """

    type: Literal["break_glass.sealed", "break_glass.opened", "break_glass.closed"]
    account_id: int
    username: str
    address: str
    reason: str
    break_glass: BreakGlassFact
