"""What people say of pairs."""

from __future__ import annotations

from typing import Literal

from app.commands import Command, Reason


class PairDecisionIn(Command):
    """Both are true and different; they are the same; or one is merged into the other's incident."""

    decision: Literal["both", "same", "merge"]
    reason: Reason
