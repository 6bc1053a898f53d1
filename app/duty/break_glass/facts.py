"""The sealed emergency login as desks see it; the code stands on paper only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from app.commands import Command
from app.wire import Fact


class OpenIn(Command):
    """The code of the sheet, who opens it and why."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=60)]
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class OpenedFact(Fact):
    """A sheet that was opened: by whom, why, until when; `closed_at` when it was ended before."""

    opened_at: datetime
    opened_by: str
    opened_from: str
    reason: str
    ends_at: datetime
    closed_at: datetime | None
    closed_by: str | None


class BreakGlassFact(Fact):
    """Whether a sheet lies sealed, since when, and the last that was opened."""

    sealed_at: datetime | None
    opened: OpenedFact | None
