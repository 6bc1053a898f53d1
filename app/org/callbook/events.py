"""The events of the call book: for the desk."""

from __future__ import annotations

from typing import Literal

from app.org.callbook.facts import GroupFact, OfficeFact, ResponsibilityFact
from app.wire import Fact


class OfficeChanged(Fact):
    """An office was entered, has another holder (or none), or is no more."""

    type: Literal["office.registered", "office.filled", "office.abolished"]
    office: OfficeFact


class ResponsibilityChanged(Fact):
    """Somebody answers for a place from now on, in another order or by another person, or no more."""

    type: Literal["responsibility.assigned", "responsibility.amended", "responsibility.ended"]
    responsibility: ResponsibilityFact


class GroupChanged(Fact):
    """A group was made, amended, or deleted."""

    type: Literal["group.registered", "group.amended", "group.deleted"]
    group: GroupFact


class MembershipSet(Fact):
    """A team has these people."""

    type: Literal["membership.set"]
    team_id: int
    team_name: str
    person_ids: list[int]
