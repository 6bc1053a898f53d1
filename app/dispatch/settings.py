"""What a county sets of its dispatching, read from a file at the edge: the rules themselves open no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self, get_args
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.dispatch.ladder.rules import CHINA, Ask, Fallback, Ladder, Rung, Storm
from app.dispatch.rules.sos import Search, SosRules
from app.dispatch.terms import ChainStep, TermsFact
from app.rules_file import read_yaml
from app.window import within

SHIPPED = Path(__file__).with_name("dispatch_rules.yaml")
Minutes = Annotated[float, Field(ge=0, le=24 * 60)]


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for a kind of team; seconds, None where it has no such limit."""

    steps: tuple[ChainStep, ...]
    turnout_day_s: int
    turnout_night_s: int
    depart_within_s: int | None
    safety_every_s: int | None
    safety_warn_s: int
    safety_leader_s: int


@dataclass(frozen=True, slots=True)
class DispatchRules:
    """The county's numbers for dispatching."""

    ladder: Ladder
    kinds: Mapping[str, Kind]
    night: tuple[time, time]
    confirm_within: timedelta
    remind_every: timedelta
    undo_within: timedelta
    zone: ZoneInfo
    sos: SosRules = field(default_factory=SosRules)

    def terms(self, kind: str, at: datetime) -> TermsFact:
        """Return the terms an order is given under, by the kind of the team and the hour of the dispatch."""
        told = self.kinds.get(kind, self.kinds["default"])
        dark = within(self.night, at.astimezone(self.zone).time())
        return TermsFact(
            steps=list(told.steps),
            turnout_s=told.turnout_night_s if dark else told.turnout_day_s,
            depart_within_s=told.depart_within_s if "depart" in told.steps else None,
            confirm_within_s=int(self.confirm_within.total_seconds()),
            safety_every_s=told.safety_every_s,
            safety_warn_s=told.safety_warn_s,
            safety_leader_s=told.safety_leader_s,
        )


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Storm(_Shape):
    alarms: Annotated[int, Field(ge=2, le=100)]
    within_min: Annotated[float, Field(gt=0, le=24 * 60)]


class _Rung(_Shape):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    after_min: Minutes
    ask: Annotated[list[Ask], Field(min_length=1, max_length=7)]
    name_zh: str = Field(min_length=1, max_length=40)
    name_en: str = Field(min_length=1, max_length=80)
    between: tuple[time, time] | None = None
    storm: _Storm | None = None

    def rung(self) -> Rung:
        told = self.storm
        storm = None if told is None else Storm(told.alarms, timedelta(minutes=told.within_min))
        after = timedelta(minutes=self.after_min)
        return Rung(self.id, after, tuple(self.ask), self.name_zh, self.name_en, self.between, storm)


class _Repeat(_Shape):
    first: str = Field(alias="from")
    every_min: Annotated[float, Field(ge=1, le=24 * 60)]


class _Turnout(_Shape):
    day: Annotated[float, Field(gt=0, le=24 * 60)]
    night: Annotated[float, Field(gt=0, le=24 * 60)]


class _Safety(_Shape):
    every_min: Annotated[float, Field(ge=1, le=24 * 60)]
    warn_min: Minutes
    leader_min: Annotated[float, Field(gt=0, le=24 * 60)]

    @model_validator(mode="after")
    def _warns_before_the_end(self) -> Self:
        if self.warn_min >= self.every_min:
            raise ValueError("预警须早于到时 / the warning lies before the end")
        return self


class _Kind(_Shape):
    steps: list[ChainStep] | None = None
    turnout_min: _Turnout | None = None
    depart_within_min: Annotated[float, Field(ge=1, le=24 * 60)] | None = None
    safety: _Safety | None = None

    @model_validator(mode="after")
    def _steps_are_a_chain(self) -> Self:
        order = get_args(ChainStep)
        told = self.steps
        if told is None:
            return self
        if sorted(set(told), key=order.index) != told or not {"acknowledge", "arrive", "finish"} <= set(told):
            raise ValueError(
                "步骤须按次序且含接单、到场、完成 / steps stand in order, with acknowledge, arrive and finish"
            )
        return self


class _Search(_Shape):
    speed_kmh: Annotated[float, Field(gt=0, le=60)] = 4.0
    least_m: Annotated[float, Field(ge=0, le=10_000)] = 200.0
    most_km: Annotated[float, Field(gt=0, le=100)] = 10.0


