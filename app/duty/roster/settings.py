"""What a county sets of its rosters, read from files at the edge: the rules themselves open no file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.duty.roster.rules.calendar import KeyPeriodRule
from app.rules_file import read_yaml

SHIPPED = Path(__file__).with_name("key_periods.yaml")
Colour = Literal["red", "orange", "yellow", "blue"]


def _month_day(text: str) -> str:
    if not re.fullmatch(r"\d\d-\d\d", text):
        raise ValueError("日期须写作 月-日,如 04-01 / a date is written month-day, like 04-01")
    date.fromisoformat(f"2024-{text}")  # a leap year: 02-29 is a day
    return text


MonthDay = Annotated[str, AfterValidator(_month_day)]


class _Period(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    kind: Literal["annual", "holidays", "response", "warning"]
    name_zh: str = Field(min_length=1, max_length=40)
    name_en: str = Field(min_length=1, max_length=80)
    first: MonthDay = Field(default="01-01", alias="from")
    last: MonthDay = Field(default="12-31", alias="to")
    levels: frozenset[Annotated[int, Field(ge=1, le=4)]] = frozenset({1, 2, 3, 4})
    colours: frozenset[Colour] = frozenset({"orange", "red"})


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key_periods: list[_Period]


def load_key_periods(path: Path = SHIPPED) -> tuple[KeyPeriodRule, ...]:
    """Read the county's key periods (重点时段). Raises ValueError with the file's name when it is wrong."""
    try:
        file = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"重点时段文件 {path} 有误 / is not right: {error}") from error
    ids = [one.id for one in file.key_periods]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise ValueError(f"重点时段文件 {path} 编号重复 / the same id twice: {', '.join(twice)}")
    return tuple(_rule(one) for one in file.key_periods)


def _rule(one: _Period) -> KeyPeriodRule:
    return KeyPeriodRule(
        id=one.id,
        kind=one.kind,
        name_zh=one.name_zh,
        name_en=one.name_en,
        first=_pair(one.first),
        last=_pair(one.last),
        levels=one.levels,
        colours=frozenset(one.colours),
    )


def _pair(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
