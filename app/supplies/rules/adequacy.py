"""For how many persons the supplies suffice: the scarcest main category decides (A5.2)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal


@dataclass(frozen=True, slots=True)
class Category:
    """A main category (主要品类): items whose code begins with one of `codes`; `per_person` is its norm."""

    id: str
    name_zh: str
    name_en: str
    codes: tuple[str, ...]
    per_person: Decimal


@dataclass(frozen=True, slots=True)
class Norm:
    """How many persons must be provided for, by which categories."""

    persons: int
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A category's part of the answer: `missing` is how much must come to reach the norm."""

    category: Category
    quantity: int
    persons: int
    missing: int
    limits: bool


@dataclass(frozen=True, slots=True)
class Adequacy:
    """Persons provided for, None where no category is set; `shares` in the order of the setting."""

    persons: int | None
    target: int
    enough: bool
    shares: tuple[Share, ...]


def adequacy(norm: Norm, stock: Iterable[tuple[str, int]]) -> Adequacy:
    """Return min over the main categories of quantity / per-person norm, and which of them limits it.

    `stock` is (item code, quantity). An item that fits several categories counts in each.
    """
    known = tuple(stock)
    found = [(one, sum(q for code, q in known if code.startswith(one.codes))) for one in norm.categories]
    persons = [_persons(one, quantity) for one, quantity in found]
    least = min(persons, default=None)
    shares = [
        Share(one, quantity, served, _missing(norm, one, quantity), served == least)
        for (one, quantity), served in zip(found, persons, strict=True)
    ]
    return Adequacy(least, norm.persons, least is not None and least >= norm.persons, tuple(shares))


def _persons(one: Category, quantity: int) -> int:
    return int((Decimal(quantity) / one.per_person).to_integral_value(ROUND_FLOOR))


def _missing(norm: Norm, one: Category, quantity: int) -> int:
    return max(0, math.ceil(norm.persons * one.per_person) - quantity)
