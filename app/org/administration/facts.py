"""Accounts and logins as the console shows them."""

from __future__ import annotations

from datetime import datetime

from app.org.rules.access import Role
from app.wire import Fact


class LoginFact(Fact):
    """A login that holds. `id` only names it: the first digits of what is stored of its token."""

    id: str
    created_at: datetime
    expires_at: datetime


class UserAccount(Fact):
    """An account. `works` is false when it was closed or its person has left."""

    id: int
    username: str
    name: str
    role: Role
    scope: str
    team_ids: list[int]
    person_id: int | None
    person_name: str | None
    active: bool
    works: bool
    second_factor: bool
    logins: list[LoginFact]


class AuditFact(Fact):
    """Something that happened to an account: a login, a refusal, a change, and by whom.

    `about`: whose personal data was read, where and what for.
    """

    seq: int
    at: datetime
    type: str
    username: str
    address: str
    by: str | None
    changed: list[str]
    about: str = ""
