"""Read the county's rules of reporting from a file at the edge: the rules themselves open no file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from app.duty.roster.rules.calendar import ExtraDay
from app.nodes import LARGEST
from app.reporting.rules.book import Rulebook
from app.reporting.rules.profile import read_rules

SHIPPED = Path(__file__).with_name("reporting_rules.yaml")
CHINA = ZoneInfo("Asia/Shanghai")


def load_reporting_rules(path: Path | None = None, zone: ZoneInfo = CHINA) -> Rulebook:
    """Read the county's rules, the shipped ones without a path. Raises ValueError naming its lines."""
    return _shipped(zone) if path is None else _read(path, zone)


@dataclass(frozen=True)
class Reporting:
    """The county's rules and the profiles that are switched on.

    As a process is given them they are the file's; `rulebook.in_force` says what holds in a transaction:
    a version (`id`) with the instant it holds from, or the file (None). `versions` keeps what was read.
    """

    rules: Rulebook
    profiles: tuple[str, ...]
    id: int | None = None
    since: datetime | None = None
    resolved: bool = False
    path: Path | None = None
    days: tuple[ExtraDay, ...] = ()
    origin: Reporting | None = field(default=None, compare=False, repr=False)
    versions: dict[int, Reporting | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def file(self) -> Reporting:
        """The file these rules stand in for."""
        return self.origin or self

    @property
    def key(self) -> str:
        """What tells whether dues were reckoned by these rules and days: empty for the file and no days."""
        days = ",".join(f"{one.on}={one.kind}" for one in self.days)
        return ("" if self.id is None else str(self.id)) + (f"/{days}" if days else "")

    def held(
        self,
        rules_id: int | None,
        since: datetime | None,
        rules: Rulebook | None = None,
        profiles: tuple[str, ...] | None = None,
    ) -> Reporting:
        """Return what holds in a transaction in place of this file."""
        return Reporting(
            rules or self.rules,
            self.profiles if profiles is None else profiles,
            rules_id,
            since,
            resolved=True,
            origin=self.file,
        )


def load_reporting(path: Path | None, profiles: str, zone: ZoneInfo = CHINA) -> Reporting:
    """Read the rules and switch on profiles (comma separated; none named: those the rules name).

    Raises ValueError naming what is wrong.
    """
    rules = load_reporting_rules(path, zone)
    named = tuple(one.strip() for one in profiles.split(",") if one.strip())
    if unknown := [one for one in named if one not in rules.profiles]:
        known = ", ".join(sorted(rules.profiles))
        raise ValueError(f"没有报送方案 {', '.join(unknown)},可用 / no such profile, use: {known}")
    return Reporting(rules, named or rules.default_profiles, path=path)


def shipped() -> Rulebook:
    """Return the rules as they are shipped, for a county that has no file of its own."""
    return load_reporting_rules()


@cache
def _shipped(zone: ZoneInfo) -> Rulebook:
    return _read(SHIPPED, zone)


def file_text(path: Path | None) -> str:
    """Return the text of the county's file, the shipped one without a path. Raises ValueError."""
    path = path or SHIPPED
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"报送规则文件 {path} 无法读取 / cannot be read: {error}") from error


def _read(path: Path, zone: ZoneInfo) -> Rulebook:
    return read_rules(file_text(path), str(path), zone)
