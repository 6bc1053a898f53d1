"""Read one rule of a profile, with its limits, its onward chain and its schedules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations
from typing import Any, cast

import yaml

from app.nodes import Reader, Table
from app.reporting.rules.book import Limit, Rule, Schedule
from app.reporting.rules.rows import ROW, read_schedules, with_risk
from app.reporting.rules.terms import (
    ANCHORS,
    CHANNELS,
    EVENTS,
    GRADES,
    KINDS,
    MILESTONES,
    NODES,
    Anchor,
    Channel,
    Event,
    Grade,
    Kind,
    Node,
)
from app.reporting.rules.when import Expression, WhenFault, parse_when

Of = tuple[str, bool, str | None]
"""The profile a rule stands in: its id, whether it is statutory, what 较大涉险 counts as."""

MOST_MIN, MOST_DAYS = 60 * 24 * 366, 366
_COMMON = ("id", "kind", "scope", "when", "level", "mark", "note")
_WAY = ("from", "to", "also_to")
_COUNTED = (*_COMMON, *_WAY, "anchor", "due_min", "due_working_days", "onward", "skip_allowed")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "supplement": (*_COUNTED, "window_days"),
    "followup_on_event": (*_COUNTED, "events"),
    "followup": (*_COMMON, *_WAY, *ROW, "schedule", "until"),
    "daily_report": (*_COMMON, *_WAY, "per_day_min", "daily_at"),
    "zero_report": (*_COMMON, "hours", "until"),
}
_BEGINNING: frozenset[Anchor] = frozenset({"occ", "lrn", "occ_or_lrn", "rcv"})
_ANCHORS: Mapping[str, frozenset[Anchor]] = {
    "initial": _BEGINNING,
    "supplement": frozenset({"chg"}),
    "followup_on_event": frozenset({"chg"}),
}
_RANKED = (("general", "larger", "major", "extraordinary"), ("general", "larger_risk"))


def read_rule(reader: Reader, node: yaml.Node, of: Of, scopes: Collection[str]) -> Rule | None:
    """Read a rule; None, with faults kept, where it cannot be meant."""
    every = {key for keys in _KEYS.values() for key in keys} | set(_COUNTED)
    path = f"profiles.{of[0]}.rules"
    told = reader.table(node, path, every, ("id", "kind", "mark"))
    if told is None or not {"id", "kind", "mark"} <= told.keys():
        return None
    before = len(reader.faults)
    name = reader.name(told["id"].node, path)
    path = f"{path}.{name}"
    kind = reader.one_of(told["kind"].node, f"{path}.kind", KINDS)
    if name is None or kind is None:
        return None
    for key, entry in told.items():
        if key not in _KEYS.get(kind, _COUNTED):
            reader.fault(
                entry.line,
                f"{path}.{key}",
                f"“{key}”不适用于{KINDS[cast(Kind, kind)][0]}",
                f"{kind} has no {key}",
            )
    rule = _Rule(reader, told, path, cast(Kind, kind), of, scopes, node).read(name)
    return rule if len(reader.faults) == before else None


def read_when(reader: Reader, node: yaml.Node, path: str) -> Expression | None:
    """Read a condition; a fault when it is not of the language."""
    words = reader.text(node, path)
    if words is None:
        return None
    try:
        return parse_when(words)
    except WhenFault as fault:
        reader.fault(node, path, fault.zh, fault.en)
        return None


class _Rule:
    def __init__(
        self,
        reader: Reader,
        told: Table,
        path: str,
        kind: Kind,
        of: Of,
        scopes: Collection[str],
        node: yaml.Node,
    ) -> None:
        self._reader, self._told, self._path, self._kind = reader, told, path, kind
        self._of, self._scopes, self._node = of, scopes, node

    def read(self, name: str) -> Rule:
        told, reader, path = self._told, self._reader, self._path
        counted = self._kind not in ("followup", "daily_report", "zero_report")
        grades = self._grades()
        limits = self._limits(grades) if counted else {}
        return Rule(
            name,
            self._of[0],
            self._of[1],
            reader.one_of(told["mark"].node, f"{path}.mark", ("V", "L", "K", "D")) or "D",
            self._kind,
            self._nodes("from", needed=self._kind != "zero_report"),
            self._nodes("to", needed=self._kind != "zero_report") + self._nodes("also_to", needed=False),
            self._anchor() if counted else "rcv",
            frozenset(self._words("scope", self._scopes)),
            read_when(reader, told["when"].node, f"{path}.when") if "when" in told else None,
            limits,
            self._onward(),
            "skip_allowed" in told and reader.truth(told["skip_allowed"].node, f"{path}.skip_allowed"),
            self._windows(),
            {} if counted else self._schedules(grades),
            self._hours(),
            cast(frozenset[Event], frozenset(self._words("events", EVENTS, needed=self._asks_events))),
            cast(Anchor, self._word("until", MILESTONES) or "end"),
            (reader.text(told["note"].node, f"{path}.note", 200) or "") if "note" in told else "",
            self._node.start_mark.line + 1,
        )

    @property
    def _asks_events(self) -> bool:
        return self._kind == "followup_on_event"

    def _missing(self, key: str) -> None:
        self._reader.fault(self._node, self._path, f"缺少“{key}”", f"{key!r} is missing")

    def _word(self, key: str, known: Collection[str]) -> str | None:
        if key not in self._told:
            return None
        return self._reader.one_of(self._told[key].node, f"{self._path}.{key}", known)

    def _words(self, key: str, known: Collection[str], *, needed: bool = False) -> list[str]:
        if key not in self._told:
            if needed:
                self._missing(key)
            return []
        return self._reader.some_of(self._told[key].node, f"{self._path}.{key}", known)

    def _nodes(self, key: str, *, needed: bool) -> tuple[Node, ...]:
        return cast(tuple[Node, ...], tuple(self._words(key, NODES, needed=needed)))

    def _anchor(self) -> Anchor:
        allowed = _ANCHORS.get(self._kind, MILESTONES)
        if "anchor" not in self._told:
            self._missing("anchor")
        found = self._word("anchor", ANCHORS)
        if found is not None and found not in allowed:
            self._reader.fault(
                self._told["anchor"].node,
                f"{self._path}.anchor",
                f"{KINDS[self._kind][0]}不能自“{found}”起算,可用:{'、'.join(sorted(allowed))}",
                f"{self._kind} cannot count from {found}; known: {', '.join(sorted(allowed))}",
            )
        return cast(Anchor, found or "rcv")

    def _grades(self) -> tuple[Grade, ...]:
        """Return the grades a rule lists; `any` is the lowest, and no list is asked of everything."""
        found = self._words("level", (*GRADES, "any"))
        if "any" in found and len(found) > 1:
            self._reader.fault(
                self._told["level"].node, f"{self._path}.level", "any不能与其他级别并列", "any stands alone"
            )
        return cast(tuple[Grade, ...], tuple("general" if one == "any" else one for one in found))

    def _limits(self, grades: tuple[Grade, ...]) -> dict[Channel, dict[Grade, Limit]]:
        keys = [key for key in ("due_min", "due_working_days") if key in self._told]
        if len(keys) != 1:
            self._missing("due_min")
            return {}
        path = f"{self._path}.{keys[0]}"
        table = self._reader.table(self._told[keys[0]].node, path, CHANNELS) or {}
        return {
            cast(Channel, channel): with_risk(
                self._by_grade(entry.node, f"{path}.{channel}", grades, days=keys[0] == "due_working_days"),
                self._of[2],
            )
            for channel, entry in table.items()
        }

    def _by_grade(
        self, node: yaml.Node, path: str, grades: tuple[Grade, ...], *, days: bool
    ) -> dict[Grade, Limit]:
        if isinstance(node, yaml.ScalarNode):
            limit = self._limit(node, path, days=days)
            return dict.fromkeys(grades or ("general",), limit) if limit else {}
        table = self._reader.table(node, path, grades or GRADES, grades) or {}
        found = {
            cast(Grade, grade): limit
            for grade, entry in table.items()
            if (limit := self._limit(entry.node, f"{path}.{grade}", days=days))
        }
        for low, high in (pair for row in _RANKED for pair in combinations(row, 2)):
            lower, higher = found.get(cast(Grade, low)), found.get(cast(Grade, high))
            if lower and higher and lower.unit == higher.unit and higher.amount > lower.amount:
                self._reader.fault(
                    node,
                    path,
                    f"{high}的时限不能长于{low}",
                    f"the limit of {high} is not longer than that of {low}",
                )
        return found

    def _limit(self, node: yaml.Node, path: str, *, days: bool) -> Limit | None:
        if days:
            count = self._reader.number(node, path, 1, MOST_DAYS)
            return None if count is None else Limit("working_days", count)
        if isinstance(node, yaml.ScalarNode) and node.value == "end_of_day":
            return Limit("end_of_day")
        minutes = self._reader.number(node, path, 0, MOST_MIN)
        return None if minutes is None else Limit("minutes", minutes)

    def _onward(self) -> dict[tuple[Node, Node], Limit]:
        if "onward" not in self._told:
            return {}
        path, found = f"{self._path}.onward", {}
        for key, entry in (self._reader.table(self._told["onward"].node, path) or {}).items():
            ends = tuple(key.split("->"))
            if len(ends) != 2 or not set(ends) <= NODES.keys():
                self._reader.fault(entry.line, path, f"“{key}”须写作P->PR", f"{key!r} is written P->PR")
                continue
            limit = self._limit(entry.node, f"{path}.{key}", days="due_working_days" in self._told)
            if limit:
                found[cast(tuple[Node, Node], ends)] = limit
        return found

    def _windows(self) -> dict[str, int]:
        if "window_days" not in self._told:
            if self._kind == "supplement":
                self._missing("window_days")
            return {}
        path = f"{self._path}.window_days"
        known = ("default", *self._scopes)
        table = self._reader.table(self._told["window_days"].node, path, known, ("default",)) or {}
        return {
            scope: self._reader.number(entry.node, f"{path}.{scope}", 1, MOST_DAYS) or 1
            for scope, entry in table.items()
        }

    def _hours(self) -> dict[Node, Any]:
        if "hours" not in self._told:
            if self._kind == "zero_report":
                self._missing("hours")
            return {}
        path = f"{self._path}.hours"
        table = self._reader.table(self._told["hours"].node, path, ("T", "C", "P", "PR")) or {}
        return {
            cast(Node, node): hour
            for node, entry in table.items()
            if (hour := self._reader.hour(entry.node, f"{path}.{node}")) is not None
        }

    def _schedules(self, grades: tuple[Grade, ...]) -> dict[Grade, Schedule]:
        if self._kind == "zero_report":
            return dict.fromkeys(grades or ("general",), Schedule())
        found = read_schedules(self._reader, self._told, self._path, grades, self._node)
        return with_risk(found, self._of[2])
