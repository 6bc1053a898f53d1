"""What differs between two rulebooks, rule by rule and field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from app.reporting.rules.book import Limit, Profile, Rule, Rulebook, Schedule, Semantics

NOT_COMPARED = frozenset({"line", "profile", "id"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field and its value before and after, as it is written."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that was added, removed or changed; `rule_id` is empty for what concerns a whole profile."""

    profile: str
    rule_id: str
    change: Literal["added", "removed", "changed"]
    fields: tuple[FieldChange, ...] = ()
    line_before: int = 0
    line_after: int = 0


@dataclass(frozen=True, slots=True)
class RulesDiff:
    """All differences. `shared` are those that belong to no profile: semantics, scopes, triggers."""

    version_before: str
    version_after: str
    rules: tuple[RuleChange, ...]
    shared: tuple[FieldChange, ...]


def diff(before: Rulebook, after: Rulebook) -> RulesDiff:
    """Return the differences between two rulebooks; their order in the files does not matter."""
    names = sorted(before.profiles.keys() | after.profiles.keys())
    rules = tuple(
        one for name in names for one in _profile(name, before.profiles.get(name), after.profiles.get(name))
    )
    return RulesDiff(before.version, after.version, rules, tuple(_shared(before, after)))


def written(value: object) -> str:
    """Return a value of a rule as text that reads like the file; equal values read equal."""
    if isinstance(value, Limit):
        return (
            str(value.amount)
            if value.unit == "minutes"
            else f"{value.unit} {value.amount}".removesuffix(" 0")
        )
    if isinstance(value, Schedule):
        told = [(one.name, getattr(value, one.name)) for one in fields(value)]
        return written({name: held for name, held in told if held})
    if hasattr(value, "items"):
        return "{" + ", ".join(sorted(f"{written(k)}: {written(v)}" for k, v in value.items())) + "}"
    if isinstance(value, frozenset):
        return "[" + ", ".join(sorted(map(written, value))) + "]"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    return "" if value is None else str(value)


def _profile(name: str, before: Profile | None, after: Profile | None) -> Iterator[RuleChange]:
    if before is None or after is None:
        yield RuleChange(name, "", "added" if before is None else "removed")
    elif changes := tuple(_named(before, after)):
        yield RuleChange(name, "", "changed", changes)
    old = {rule.id: rule for rule in before.rules} if before else {}
    new = {rule.id: rule for rule in after.rules} if after else {}
    for rule_id in sorted(old.keys() | new.keys()):
        was, becomes = old.get(rule_id), new.get(rule_id)
        if was is None or becomes is None:
            yield RuleChange(
                name,
                rule_id,
                "added" if was is None else "removed",
                (),
                was.line if was else 0,
                becomes.line if becomes else 0,
            )
        elif changes := tuple(_fields(was, becomes)):
            yield RuleChange(name, rule_id, "changed", changes, was.line, becomes.line)


def _named(before: Profile, after: Profile) -> Iterator[FieldChange]:
    for field in ("name", "statutory"):
        was, becomes = written(getattr(before, field)), written(getattr(after, field))
        if was != becomes:
            yield FieldChange(field, was, becomes)


def _fields(before: Rule | Semantics, after: Rule | Semantics) -> Iterator[FieldChange]:
    for one in fields(before):
        if one.name in NOT_COMPARED:
            continue
        was, becomes = written(getattr(before, one.name)), written(getattr(after, one.name))
        if was != becomes:
            yield FieldChange(one.name, was, becomes)


def _shared(before: Rulebook, after: Rulebook) -> Iterator[FieldChange]:
    yield from _fields(before.semantics, after.semantics)
    for name in ("zone", "scopes", "larger_risk_scopes", "larger_risk", "default_profiles"):
        was, becomes = written(getattr(before, name)), written(getattr(after, name))
        if was != becomes:
            yield FieldChange(name, was, becomes)
