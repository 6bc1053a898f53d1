"""A county's readiness rules, read from their file at the edge."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from app.duty.roster import settings as roster
from app.duty.standby.rules.required import Column, Need, Policy, ReadinessRule
from app.duty.standby.rules.rulebook import Rulebook
from app.rules_file import read_yaml

SHIPPED = Path(__file__).with_name("readiness_rules.yaml")
Word = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z][A-Za-z0-9_]*$", max_length=40)]
# Exact numbers come as text: a YAML 0.8 is a binary float.
Exact = Annotated[str, StringConstraints(pattern=r"^\d{1,4}(\.\d{1,2})?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Need(_Strict):
    share: Exact = "0"
    least: int = Field(default=0, ge=0, le=10_000)

    @model_validator(mode="after")
    def _at_most_everybody(self) -> Self:
        if Decimal(self.share) > 1:
            raise ValueError("比例不能大于1 / a share is at most 1")
        return self


class _Rule(_Strict):
    id: Word
    team_kind: Word
    per: Literal["team", "township"]
    key_periods: list[Word]
    normal: _Need
    key: _Need
    place_kinds: list[Word] = []
    counted: list[Column] = ["on_post", "out"]


class _Allowance(_Strict):
    yuan_per_person_day: Exact


class _File(_Strict):
    return_due: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    readiness: list[_Rule]
    allowance: _Allowance

    @model_validator(mode="after")
    def _one_list_a_township(self) -> Self:
        kinds = [rule.team_kind for rule in self.readiness]
        if len(kinds) != len(set(kinds)) or sum(rule.per == "township" for rule in self.readiness) > 1:
            raise ValueError(
                "每类队伍一条规则,乡镇备勤只有一条 / one rule a kind of team, one list of names a township"
            )
        return self


def load_rulebook(rules: Path | None, periods: Path | None, zone: ZoneInfo) -> Rulebook:
    """Read the rules with the key periods they follow; None for what is shipped. Raises ValueError."""
    return Rulebook(load_policy(rules), roster.load_key_periods(periods or roster.SHIPPED), zone)


def load_policy(path: Path | None = None) -> Policy:
    """Read the readiness rules. Raises ValueError with the file's name when they are wrong."""
    path = path or SHIPPED
    try:
        file = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"备勤规则文件 {path} 有误 / is not right: {error}") from error
    return Policy(
        rules=tuple(_rule(one) for one in file.readiness),
        return_due=time.fromisoformat(file.return_due),
        yuan_per_person_day=Decimal(file.allowance.yuan_per_person_day),
    )


def _rule(one: _Rule) -> ReadinessRule:
    return ReadinessRule(
        id=one.id,
        team_kind=one.team_kind,
        per=one.per,
        key_periods=frozenset(one.key_periods),
        normal=Need(Decimal(one.normal.share), one.normal.least),
        key=Need(Decimal(one.key.share), one.key.least),
        place_kinds=frozenset(one.place_kinds),
        counted=frozenset(one.counted),
    )
