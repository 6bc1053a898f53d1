"""What the keeper of accounts asks: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, RowId
from app.org.commands import PersonName
from app.org.passwords import MIN_PASSWORD
from app.org.rules.access import Role

Username = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$")
]
Scope = Annotated[str, StringConstraints(pattern=r"^(\d{6}|\d{9}|\d{12})$")]
TeamIds = Annotated[list[RowId], Field(max_length=20)]


# Made by whoever opens the account and told to its owner: no answer of the house ever holds it.
Password = Annotated[str, StringConstraints(min_length=MIN_PASSWORD, max_length=128)]


class AccountIn(Command):
    """An account to open."""

    username: Username
    password: Password
    name: PersonName
    role: Role
    scope: Scope
    team_ids: TeamIds = []
    person_id: RowId | None = None


class PasswordIn(Command):
    """A new password."""

    password: Password


class OwnPasswordIn(Command):
    """One's own new password, and the one that holds."""

    current: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    password: Password


class AccountPatch(Command):
    """Changed fields only; `person_id: null` makes the account nobody's."""

    name: PersonName | None = None
    role: Role | None = None
    scope: Scope | None = None
    team_ids: TeamIds | None = None
    person_id: RowId | None = None
    active: bool | None = None

    def row(self) -> dict[str, object]:
        """Return the fields that were named, as the table calls them."""
        told = {
            name: getattr(self, name)
            for name in self.model_fields_set
            if name == "person_id" or getattr(self, name) is not None
        }
        if "name" in told:
            told["name_zh"] = told.pop("name")
        return told
