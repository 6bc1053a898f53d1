"""What somebody asks who must see masked personal data."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from app.commands import Command

RECORD = r"^/api(?:/[a-z][a-z-]*)+/\d{1,18}$"
Source = Annotated[str, StringConstraints(pattern=RECORD, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class RevealIn(Command):
    """One record, by the address under which it is read (`/api/people/7`), and what it is needed for."""

    source: Source
    reason: Reason
