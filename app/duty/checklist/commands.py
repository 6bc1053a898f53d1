"""What people ask about checklists."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from app.commands import Command, Reason
from app.duty.standby.commands import Day

ItemKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}$")]


class ChecklistEvidenceIn(Command):
    """What was seen, and on which day (today unless told)."""

    item: ItemKey
    note: Reason
    seen_on: Day | None = None


class ChecklistRevocationIn(Command):
    """Why evidence no longer holds."""

    reason: Reason
