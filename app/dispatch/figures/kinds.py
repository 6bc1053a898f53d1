"""The kinds of figure there are, with their unit and the largest that can be meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FigureKind = Literal[
    "dead",
    "missing",
    "trapped",
    "seriously_injured",
    "slightly_injured",
    "at_risk",
    "evacuated",
    "homes",
    "loss",
    "loss_at_risk",
    "area",
    "magnitude",
]


@dataclass(frozen=True, slots=True)
class Measure:
    """How a kind of figure is said: its name, its unit, whether it counts whole things, its bound."""

    zh: str
    en: str
    unit_zh: str
    unit_en: str
    whole: bool
    most: float


MEASURES: Mapping[FigureKind, Measure] = {
    "dead": Measure("死亡", "dead", "人", "persons", whole=True, most=1_000_000),
    "missing": Measure("失踪", "missing", "人", "persons", whole=True, most=1_000_000),
    "trapped": Measure("被困", "trapped", "人", "persons", whole=True, most=1_000_000),
    "seriously_injured": Measure("重伤", "seriously injured", "人", "persons", whole=True, most=1_000_000),
    "slightly_injured": Measure("轻伤", "slightly injured", "人", "persons", whole=True, most=1_000_000),
    "at_risk": Measure("涉险", "at risk", "人", "persons", whole=True, most=1_000_000),
    "evacuated": Measure("转移疏散", "evacuated", "人", "persons", whole=True, most=10_000_000),
    "homes": Measure("倒损房屋", "homes damaged", "间", "homes", whole=True, most=1_000_000),
    "loss": Measure("直接经济损失", "direct loss", "万元", "10,000 yuan", whole=False, most=100_000_000),
    "loss_at_risk": Measure(
        "受威胁财产", "property at risk", "万元", "10,000 yuan", whole=False, most=100_000_000
    ),
    "area": Measure("受害面积", "area harmed", "公顷", "ha", whole=False, most=10_000_000),
    "magnitude": Measure("震级", "magnitude", "级", "", whole=False, most=10),
}


def plain(value: float) -> str:
    """Return a figure as it is written: no needless zeros, no exponent."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
