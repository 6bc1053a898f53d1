"""The call book of the fictional city as rows: offices, who answers for what, groups, teams' people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import SQLModel

from app.demo.city import City
from app.demo.people import Person
from app.org.callbook.tables import GroupMember, Office, RecipientGroup, Responsibility, TeamMember
from app.org.rules.numbers import usual_label

Rows = list[dict[str, Any]]


def numbers_of(city: City, person: Person) -> dict[str, Any]:
    """Return the columns of a person that say by what else he is reached, and what for he is trained."""
    told = city.callbook.numbers[person.key]
    at_home = person.role.startswith("village_")
    return {
        "phone_labels": [
            "home" if at_home and n > 0 else usual_label(phone) for n, phone in enumerate(person.phones)
        ],
        "call_sign": told.call_sign,
        "satellite_number": told.satellite,
        "beidou_number": told.beidou,
        "qualifications": list(told.qualifications),
        "full_time": told.full_time,
    }


def rows(
    city: City,
    stream: str,
    people: Mapping[str, int],
    units: Mapping[str, int],
    teams: Mapping[str, int],
) -> Iterator[tuple[type[SQLModel], Rows]]:
    """Return the rows of each table, in the order in which they can be written."""
    book = city.callbook
    offices = {office.key: number for number, office in enumerate(book.offices, start=1)}
    yield (
        Office,
        [
            {
                "id": offices[office.key],
                "stream": stream,
                "kind": office.kind,
                "title": office.title,
                "region_code": office.region_code,
                "person_id": people[office.person_key],
            }
            for office in book.offices
        ],
    )
    yield (
        Responsibility,
        [
            {
                "stream": stream,
                "kind": one.kind,
                "region_code": one.region_code,
                "point": one.point,
                "ordinal": one.ordinal,
                "office_id": offices.get(one.office_key),
                "person_id": people.get(one.person_key),
            }
            for one in book.answering
        ],
    )
    yield RecipientGroup, [
        {
            "id": number,
            "stream": stream,
            "name_zh": group.name_zh,
            "name_en": group.name_en,
            "region_code": stream.ljust(12, "0"),
        }
        for number, group in enumerate(book.groups, start=1)
    ]  # fmt: skip
    yield GroupMember, _members(city, units, offices)
    yield (
        TeamMember,
        [
            {"team_id": teams[team], "person_id": people[person], "role": role}
            for team, person, role in book.members
        ],
    )


def _members(city: City, units: Mapping[str, int], offices: Mapping[str, int]) -> Rows:
    found: Rows = []
    for number, group in enumerate(city.callbook.groups, start=1):
        named = [(None, offices[key]) for key in group.office_keys]
        named += [(units[key], None) for key in group.unit_keys]  # type: ignore[misc]
        found += [
            {"group_id": number, "ordinal": n, "unit_id": unit, "office_id": office, "person_id": None}
            for n, (unit, office) in enumerate(named)
        ]
    return found
