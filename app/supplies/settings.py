"""What a county's supplies must suffice for and when expiry is told, read from its file at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from app.rules_file import read_yaml
from app.supplies.rules.adequacy import Category, Norm
from app.supplies.rules.codes import PREFIX_PATTERN

SHIPPED = Path(__file__).with_name("supplies.yaml")
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
# Exact numbers come as text: a YAML 0.8 is a binary float.
Exact = Annotated[str, StringConstraints(pattern=r"^\d{1,4}(\.\d{1,3})?$")]
Prefix = Annotated[str, StringConstraints(pattern=PREFIX_PATTERN)]


@dataclass(frozen=True, slots=True)
class SupplyPolicy:
    """The county's norms; `number_prefix` is that of transfer orders, days are those of `zone`."""

    norm: Norm
    expiry_days: tuple[int, ...]
    number_prefix: str
    zone: ZoneInfo

    def today(self, now: datetime) -> date:
        """Return the county's day."""
        return now.astimezone(self.zone).date()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Category(_Strict):
    id: Word
    name_zh: Name
    name_en: Name
    codes: Annotated[list[Prefix], Field(min_length=1, max_length=50)]
    per_person: Exact

    @model_validator(mode="after")
    def _more_than_nothing(self) -> Self:
        if Decimal(self.per_person) == 0:
            raise ValueError("人均标准须大于0 / a norm per person is more than nothing")
        return self


class _Adequacy(_Strict):
    persons: int = Field(ge=1, le=10_000_000)
    categories: list[_Category]


class _File(_Strict):
    adequacy: _Adequacy
    expiry_days: Annotated[list[Annotated[int, Field(ge=1, le=3650)]], Field(min_length=1, max_length=10)]


def load_policy(path: Path | None, number_prefix: str, zone: ZoneInfo) -> SupplyPolicy:
    """Read the norms; None for what is shipped. Raises ValueError with the file's name when it is wrong."""
    path = path or SHIPPED
    try:
        file = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"物资标准文件 {path} 有误 / is not right: {error}") from error
    categories = tuple(
        Category(one.id, one.name_zh, one.name_en, tuple(one.codes), Decimal(one.per_person))
        for one in file.adequacy.categories
    )
    days = tuple(sorted(set(file.expiry_days), reverse=True))
    return SupplyPolicy(Norm(file.adequacy.persons, categories), days, number_prefix, zone)
