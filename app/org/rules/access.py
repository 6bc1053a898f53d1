"""Roles, permissions and the region scope: who may do what, who may see which event.

A scope is a prefix of the 12-digit region code: `990181` is the county, `990181100` a township.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.journal.concern import Concern as Concern  # who may see what is decided between the two
from app.refusals import NotPermitted
from app.wire import Actor

Role = Literal[
    "centre_leader",
    "shift_lead",
    "duty_officer",
    "township_leader",
    "township_officer",
    "responder",
    "device_admin",
    "auditor",
    "wall",
]
Permission = Literal[
    "see_desk",  # alarms, incidents, assignments within the scope
    "see_personal",  # telephones, callers and residents whole: others see them masked (app/personal.py)
    "reveal_personal",  # … masked ones one by one, with a reason, journalled
    "see_restricted",  # need-to-know incidents (social safety)
    "command",  # confirm, open, amend, assign, close within the scope
    "reopen",  # a closed incident
    "review_reports",  # written reports before a leader signs them
    "answer",  # step the assignments of one's own teams
    "set_standby",
    "keep_supplies",  # issue, receive, count and scrap goods of the warehouses in the scope
    "keep_shelters",  # open, count and close shelters, read and tick evacuation lists of the scope
    "plan_duty",  # rosters of the posts in the scope
    "approve_duty",  # swaps, leave and what else needs a leader's word
    "approve_broadcast",  # let another person's emergency broadcast go, within the scope
    "manage_people",  # units, people, offices and groups within the scope
    "manage_devices",
    "manage_accounts",  # who may log in, as what; only with the whole county as scope
    "make_tokens",  # of programs, with at most one's own rights
    "audit",  # logins and other accounts' doings
]

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    "centre_leader": frozenset(
        {
            "see_desk",
            "see_personal",
            "see_restricted",
            "command",
            "reopen",
            "review_reports",
            "set_standby",
            "keep_supplies",
            "keep_shelters",
            "plan_duty",
            "approve_duty",
            "approve_broadcast",
            "manage_people",
            "manage_accounts",
            "make_tokens",
        }
    ),
    "shift_lead": frozenset(
        {
            "see_desk",
            "see_personal",
            "see_restricted",
            "command",
            "reopen",
            "review_reports",
            "set_standby",
            "keep_supplies",
            "keep_shelters",
            "plan_duty",
            "approve_broadcast",
            "manage_people",
        }
    ),
    "duty_officer": frozenset(
        {
            "see_desk",
            "see_personal",
            "see_restricted",
            "command",
            "set_standby",
            "keep_supplies",
            "keep_shelters",
        }
    ),
    "township_leader": frozenset(
        {
            "see_desk",
            "see_personal",
            "command",
            "reopen",
            "review_reports",
            "set_standby",
            "keep_supplies",
            "keep_shelters",
            "plan_duty",
            "approve_duty",
            "approve_broadcast",
            "manage_people",
        }
    ),
    "township_officer": frozenset(
        {
            "see_desk",
            "see_personal",
            "command",
            "set_standby",
            "keep_supplies",
            "keep_shelters",
            "plan_duty",
            "manage_people",
        }
    ),
    "responder": frozenset({"answer", "see_personal"}),
    "device_admin": frozenset({"manage_devices", "see_personal", "make_tokens"}),
    "auditor": frozenset({"see_desk", "reveal_personal", "see_restricted", "make_tokens", "audit"}),
    "wall": frozenset({"see_desk"}),  # a display: it never changes anything (READ_ONLY)
}


# Roles without a person before the screen: whatever their permissions let them see, they write nothing.
READ_ONLY: frozenset[Role] = frozenset({"wall"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """An account as the rules see it. `team_ids` are the teams this person answers for.

    `person_id` is who this is in the register of persons, None for an account that is nobody's.
    """

    account_id: int
    name: str
    role: Role
    stream: str
    scope: str
    team_ids: frozenset[int] = frozenset()
    username: str = ""
    person_id: int | None = None
    factorless: bool = False  # logged in by a password alone; not so a phone let in by a link
    granted: frozenset[Permission] | None = None  # of a token: its scopes; None, all that the role has
    per_minute: int | None = None  # of a token: how often it may ask
    maker_id: int | None = None  # of a token: whose rights it has
    named_as: frozenset[str] = frozenset()  # the units and posts under which this person may be named

    def is_named(self, readers: Iterable[str]) -> bool:
        """Whether this account, its person, unit or post stands among those who may know."""
        return not set(self.names).isdisjoint(readers)

    @property
    def names(self) -> list[str]:
        """Everything under which this person may be named."""
        own = {f"account:{self.account_id}", f"person:{self.person_id}"}
        if len(self.scope) > len(self.stream) and self.may("see_desk"):
            own.add(f"place:{self.scope[:9]}")  # a township's desk
        return sorted(self.named_as | own)

    def may(self, permission: Permission) -> bool:
        """Whether the role grants the permission, and a token's scopes name it."""
        return permission in PERMISSIONS[self.role] and (self.granted is None or permission in self.granted)

    @property
    def permissions(self) -> list[Permission]:
        """Everything this account may."""
        return sorted(one for one in PERMISSIONS[self.role] if self.may(one))

    def covers(self, region_code: str) -> bool:
        """Whether the place lies in this person's scope."""
        return region_code.startswith(self.scope)


def actor(viewer: Viewer) -> Actor:
    """Return the person as the journal names them."""
    return Actor(id=viewer.account_id, name=viewer.name, role=viewer.role)


def require(viewer: Viewer, permission: Permission) -> None:
    """Raise NotPermitted unless the role grants the permission."""
    if not viewer.may(permission):
        raise NotPermitted


def may_for_county(viewer: Viewer, permission: Permission) -> bool:
    """Whether the role grants the permission and its scope is the whole county.

    A scope is the county's 6 digits or a place within it (9 or 12): longer is always narrower.
    """
    return viewer.may(permission) and len(viewer.scope) <= len(viewer.stream)


def require_for_county(viewer: Viewer, permission: Permission) -> None:
    """Raise NotPermitted unless the role grants the permission and its scope is the whole county."""
    if not may_for_county(viewer, permission):
        raise NotPermitted


def may_see(viewer: Viewer, concern: Concern) -> bool:
    """Whether this person may see a fact: by team always, by place if the role reads the desk."""
    covered = any(viewer.covers(code) for code in concern.region_codes)
    if concern.audience == "audit":
        return viewer.may("audit") and covered
    if concern.audience == "register":
        reads = viewer.may("see_desk") or viewer.may("manage_devices") or viewer.may("audit")
        return reads and covered
    if not viewer.team_ids.isdisjoint(concern.team_ids):
        return concern.audience != "outside"
    if concern.readers:
        return _may_see_named(viewer, concern, covered=covered)
    return _desk_may_see(viewer, concern) and covered


def _desk_may_see(viewer: Viewer, concern: Concern) -> bool:
    if not viewer.may("see_desk"):
        return False
    if viewer.may("see_restricted"):
        return concern.audience != "outside"
    return not concern.restricted


def _may_see_named(viewer: Viewer, concern: Concern, *, covered: bool) -> bool:
    """Whether a person may see what is for named readers: they alone, wherever they are.

    Outside are those of the desk who saw it until readers were named, and are not among them.
    """
    named = viewer.is_named(concern.readers)
    if concern.audience != "outside":
        return named
    saw = viewer.may("see_desk") and (viewer.may("see_restricted") or not concern.restricted)
    return saw and covered and not named
