"""A county's checklists, read from their file at the edge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from app.duty.checklist.rules import Checklist, Computed, Item
from app.rules_file import read_yaml

SHIPPED = Path(__file__).with_name("checklists.yaml")
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Item(_Strict):
    id: Word
    zh: Name
    en: Name
    computed: Computed | None = None
    days: int | None = Field(default=None, ge=1, le=3660)
    teams: list[Word] = []

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.computed is None) == (self.days is None):
            raise ValueError("每项或由系统计算,或凭佐证 / computed or days, one of them")
        if bool(self.teams) != (self.computed in {"rescue_team", "team"}):
            raise ValueError(
                "队伍类别只用于救援队伍项 / teams belong to rescue_team and team, and only to them"
            )
        return self


class _List(_Strict):
    id: Word
    zh: Name
    en: Name
    places: list[Word] = Field(min_length=1)
    items: list[_Item]

    @model_validator(mode="after")
    def _each_item_once(self) -> Self:
        _once(item.id for item in self.items)
        return self


class _File(_Strict):
    checklists: list[_List]

    @model_validator(mode="after")
    def _each_list_once(self) -> Self:
        _once(one.id for one in self.checklists)
        return self


def _once(ids: Iterable[str]) -> None:
    twice = [name for name, count in Counter(ids).items() if count > 1]
    if twice:
        raise ValueError(f"重复 / twice: {', '.join(twice)}")


def load_checklists(path: Path | None = None) -> tuple[Checklist, ...]:
    """Read the checklists. Raises ValueError with the file's name when they are wrong."""
    path = path or SHIPPED
    try:
        file = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"清单文件 {path} 有误 / is not right: {error}") from error
    return tuple(_checklist(one) for one in file.checklists)


def _checklist(one: _List) -> Checklist:
    items = tuple(
        Item(f"{one.id}.{item.id}", item.zh, item.en, item.computed, item.days, frozenset(item.teams))
        for item in one.items
    )
    return Checklist(one.id, one.zh, one.en, frozenset(one.places), items)