class _Sos(_Shape):
    reply: Annotated[str, Field(max_length=60)] = SosRules().reply
    silence_min: Annotated[float, Field(ge=1, le=24 * 60)] = 10.0
    search: _Search = _Search()

    def rules(self) -> SosRules:
        far = self.search
        search = Search(far.speed_kmh / 3.6, far.least_m, far.most_km * 1000)
        return SosRules(self.reply, timedelta(minutes=self.silence_min), search)


class _File(_Shape):
    escalation: Annotated[list[_Rung], Field(min_length=2, max_length=20)]
    repeat: _Repeat | None = None
    fallback: Annotated[list[Fallback], Field(min_length=1)]
    night: tuple[time, time]
    kinds: dict[str, _Kind]
    confirm_within_min: Annotated[float, Field(gt=0, le=60)]
    remind_every_min: Annotated[float, Field(ge=1, le=24 * 60)]
    undo_within_min: Minutes
    sos: _Sos = _Sos()

    @model_validator(mode="after")
    def _there_are_terms_for_everybody(self) -> Self:
        default = self.kinds.get("default")
        if default is None or None in (default.steps, default.turnout_min):
            raise ValueError("缺少 default 的步骤或出动时限 / no steps or turnout of default")
        return self

    @model_validator(mode="after")
    def _a_ladder_can_be_climbed(self) -> Self:
        ids = [rung.id for rung in self.escalation]
        times = [rung.after_min for rung in self.escalation]
        if len(set(ids)) < len(ids):
            raise ValueError("梯级编号重复 / the same rung twice")
        if times[0] != 0 or any(later <= sooner for sooner, later in pairwise(times)):
            raise ValueError("梯级时间须从 0 起递增 / the times of the rungs begin at 0 and grow")
        if any(one.between or one.storm for one in (self.escalation[0], self.escalation[-1])):
            raise ValueError("首级和末级不得限时段或报警数 / the first and last rung hold at any hour")
        if "leader" not in self.escalation[-1].ask:
            raise ValueError("最后一级须叫带班领导 / the last rung asks the leader")
        if self.fallback[-1] != "leader_accounts":
            raise ValueError("兜底链须以带班领导结束 / the fallback chain ends at leader_accounts")
        if self.repeat and self.repeat.first not in ids:
            raise ValueError("重复起点不在梯级中 / no such rung to repeat from")
        return self


def load_dispatch_rules(path: Path | None = None, zone: ZoneInfo = CHINA) -> DispatchRules:
    """Read the county's rules of dispatch. Raises ValueError that names the file when it is not right."""
    path = path or SHIPPED
    try:
        file = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"调度规则文件 {path} 有误 / is not right: {error}") from error
    return DispatchRules(
        _ladder(file, zone),
        {name: _kind(one, file.kinds["default"]) for name, one in file.kinds.items()},
        file.night,
        timedelta(minutes=file.confirm_within_min),
        timedelta(minutes=file.remind_every_min),
        timedelta(minutes=file.undo_within_min),
        zone,
        file.sos.rules(),
    )


@cache
def shipped() -> DispatchRules:
    """Return the rules as they are shipped, for a county that has no file of its own."""
    return load_dispatch_rules()


def _ladder(file: _File, zone: ZoneInfo) -> Ladder:
    rungs = tuple(one.rung() for one in file.escalation)
    first = next((n for n, one in enumerate(rungs) if file.repeat and one.id == file.repeat.first), 0)
    every = timedelta(minutes=file.repeat.every_min) if file.repeat else None
    return Ladder(rungs, first, every, tuple(file.fallback), zone)


def _kind(one: _Kind, default: _Kind) -> Kind:
    steps, turnout = one.steps or default.steps, one.turnout_min or default.turnout_min
    depart = one.depart_within_min or default.depart_within_min
    safety = one.safety or default.safety
    assert steps is not None and turnout is not None  # of the default, where a kind has none
    return Kind(
        steps=tuple(steps),
        turnout_day_s=round(turnout.day * 60),
        turnout_night_s=round(turnout.night * 60),
        depart_within_s=round(depart * 60) if depart else None,
        safety_every_s=round(safety.every_min * 60) if safety else None,
        safety_warn_s=round(safety.warn_min * 60) if safety else 0,
        safety_leader_s=round(safety.leader_min * 60) if safety else 0,
    )
