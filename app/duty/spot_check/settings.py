"""What a county sets of its spot checks, read from a file at the edge: the rules themselves open no file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.duty.spot_check.rules.draw import Quota
from app.duty.spot_check.rules.judge import Failure, Limits, Method
from app.duty.spot_check.rules.score import Weights
from app.rules_file import read_yaml

SHIPPED = Path(__file__).with_name("scoring.yaml")
Points = Annotated[int, Field(ge=0, le=100)]


@dataclass(frozen=True, slots=True)
class Scoring:
    """The county's numbers for spot checks."""

    weights: Weights
    limits: Limits
    quota: Quota
    rectify_within: timedelta


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rings: int = Field(ge=1, le=20)
    tries: int = Field(ge=1, le=5)
    retry_gap_min: int = Field(ge=0, le=120)
    video_s: int = Field(ge=1, le=3600)
    log_gap_h: int = Field(ge=1, le=48)
    seconds: dict[Method, Annotated[int, Field(ge=1, le=3600)]]


class _Quota(BaseModel):
    model_config = ConfigDict(extra="forbid")

    per_month: int = Field(ge=0, le=60)
    night_min: int = Field(ge=0, le=60)
    night: tuple[time, time]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    full_marks: Points
    floor: Points
    deductions: dict[Failure, Points]
    limits: _Limits
    quota: _Quota
    rectify_within_h: int = Field(ge=1, le=24 * 30)

    @field_validator("deductions")
    @classmethod
    def _every_failure_has_a_price(cls, told: dict[Failure, int]) -> dict[Failure, int]:
        if missing := set(get_args(Failure)) - told.keys():
            raise ValueError(f"缺少扣分项 / no deduction for {', '.join(sorted(missing))}")
        return told


def load_scoring(path: Path = SHIPPED) -> Scoring:
    """Read the county's numbers. Raises ValueError that names the file when it is not right."""
    try:
        file = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"抽查评分文件 {path} 有误 / is not right: {error}") from error
    limits, quota = file.limits, file.quota
    return Scoring(
        Weights(file.full_marks, file.floor, file.deductions),
        Limits(
            limits.rings,
            limits.tries,
            timedelta(minutes=limits.retry_gap_min),
            timedelta(seconds=limits.video_s),
            timedelta(hours=limits.log_gap_h),
            dict(limits.seconds),
        ),
        Quota(quota.per_month, quota.night_min, *quota.night),
        timedelta(hours=file.rectify_within_h),
    )
