"""The county's run cards, roads and cover, read from a file at the edge: the rules open no file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from app.dispatch.forces.rules.fitness import EquipmentNeed, Needs
from app.dispatch.forces.rules.kinds import EquipmentKind
from app.dispatch.recommendation.rules.move_up import Cover
from app.dispatch.recommendation.rules.run_card import MOST_ALARMS, Card, Need
from app.dispatch.recommendation.rules.travel import RoadModel, Terrain, Turnout
from app.dispatch.recommendation.rules.words import CAPABILITIES
from app.rules_file import read_yaml

SHIPPED = Path(__file__).with_name("run_cards.yaml")
Share = Annotated[float, Field(gt=0, le=2)]
Minutes = Annotated[float, Field(ge=0, le=240)]
_MONTH_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
MonthDayText = Annotated[str, Field(pattern=_MONTH_DAY)]


@dataclass(frozen=True, slots=True)
class ForceRules:
    """What a county sets of its forces."""

    cards: tuple[Card, ...]
    roads: RoadModel
    cover: Cover
    rest: timedelta
    equipment: Needs


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Need(_Strict):
    capability: str
    teams: Annotated[int, Field(ge=0, le=50)] = 1
    people: Annotated[int, Field(ge=0, le=5000)] = 0

    @field_validator("capability")
    @classmethod
    def _known(cls, told: str) -> str:
        if told not in CAPABILITIES:
            raise ValueError(f"没有“{told}”这种能力 / no such capability: {told}")
        return told


class _Card(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    name_zh: str
    name_en: str
    types: list[Annotated[str, Field(pattern=r"^1[1-4][A-Z0-9]{0,3}$")]] = []
    at_least_level: Annotated[int, Field(ge=1, le=4)] | None = None
    life_threat: bool | None = None
    hours: tuple[time, time] | None = None
    season: tuple[MonthDayText, MonthDayText] | None = None
    alarms: Annotated[
        list[Annotated[list[_Need], Field(min_length=1)]], Field(min_length=1, max_length=MOST_ALARMS)
    ]
    reminder_zh: str = ""
    reminder_en: str = ""

    def card(self) -> Card:
        return Card(
            self.id,
            self.name_zh,
            self.name_en,
            tuple(tuple(Need(n.capability, n.teams, n.people) for n in alarm) for alarm in self.alarms),
            tuple(self.types),
            self.at_least_level,
            self.life_threat,
            self.hours,
            None if self.season is None else (_month_day(self.season[0]), _month_day(self.season[1])),
            self.reminder_zh,
            self.reminder_en,
        )


class _Cover(_Strict):
    kinds: list[str]
    capabilities: list[str]
    teams: Annotated[int, Field(ge=0, le=20)]


class _Roads(_Strict):
    winding: dict[Terrain, Annotated[float, Field(ge=1, le=5)]]
    pace: dict[Terrain, Share]
    night_pace: Share
    night: tuple[time, time]
    otherwise: Terrain
    places: dict[Annotated[str, Field(pattern=r"^\d{6,12}$")], Terrain]
    turnout_min: dict[str, tuple[Minutes, Minutes]]

    @model_validator(mode="after")
    def _complete(self) -> _Roads:
        for table in (self.winding, self.pace):
            if missing := {"urban", "plain", "hill", "mountain"} - table.keys():
                raise ValueError(f"缺少地形 / no figure for {', '.join(sorted(missing))}")
        if "otherwise" not in self.turnout_min:
            raise ValueError("turnout_min 缺少 otherwise / turnout_min needs otherwise")
        return self


class _EquipmentNeed(_Strict):
    kinds: Annotated[list[EquipmentKind], Field(min_length=1)]
    operator: bool = False


class _File(_Strict):
    rest_min: Annotated[int, Field(ge=0, le=24 * 60)]
    cover: _Cover
    roads: _Roads
    equipment: dict[str, _EquipmentNeed] = {}
    cards: list[_Card]

    @field_validator("equipment")
    @classmethod
    def _capabilities(cls, told: dict[str, _EquipmentNeed]) -> dict[str, _EquipmentNeed]:
        if unknown := sorted(told.keys() - set(CAPABILITIES)):
            raise ValueError(f"没有“{unknown[0]}”这种能力 / no such capability: {unknown[0]}")
        return told

    @field_validator("cards")
    @classmethod
    def _once(cls, told: list[_Card]) -> list[_Card]:
        if len({card.id for card in told}) < len(told):
            raise ValueError("出动卡编号重复 / two cards with one id")
        return told


def _month_day(told: str) -> tuple[int, int]:
    month, day = told.split("-")
    return int(month), int(day)


def load_force_rules(path: Path | None = None) -> ForceRules:
    """Read the county's rules of forces. Raises ValueError that names the file when it is not right."""
    where = path or SHIPPED
    try:
        file = _File.model_validate(read_yaml(where.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"出动卡文件 {where} 有误 / is not right: {error}") from error
    roads = file.roads
    turnout = {kind: Turnout(day * 60, night * 60) for kind, (day, night) in roads.turnout_min.items()}
    usual = turnout.pop("otherwise")
    return ForceRules(
        tuple(card.card() for card in file.cards),
        RoadModel(
            roads.winding,
            roads.pace,
            roads.night_pace,
            roads.night,
            roads.places,
            roads.otherwise,
            turnout,
            usual,
        ),
        Cover(frozenset(file.cover.capabilities), frozenset(file.cover.kinds), file.cover.teams),
        timedelta(minutes=file.rest_min),
        {name: EquipmentNeed(frozenset(one.kinds), one.operator) for name, one in file.equipment.items()},
    )
