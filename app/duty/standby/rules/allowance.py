"""The standby allowance (备勤补助, rules B7 R17): accepted person-days of key periods, in yuan, exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One person accepted on one day, and what the day is worth by the terms of that acceptance."""

    region_code: str
    day: date
    name: str
    phone: str
    person_id: int | None
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class PersonSum:
    """What one person is paid for a month at one township."""

    region_code: str
    name: str
    phone: str
    person_id: int | None
    days: tuple[date, ...]
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """Person-days and their worth."""

    person_days: int
    yuan: Decimal


def by_person(days: Iterable[PersonDay]) -> tuple[PersonSum, ...]:
    """Return one line a person and township, by township and name."""
    found: dict[tuple[str, object], list[PersonDay]] = {}
    for one in days:
        who: object = one.person_id if one.person_id is not None else (one.name, one.phone)
        found.setdefault((one.region_code, who), []).append(one)
    lines = [_line(sorted(held, key=lambda d: d.day)) for held in found.values()]
    return tuple(
        sorted(lines, key=lambda line: (line.region_code, line.name, line.phone, line.person_id or 0))
    )


def _line(held: list[PersonDay]) -> PersonSum:
    last = held[-1]
    yuan = sum((one.yuan for one in held), Decimal(0)).quantize(CENT)
    return PersonSum(
        last.region_code, last.name, last.phone, last.person_id, tuple(one.day for one in held), yuan
    )


def total(lines: Iterable[PersonSum]) -> Totals:
    """Return the sum of lines."""
    lines = tuple(lines)
    yuan = sum((line.yuan for line in lines), Decimal(0)).quantize(CENT)
    return Totals(sum(len(line.days) for line in lines), yuan)
