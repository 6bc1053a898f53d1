"""What people ask of field phones."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, Line

Secret = Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


class PhoneLinkIn(Command):
    """Make a one-time link; it lapses after so many minutes."""

    minutes: Annotated[int, Field(ge=1, le=1440)] = 10


class LinkLoginIn(Command):
    """Log in with a link. `key` is made by the phone: whose answer was lost may ask again with the same."""

    token: Secret
    key: Secret
    label: Line = ""
