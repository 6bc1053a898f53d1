"""What level figures call for, and how the level of an incident moves (domain/rules B2). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.dispatch.figures.kinds import MEASURES, FigureKind, plain

LOWEST = 4
LEVEL_ZH = {1: "特别重大", 2: "重大", 3: "较大", 4: "一般"}
LEVEL_EN = {1: "extraordinary", 2: "major", 3: "larger", 4: "general"}
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the table: the figures added up, and from where on they mean levels 1…4 (None: never)."""

    kinds: tuple[FigureKind, ...]
    at_least: tuple[float | None, float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Family:
    """The kinds of incident one table holds for. `missing_after` None: the missing never count as dead."""

    id: str
    zh: str
    en: str
    source: str
    codes: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    larger_risk: bool
    missing_after: timedelta | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A limit that is no level: from where on reports fall due (较大涉险)."""

    kinds: tuple[FigureKind, ...]
    at_least: float


@dataclass(frozen=True, slots=True)
class LevelTable:
    """All families of a version of the table."""

    version: str
    families: tuple[Family, ...]
    larger_risk: tuple[Trigger, ...]
    larger_risk_source: str
    key_facility_is_risk: bool

    def family(self, event_code: str) -> Family | None:
        """Return the family of an event code by the longest prefix, None where no table is known."""
        fitting = [
            (len(prefix), one)
            for one in self.families
            for prefix in one.codes
            if event_code.startswith(prefix)
        ]
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


@dataclass(frozen=True, slots=True)
class Clause:
    """Why: what reached which number, by which text."""

    level: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The level figures call for: None where the table knows no such family. 1 is the highest."""

    version: str
    family: str
    level: int | None
    clauses: tuple[Clause, ...] = ()
    larger_risk: tuple[Clause, ...] = ()


def propose(
    table: LevelTable, event_code: str, figures: Figures, age: timedelta, key_facility: str = ""
) -> Proposal:
    """Return the highest level any criterion calls for (就高不就低), with every clause of that level.

    `figures` are the official ones by kind; one that is being verified is not there. `age` is how long
    ago the incident occurred: the missing count with the dead after the family's days. `key_facility` names
    the important place that is endangered (危及重要场所和设施), empty if none is.
    """
    family = table.family(event_code)
    if family is None:
        return Proposal(table.version, "", None)
    fired = [clause for one in family.criteria if (clause := _fired(family, one, figures, age))]
    level = min((clause.level for clause in fired), default=LOWEST)
    clauses = tuple(clause for clause in fired if clause.level == level) or (_base(family),)
    risks = tuple(_risks(table, figures, key_facility)) if family.larger_risk else ()
    return Proposal(table.version, family.id, level, clauses, risks)


def _base(family: Family) -> Clause:
    return Clause(
        LOWEST,
        f"未达到{family.zh}较大标准({family.source})",
        f"below the larger level of {family.en} ({family.source})",
    )


def _fired(family: Family, one: Criterion, figures: Figures, age: timedelta) -> Clause | None:
    kinds = one.kinds
    if "dead" in kinds and family.missing_after is not None and age >= family.missing_after:
        kinds = (*kinds, "missing")
    value = _sum(kinds, figures)
    if value is None or value == 0:
        return None
    for level, limit in enumerate(one.at_least, start=1):
        if limit is not None and value >= limit:
            return _clause(level, kinds, value, limit, family.source)
    return None


def _clause(level: int, kinds: tuple[FigureKind, ...], value: float, limit: float, source: str) -> Clause:
    first = MEASURES[kinds[0]]
    names_zh = "+".join(MEASURES[kind].zh for kind in kinds)
    names_en = " + ".join(MEASURES[kind].en for kind in kinds)
    reached_zh = f"{plain(limit)}{first.unit_zh}以上" if limit else "有"
    reached_en = f"at least {plain(limit)} {first.unit_en}".rstrip() if limit else "any"
    return Clause(
        level,
        f"{names_zh}{plain(value)}{first.unit_zh},达到“{reached_zh}”({LEVEL_ZH[level]},{source})",
        f"{names_en} {plain(value)}: {reached_en} ({LEVEL_EN[level]}, {source})",
    )


def _risks(table: LevelTable, figures: Figures, key_facility: str) -> Iterator[Clause]:
    for one in table.larger_risk:
        value = _sum(one.kinds, figures)
        if value is None or value < one.at_least:
            continue
        first = MEASURES[one.kinds[0]]
        names_zh = "、".join(MEASURES[kind].zh for kind in one.kinds)
        names_en = " or ".join(MEASURES[kind].en for kind in one.kinds)
        yield Clause(
            3,
            f"{names_zh}{plain(value)}{first.unit_zh},达到“{plain(one.at_least)}{first.unit_zh}以上”"
            f"(较大涉险,{table.larger_risk_source})",
            f"{names_en} {plain(value)}: at least {plain(one.at_least)} "
            f"(larger risk, {table.larger_risk_source})",
        )
    if key_facility and table.key_facility_is_risk:
        yield Clause(
            3,
            f"危及重要场所设施:{key_facility}(较大涉险,{table.larger_risk_source})",
            f"a key facility is endangered: {key_facility} (larger risk, {table.larger_risk_source})",
        )


def _sum(kinds: tuple[FigureKind, ...], figures: Figures) -> float | None:
    known = [figures[kind] for kind in kinds if kind in figures]
    return sum(known) if known else None


def risen(held: int, before: int | None, proposed: int | None) -> int:
    """Return the level after figures or type changed: it may rise by itself and never falls by itself.

    It rises only when what is called for rises above what was called for `before`, so that a level a
    person lowered stays lowered while the same figures are told again.
    """
    if proposed is None or (before is not None and proposed >= before):
        return held
    return min(held, proposed)
