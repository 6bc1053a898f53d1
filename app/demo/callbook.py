"""The call book of the demo: numbers and qualifications of people, offices, who answers for what, groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.demo.devices import Device
from app.demo.muster import CAPABILITIES, Team
from app.demo.people import Person, Roll
from app.demo.places import BY_CODE, COUNTY_CODE, TOWNSHIPS
from app.demo.registers import RiskPoint
from app.demo.units import CENTRE_KEY

SHORT_OF_STAFF = "post-990181201"
"""洲尾乡's office, which has one full-time post too few (A1.5)."""

# Title and key of the leaders who answer for townships (A1.15): they are the last on the roll.
_COUNTY_LEADERS = (
    ("市委副书记、市长", "county-leader-1"),
    ("市委常委、常务副市长", "county-leader-2"),
    ("副市长(分管应急、消防)", "county-leader-3"),
    ("副市长(分管水利、农业)", "county-leader-4"),
    ("副市长(分管林业、自然资源)", "county-leader-5"),
    ("市委常委、政法委书记", "county-leader-6"),
)
_VILLAGE_OFFICES = {
    "village_head": "village_head",
    "village_admin_a": "contact_a",
    "village_admin_b": "contact_b",
}
_QUALIFIED = {
    "leader_in_charge": ("应急指挥",),
    "shift_lead": ("应急指挥", "信息报送"),
    "village_admin_a": ("灾害信息员",),
    "village_admin_b": ("灾害信息员",),
    "forest_ranger": ("护林员",),
}
_SEATED = {"intake": ("接警受理",), "dispatch": ("调度通信",), "clerk": ("信息报送",)}
_GROUPS = (
    ("两委三部成员", "Members of the two committees and three departments",
     "police natural-resources water agriculture civil-affairs armed-forces"),
    ("防指成员", "Flood control headquarters members",
     "water weather natural-resources agriculture housing transport power telecom fire-rescue armed-forces"),
    ("森防指成员", "Forest fire headquarters members",
     "forestry weather police fire-rescue natural-resources armed-forces media"),
)  # fmt: skip
_POINTS = 24  # reservoirs that have somebody to call of their own


@dataclass(frozen=True, slots=True)
class Numbers:
    """By what else a person is reached, and what for he is trained."""

    call_sign: str = ""
    satellite: str = ""
    beidou: str = ""
    qualifications: tuple[str, ...] = ()
    full_time: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """An office and who holds it."""

    key: str
    kind: str
    title: str
    region_code: str
    person_key: str


@dataclass(frozen=True, slots=True)
class Answering:
    """An office or a person answers for a place or a point in it."""

    kind: str
    region_code: str
    office_key: str = ""
    person_key: str = ""
    point: str = ""
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A list that is addressed as one: units and offices by key."""

    name_zh: str
    name_en: str
    unit_keys: tuple[str, ...]
    office_keys: tuple[str, ...]


@dataclass(frozen=True)
class CallBook:
    """All of it."""

    numbers: dict[str, Numbers] = field(default_factory=dict)
    offices: tuple[Office, ...] = ()
    answering: tuple[Answering, ...] = ()
    groups: tuple[Group, ...] = ()
    members: tuple[tuple[str, str, str], ...] = ()  # team, person, role


def enlist_leaders(roll: Roll) -> None:
    """Enlist the county's leaders, after everybody else."""
    for title, _ in _COUNTY_LEADERS:
        roll.enlist("county_leader", title, COUNTY_CODE)


def callbook(
    people: tuple[Person, ...],
    teams: tuple[Team, ...],
    gear: tuple[Device, ...],
    risks: tuple[RiskPoint, ...],
) -> CallBook:
    """Make the call book of the people, teams, devices and risk points of a city."""
    offices = tuple(_offices(people))
    return CallBook(
        numbers=_numbers(people, teams, gear),
        offices=offices,
        answering=tuple(_answering(people, offices, risks)),
        groups=_groups(offices),
        members=tuple(_members(people, teams)),
    )


