"""Read the level table out of `levels.yaml`, loudly: a table that cannot be meant stops the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.dispatch.figures.kinds import MEASURES
from app.dispatch.level.rules import Criterion, Family, LevelTable, Trigger
from app.rules_file import read_yaml

PATH = Path(__file__).with_name("levels.yaml")


@cache
def level_table() -> LevelTable:
    """Return the table of this product. Raises ValueError for a file that cannot be meant."""
    return read_table(PATH.read_text(encoding="utf-8"))


def read_table(words: str) -> LevelTable:
    """Read a table. Raises ValueError: an unknown figure, limits that do not fall, a code twice."""
    try:
        told = read_yaml(words)
        families = tuple(_family(one) for one in told["families"])
        risk = told["larger_risk"]
        triggers = tuple(Trigger(_kinds(one), float(one["at_least"])) for one in risk["criteria"])
        table = LevelTable(
            str(told["version"]), families, triggers, str(risk["source"]), bool(risk["key_facility"])
        )
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise ValueError(f"事件分级文件有误 / the level table cannot be read: {error!r}") from error
    codes = [code for family in families for code in family.codes]
    if len(set(codes)) != len(codes):
        raise ValueError(f"事件分级文件中有重复代码 / a code stands in two families: {sorted(codes)}")
    return table


def _family(told: Mapping[str, Any]) -> Family:
    days = told.get("missing_counts_after_days")
    family = Family(
        told["id"],
        told["zh"],
        told["en"],
        told["source"],
        tuple(str(code) for code in told["codes"]),
        tuple(Criterion(_kinds(one), _limits(one["at_least"])) for one in told["criteria"]),
        bool(told.get("larger_risk", False)),
        None if days is None else timedelta(days=days),
    )
    if not family.codes or not family.criteria or not family.source:
        raise ValueError(f"{family.id}: codes, criteria and a source are needed")
    return family


def _kinds(told: Mapping[str, Any]) -> tuple[Any, ...]:
    kinds = tuple(told["sum"])
    if not kinds or not set(kinds) <= MEASURES.keys():
        raise ValueError(f"未知的数字种类 / unknown kinds of figure: {kinds}")
    return kinds


def _limits(told: Sequence[float | None]) -> tuple[Any, ...]:
    limits = tuple(None if one is None else float(one) for one in told)
    known = [one for one in limits if one is not None]
    if len(limits) != 4 or not known or known != sorted(set(known), reverse=True):
        raise ValueError(f"分级界限须由高到低共四项 / four limits that fall: {told}")
    return limits
