"""The events of accounts (for auditors only), of units, of people and of teams' leaders."""

from __future__ import annotations

from typing import Literal

from app.org.facts import PersonFact, UnitFact, UnitKindFact
from app.wire import Fact


class AccountEvent(Fact):
    """Somebody logged in, failed to, logged out, or was locked out on leaving the service.

    `address` is the network address; `account_id` is told of who was locked out: his screens are closed.
    `through` is the identity provider that vouched for him in place of a password.
    """

    type: Literal["account.logged_in", "account.login_refused", "account.logged_out", "account.locked"]
    username: str
    address: str
    account_id: int | None = None
    through: str = ""


class UnitChanged(Fact):
    """A unit was entered, amended (`changed` names the fields) or deactivated."""

    type: Literal["unit.registered", "unit.amended", "unit.deactivated"]
    unit: UnitFact
    changed: list[str] = []


class UnitKindSet(Fact):
    """A kind of unit was entered or is called or staffed otherwise."""

    type: Literal["unit.kind_set"]
    kind: UnitKindFact


class PersonChanged(Fact):
    """A person was entered, amended (`changed` names the fields) or left the service.

    `shifts_left` counts the future shifts that were left to the coverage alarm.
    """

    type: Literal["person.registered", "person.amended", "person.deactivated"]
    person: PersonFact
    changed: list[str] = []
    shifts_left: int = 0


class PeopleImported(Fact):
    """A sheet was taken into the register of people: read it again for what it says now."""

    type: Literal["person.imported"]
    created: int
    amended: int
    person_ids: list[int]


class PersonSucceeded(Fact):
    """One person took over all that pointed to another: so many offices, places, groups and teams."""

    type: Literal["person.succeeded"]
    person_id: int
    person_name: str
    successor_id: int
    successor_name: str
    taken_over: int


class TeamLeaderChanged(Fact):
    """A team has another leader, or its leader another name or first telephone."""

    type: Literal["team.leader_changed"]
    team_id: int
    team_name: str
    leader_name: str | None
    leader_phone: str | None