def _numbers(
    people: tuple[Person, ...], teams: tuple[Team, ...], gear: tuple[Device, ...]
) -> dict[str, Numbers]:
    led = {team.leader_key: team for team in reversed(teams)}
    held = {(device.kind, device.holder_key): device.number for device in reversed(gear)}
    of_unit: defaultdict[str, int] = defaultdict(int)
    found = {}
    for person in people:
        team = led.get(person.key)
        at_post = bool(person.unit_key) and person.role == "duty_officer"
        of_unit[person.unit_key] += at_post
        allowed = 1 if person.unit_key == SHORT_OF_STAFF else 4
        skills = tuple(CAPABILITIES[word] for word in team.capabilities[:3]) if team else ()
        found[person.key] = Numbers(
            call_sign=team.call_sign if team else "",
            satellite=held.get(("satellite_phone", person.key), ""),
            beidou=held.get(("beidou_terminal", person.key), ""),
            qualifications=(
                *_SEATED.get(person.seat, ()),
                *_QUALIFIED.get(person.role, ()),
                *(skill for skill in skills if skill not in _QUALIFIED.get(person.role, ())),
            ),
            full_time=person.unit_key == CENTRE_KEY or (at_post and of_unit[person.unit_key] <= allowed),
        )
    return found


def _offices(people: tuple[Person, ...]) -> Iterator[Office]:
    leaders = [person for person in people if person.role == "county_leader"]
    for (title, key), person in zip(_COUNTY_LEADERS, leaders, strict=True):
        yield Office(key, "county_leader", title, COUNTY_CODE, person.key)
    commander = next(person for person in people if person.role == "commander")
    yield Office("commander", "county_leader", commander.title_zh, COUNTY_CODE, commander.key)
    for place in TOWNSHIPS:
        person = next(p for p in people if p.role == "leader_in_charge" and p.region_code == place.code)
        title = f"{place.name_zh}包干领导"
        yield Office(f"leader-{place.code}", "township_leader", title, place.code, person.key)
    for person in people:
        if kind := _VILLAGE_OFFICES.get(person.role):
            yield Office(
                f"{kind}-{person.region_code}", kind, person.title_zh, person.region_code, person.key
            )


def _answering(
    people: tuple[Person, ...], offices: tuple[Office, ...], risks: tuple[RiskPoint, ...]
) -> Iterator[Answering]:
    known = {office.key for office in offices}
    yield Answering("county_leader", COUNTY_CODE, "commander")
    for number, place in enumerate(TOWNSHIPS):
        officer = next(p for p in people if p.role == "duty_officer" and p.region_code == place.code)
        yield Answering("contact", place.code, person_key=officer.key)
        yield Answering("township_leader", place.code, f"leader-{place.code}")
        yield Answering("county_leader", place.code, _COUNTY_LEADERS[number % len(_COUNTY_LEADERS)][1])
    for risk in [risk for risk in risks if risk.kind == "reservoir"][:_POINTS]:
        if (key := f"contact_a-{risk.region_code}") in known:
            yield Answering("contact", risk.region_code, key, point=risk.name_zh)
            yield Answering(
                "township_leader", risk.region_code, f"leader-{risk.region_code[:9]}000", point=risk.name_zh
            )


def _groups(offices: tuple[Office, ...]) -> tuple[Group, ...]:
    chiefs = ("commander", "county-leader-3")
    more = {"防指成员": "county-leader-4", "森防指成员": "county-leader-5"}
    return tuple(
        Group(zh, en, tuple(units.split()), (*chiefs, *((more[zh],) if zh in more else ())))
        for zh, en, units in _GROUPS
    )


def _members(people: tuple[Person, ...], teams: tuple[Team, ...]) -> Iterator[tuple[str, str, str]]:
    """Villagers are in their village's teams and in their township's: counted once nevertheless (A4.1)."""
    villagers: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.role in _VILLAGE_OFFICES:
            villagers[person.region_code].append(person)
            villagers[person.region_code[:9] + "000"].append(person)
    for team in teams:
        yield team.key, team.leader_key, "leader"
        if team.kind in {"semi_pro", "village_detachment", "flood"} and team.region_code != COUNTY_CODE:
            near = [p for p in villagers[team.region_code] if p.key != team.leader_key]
            of_town = team.region_code in BY_CODE
            most = min(team.strength - 1, 16 if of_town else 2)
            for n, person in enumerate(near[:most]):
                yield team.key, person.key, "deputy" if n == 0 else "member"
