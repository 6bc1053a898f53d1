"""Whom a target's list holds, in which order, and what it lacks (无B角, 无号码). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.response.call_and_respond.facts import CalloutRole
from app.response.call_and_respond.rules.climb import Reachable
from app.response.call_and_respond.rules.limits import Tier

MOBILE = re.compile(r"^1\d{10}$")
ROLE_WORDS: dict[CalloutRole, str] = {
    "county_head": "党政主要领导",
    "bureau_head": "应急局局长",
    "flood_hq": "防指",
    "other_leader": "其他领导",
    "township_head": "乡镇负责人",
    "township_duty": "乡镇值班",
    "contact_a": "A角",
    "contact_b": "B角",
    "village_head": "村主干",
    "grid_member": "网格员",
}
_HEAD = re.compile(r"(?<!副)([市县区]长|书记)$")
_NEEDED: dict[Tier, tuple[CalloutRole, ...]] = {
    "county": (),
    "township": ("township_head",),
    "village": ("contact_a", "contact_b", "village_head"),
}


@dataclass(frozen=True, slots=True)
class Callee:
    """A person and the numbers under which he can be called."""

    role: CalloutRole
    person_id: int
    name: str
    title: str
    phones: tuple[str, ...]
    call_sign: str = ""
    satellite_number: str = ""
    beidou_number: str = ""
    app: bool = False

    @property
    def mobile(self) -> str:
        """His first number that takes a text, "" for none."""
        return next((number for number in self.phones if MOBILE.match(number)), "")

    @property
    def reachable(self) -> Reachable:
        """By what he can be reached."""
        return Reachable(
            app=self.app,
            mobile=bool(self.mobile),
            phone=bool(self.phones),
            radio=bool(self.call_sign),
            satellite=bool(self.satellite_number),
            beidou=bool(self.beidou_number),
        )


def in_order(people: Iterable[Callee]) -> tuple[Callee, ...]:
    """Return people as they are called; who stands there in two roles is called in the first."""
    order = list(ROLE_WORDS)
    found: dict[int, Callee] = {}
    for one in sorted(people, key=lambda one: order.index(one.role)):
        found.setdefault(one.person_id, one)
    return tuple(found.values())


def gaps(tier: Tier, people: Sequence[Callee]) -> tuple[str, ...]:
    """Return in words what a list lacks: an office nobody holds, a person without any number."""
    held = {one.role for one in people}
    missing = [f"无{ROLE_WORDS[role]}" for role in _NEEDED[tier] if role not in held]
    numberless = [
        f"{ROLE_WORDS[one.role]}{one.name}无号码" for one in people if one.reachable == Reachable(app=one.app)
    ]
    return (*missing, *numberless)


def role_of(title: str) -> CalloutRole:
    """Return as what somebody with a leading office of the county is called, by the words of its title."""
    if _HEAD.search(title):
        return "county_head"
    return "flood_hq" if "指挥" in title or "防指" in title else "other_leader"
