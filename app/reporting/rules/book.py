"""A county's rules of reporting as plain data, as `profile.read_rules` returns them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.reporting.rules.messages import Messages
from app.reporting.rules.terms import Anchor, Channel, Event, Grade, Kind, Node, Words
from app.reporting.rules.when import Expression, compared

Recipient = Literal["desk", "shift_lead", "leader"]
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long after the anchor: minutes, working days, or the end of its local day (`amount` 0)."""

    unit: Literal["minutes", "working_days", "end_of_day"]
    amount: int = 0
    span: timedelta = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "span", timedelta(minutes=self.amount))


@dataclass(frozen=True, slots=True)
class Schedule:
    """When reports follow each other: so many a local day, at hours of the day, or every so many minutes.

    `every_min` holds for `for_h` hours (None: for good), then `then`.
    """

    per_day_min: int | None = None
    daily_at: tuple[time, ...] = ()
    every_min: int | None = None
    for_h: int | None = None
    then: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `limits` by channel and grade; `scopes` empty: of any incident; `windows` are days by scope.

    A rule that names no level has its limit under `general` only and asks once whatever the level. `sources`
    are the reporting nodes, `targets` the addressees. `hours` are the zero reports' hours by reporting node.
    """

    id: str
    profile: str
    statutory: bool
    mark: str
    kind: Kind
    sources: tuple[Node, ...]
    targets: tuple[Node, ...]
    anchor: Anchor
    scopes: frozenset[str] = frozenset()
    when: Expression | None = None
    limits: Mapping[Channel, Mapping[Grade, Limit]] = field(default_factory=dict)
    onward: Mapping[tuple[Node, Node], Limit] = field(default_factory=dict)
    skip_allowed: bool = False
    windows: Mapping[str, int] = field(default_factory=dict)
    schedules: Mapping[Grade, Schedule] = field(default_factory=dict)
    hours: Mapping[Node, time] = field(default_factory=dict)
    events: frozenset[Event] = frozenset()
    until: Anchor = "end"
    note: str = ""
    line: int = field(default=0, compare=False)

    @property
    def label(self) -> str:
        """The rule as it is cited: D10(cn_county_default,D)."""
        return f"{self.id}({self.profile},{self.mark})"


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of rules a county switches on. `statutory`: its limits counted from occurrence are caps."""

    id: str
    name: Words
    statutory: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Semantics:
    """The numbers every rule shares (domain/rules B5, "Engine semantics")."""

    alarms_at: tuple[float, ...]
    alarms_to: tuple[Recipient, ...]
    repeat_after_due: timedelta
    grace: Mapping[Channel, timedelta]
    floor: Mapping[Channel, timedelta]
    sensitive_lifts: int
    unknown_field_recheck: timedelta
    messages: Messages


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule for one reporting node, one addressee and one channel."""

    rule: Rule
    sender: Node
    receiver: Node
    channel: Channel
    anchor: Anchor
    limits: tuple[tuple[Grade, Limit], ...]
    schedules: tuple[tuple[Grade, Schedule], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a rulebook concerns an incident of given scopes, made flat once."""

    demands: tuple[Demand, ...]
    burning: tuple[timedelta, ...]  # spans after which a comparison of burning_h turns true


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All profiles of one version of the rules. `zone` is the county's, for days and hours of the day."""

    version: str
    zone: ZoneInfo
    semantics: Semantics
    scopes: Mapping[str, tuple[str, ...]]
    larger_risk_scopes: frozenset[str]
    larger_risk: Expression
    default_profiles: tuple[str, ...]
    profiles: Mapping[str, Profile]
    _plans: dict[tuple[frozenset[str], frozenset[str]], Plan] = field(
        default_factory=dict, compare=False, repr=False
    )

    def scopes_of(self, event_code: str) -> frozenset[str]:
        """Return what an event code belongs to: forest fire and natural disaster, work safety …"""
        return frozenset(
            scope for scope, codes in self.scopes.items() if any(event_code.startswith(one) for one in codes)
        )

    def plan(self, active: Collection[str], scopes: frozenset[str]) -> Plan:
        """Return the demands of the active profiles on such an incident; KeyError for an unknown profile."""
        key = (frozenset(active), scopes)
        found = self._plans.get(key)
        if found is None:
            found = self._plans[key] = self._flat(key[0], scopes)
        return found

    def _flat(self, active: frozenset[str], scopes: frozenset[str]) -> Plan:
        rules = [
            rule
            for name in sorted(active)
            for rule in self.profiles[name].rules
            if not rule.scopes or rule.scopes & scopes
        ]
        conditions = [rule.when for rule in rules if rule.when is not None]
        spans = {
            timedelta(hours=one.number) + (SECOND if one.operator == ">" else timedelta())
            for condition in conditions
            for one in compared(condition, "burning_h")
        }
        return Plan(tuple(one for rule in rules for one in _demands(rule)), tuple(sorted(spans)))


def _demands(rule: Rule) -> list[Demand]:
    flat: list[Demand] = []
    for channel, limits in rule.limits.items():
        told = tuple(limits.items())
        flat += [
            Demand(rule, sender, receiver, channel, rule.anchor, told)
            for sender in rule.sources
            for receiver in rule.targets
        ]
        # What goes onward counts from the receipt of who passes it on.
        flat += [
            Demand(rule, sender, receiver, channel, "rcv", tuple((grade, limit) for grade, _ in told))
            for (sender, receiver), limit in rule.onward.items()
        ]
    return flat + _scheduled(rule)


def _scheduled(rule: Rule) -> list[Demand]:
    if rule.hours:
        above: dict[Node, Node] = {"T": "C", "C": "P", "P": "PR", "PR": "N"}
        grades = tuple(rule.schedules)
        return [
            Demand(
                rule,
                sender,
                above[sender],
                "system",
                "rcv",
                (),
                tuple((grade, Schedule(daily_at=(hour,))) for grade in grades),
            )
            for sender, hour in rule.hours.items()
        ]
    told = tuple(rule.schedules.items())
    return [
        Demand(rule, sender, receiver, "written", "rcv", (), told)
        for sender in rule.sources
        for receiver in rule.targets
        if told
    ]
