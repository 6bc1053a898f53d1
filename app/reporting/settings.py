"""Read the county's rules of reporting from a file at the edge: the rules themselves open no file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from app.reporting.rules.book import Rulebook
from app.reporting.rules.nodes import LARGEST
from app.reporting.rules.profile import read_rules

SHIPPED = Path(__file__).with_name("reporting_rules.yaml")
CHINA = ZoneInfo("Asia/Shanghai")


def load_reporting_rules(path: Path | None = None, zone: ZoneInfo = CHINA) -> Rulebook:
    """Read the county's rules, the shipped ones without a path. Raises ValueError naming its lines."""
    return _shipped(zone) if path is None else _read(path, zone)


@dataclass(frozen=True, slots=True)
class Reporting:
    """The county's rules and the profiles that are switched on."""

    rules: Rulebook
    profiles: tuple[str, ...]


def load_reporting(path: Path | None, profiles: str, zone: ZoneInfo = CHINA) -> Reporting:
    """Read the rules and switch on profiles (comma separated; none named: those the rules name).

    Raises ValueError naming what is wrong.
    """
    rules = load_reporting_rules(path, zone)
    named = tuple(one.strip() for one in profiles.split(",") if one.strip())
    if unknown := [one for one in named if one not in rules.profiles]:
        known = ", ".join(sorted(rules.profiles))
        raise ValueError(f"没有报送方案 {', '.join(unknown)},可用 / no such profile, use: {known}")
    return Reporting(rules, named or rules.default_profiles)


def shipped() -> Rulebook:
    """Return the rules as they are shipped, for a county that has no file of its own."""
    return load_reporting_rules()


@cache
def _shipped(zone: ZoneInfo) -> Rulebook:
    return _read(SHIPPED, zone)


def _read(path: Path, zone: ZoneInfo) -> Rulebook:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"报送规则文件 {path} 无法读取 / cannot be read: {error}") from error
    return read_rules(text, str(path), zone)
