"""The people of the demo: centre staff of the scenarios, duty staff of the posts, village contacts.

All names and numbers are invented; mobiles are 1990000…/1980000…, no real subscriber is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.names import person_names, person_pinyin
from app.demo.places import COUNTY_CODE
from app.demo.regions import Region
from app.demo.units import CENTRE_KEY, OrgUnit

# Scenario staff (domain/scenarios.md): name, role, seat, title.
CENTRE_STAFF = (
    ("周敏", "leader_in_charge", "", "带班领导(副局长)"),
    ("刘海", "shift_lead", "", "值班长"),
    ("陈洁", "duty_officer", "intake", "接报值班员"),
    ("王军", "duty_officer", "dispatch", "调度值班员"),
    ("何志强", "director", "", "市应急管理局局长"),
    ("沈立", "commander", "", "市应急救援总指挥部指挥长"),
)
RANGER = "吴强"  # S09: the forest ranger with Beidou card 0500123
CREW_LEADER = "周强"  # the leader of 林12 on the console drawings
_RESERVED = frozenset({name for name, *_ in CENTRE_STAFF} | {RANGER, CREW_LEADER})

# The rest of the centre: four shifts of 1 leader + 6 (rules A2.1), less the four people above.
_CENTRE_REST = (
    ("leader_in_charge", "", "带班领导", 3),
    ("shift_lead", "", "值班长", 3),
    ("duty_officer", "intake", "接报值班员", 7),
    ("duty_officer", "dispatch", "调度值班员", 7),
    ("duty_officer", "clerk", "文电值班员", 4),
    ("device_admin", "", "通信设备管理员", 1),
    ("auditor", "", "值班审计员", 1),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A named person with at least two phone numbers, first the one to try first.

    `role` is an identifier (leader_in_charge, shift_lead, duty_officer, team_leader, village_head,
    village_admin_a, village_admin_b, forest_ranger, director, commander, device_admin, auditor),
    `title_zh` what stands on the card, `seat` the chair at the centre (intake, dispatch, clerk).
    """

    key: str
    name_zh: str
    name_en: str
    role: str
    title_zh: str
    region_code: str
    unit_key: str
    seat: str
    phones: tuple[str, ...]


class Roll:
    """The roll of names: gives every person the next free name, key and phone numbers."""

    def __init__(self, seed: int) -> None:
        self._names = person_names(seed, _RESERVED)
        self.people: list[Person] = []

    def enlist(
        self,
        role: str,
        title_zh: str,
        region_code: str,
        *,
        unit_key: str = "",
        seat: str = "",
        name: str = "",
    ) -> Person:
        """Add a person (with the given name, or the next one) and return them."""
        name = name or next(self._names)
        number = len(self.people) + 1
        phones = (f"1990000{number:04d}", f"1980000{number:04d}")
        person = Person(
            f"p{number:04d}", name, person_pinyin(name), role, title_zh, region_code, unit_key, seat, phones
        )
        self.people.append(person)
        return person

    def named(self, name_zh: str) -> Person:
        """Find the person of that name; raises StopIteration when nobody has it."""
        return next(person for person in self.people if person.name_zh == name_zh)

    def holding(self, role: str, region_code: str) -> Person:
        """Find the first person with a role in a region; raises StopIteration when there is none."""
        return next(p for p in self.people if p.role == role and p.region_code == region_code)


def staff_posts(roll: Roll, posts: tuple[OrgUnit, ...]) -> None:
    """Enlist the centre's four shifts, three leaders and six officers per township, 3 + 3 per department."""
    for name, role, seat, title in CENTRE_STAFF:
        roll.enlist(role, title, COUNTY_CODE, unit_key=CENTRE_KEY, seat=seat, name=name)
    for role, seat, title, count in _CENTRE_REST:
        for _ in range(count):
            roll.enlist(role, title, COUNTY_CODE, unit_key=CENTRE_KEY, seat=seat)
    for post in posts:
        if post.kind == "centre":
            continue
        officers = 3 if post.kind == "department" else 6
        for role, title, count in (("leader_in_charge", "带班领导", 3), ("duty_officer", "值班员", officers)):
            for _ in range(count):
                roll.enlist(role, title, post.region_code, unit_key=post.key)


def staff_villages(roll: Roll, places: tuple[Region, ...]) -> None:
    """Enlist three contacts per village (A1.4): its head (主任), emergency administrators A and B."""
    for place in places:
        if place.kind not in {"village", "community"}:
            continue
        head = "居委会主任" if place.kind == "community" else "村委会主任"
        roll.enlist("village_head", head, place.code)
        roll.enlist("village_admin_a", "应急管理员A角", place.code)
        roll.enlist("village_admin_b", "应急管理员B角", place.code)
