"""API tokens as the console shows them; the token itself is told once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.commands import Command
from app.org.administration.commands import Scope
from app.org.rules.access import Permission
from app.wire import Fact

TokenState = Literal["works", "expired", "revoked", "suspended"]


class TokenIn(Command):
    """A token to make: who it is for, what it may, where, until when, how often."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    scopes: Annotated[list[Permission], Field(min_length=1, max_length=30)]
    scope: Scope
    days: Annotated[int, Field(ge=1, le=366)] = 90
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 120


class TokenFact(Fact):
    """A token. `suspended`: its maker has left, or has no longer the rights it needs."""

    id: int
    name: str
    purpose: str
    prefix: str
    scopes: list[Permission]
    scope: str
    per_minute: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_from: str
    revoked_at: datetime | None
    revoked_by: str | None
    state: TokenState


class NewToken(TokenFact):
    """A token just made, with what the program sends: `Authorization: Bearer …`. It is told this once."""

    token: str
