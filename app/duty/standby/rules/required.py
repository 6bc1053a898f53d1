"""How many must be in place on a day: by kind of team, and stricter in the key periods that touch it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from app.duty.roster.rules.calendar import KeyPeriod

Column = Literal["on_post", "on_leave", "out", "sick"]


@dataclass(frozen=True, slots=True)
class Need:
    """A share of the strength on the books, rounded up, and never less than `least` persons."""

    share: Decimal = Decimal(0)
    least: int = 0


@dataclass(frozen=True, slots=True)
class ReadinessRule:
    """What readiness means for one kind of team (rules B7 R16); see `readiness_rules.yaml`."""

    id: str
    team_kind: str
    per: Literal["team", "township"]
    key_periods: frozenset[str]
    normal: Need
    key: Need
    place_kinds: frozenset[str] = frozenset()
    counted: frozenset[Column] = frozenset({"on_post", "out"})


@dataclass(frozen=True, slots=True)
class Policy:
    """A county's readiness rules, when returns are due, and what a standby day is worth."""

    rules: tuple[ReadinessRule, ...]
    return_due: time
    yuan_per_person_day: Decimal


def in_force(rule: ReadinessRule, on: date, periods: Iterable[KeyPeriod]) -> tuple[KeyPeriod, ...]:
    """Return the key periods that make a day a key day for this rule."""
    return tuple(p for p in periods if p.rule_id in rule.key_periods and p.first <= on <= p.last)


def required(rule: ReadinessRule, strength: int, *, key: bool) -> int:
    """Return how many of `strength` must be in place: ceil(0.80 × 110) = 88, and 110 on a key day."""
    need = rule.key if key else rule.normal
    share = (need.share * strength).to_integral_value(rounding=ROUND_CEILING)
    return max(int(share), need.least)
