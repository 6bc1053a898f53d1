"""All that a county sets of readiness, in one hand: its rules, its key periods and its clock on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.duty.roster.rules import wall_clock
from app.duty.roster.rules.calendar import InForce, KeyPeriod, KeyPeriodRule, key_periods
from app.duty.standby.rules.required import Policy, ReadinessRule, in_force


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The policy with the calendar it follows: a day turns into a key day at midnight by itself."""

    policy: Policy
    periods: tuple[KeyPeriodRule, ...]
    zone: ZoneInfo

    def today(self, now: datetime) -> date:
        """Return the day it is in the county."""
        return now.astimezone(self.zone).date()

    def due_at(self, day: date) -> datetime:
        """Return when the returns of a day are due."""
        return wall_clock.at(self.zone, day, self.policy.return_due)

    def key_periods(self, first: date, last: date, declared: Sequence[InForce] = ()) -> tuple[KeyPeriod, ...]:
        """Return the key periods that touch a range of days."""
        return key_periods(first, last, self.periods, declared)

    def key_day(
        self, rule: ReadinessRule, day: date, declared: Sequence[InForce] = ()
    ) -> tuple[KeyPeriod, ...]:
        """Return what makes this day a key day for a rule, nothing on an ordinary one."""
        return in_force(rule, day, self.key_periods(day, day, declared))

    @property
    def township_rule(self) -> ReadinessRule | None:
        """The rule by which townships keep persons on standby."""
        return next((rule for rule in self.policy.rules if rule.per == "township"), None)

    @property
    def team_rules(self) -> tuple[ReadinessRule, ...]:
        """The rules of teams that return their strength every morning."""
        return tuple(rule for rule in self.policy.rules if rule.per == "team")

    def rule_of(self, team_kind: str) -> ReadinessRule | None:
        """Return the rule of a kind of team that makes returns."""
        return next((rule for rule in self.team_rules if rule.team_kind == team_kind), None)
