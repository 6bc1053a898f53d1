"""What a script says: a scenario, its steps, their acts; and what came of each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

State = Literal["ok", "failed", "missing", "skipped"]


class BadScript(Exception):
    """A script that cannot be meant: which file, which line, and why, in both languages."""

    def __init__(self, file: Path, line: int, zh: str, en: str) -> None:
        super().__init__(f"{file.name} 第{line}行:{zh}\n{file.name} line {line}: {en}")
        self.file, self.line, self.zh, self.en = file, line, zh, en


class CannotFind(Exception):
    """A path leads nowhere, or a name was never given."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a step: its kind (`call`, `at`, `expect`, `each`, a door …), what it is told, and where."""

    kind: str
    told: Mapping[str, Any]
    line: int
    then: Sequence[Act] = ()
    lines: Mapping[str, int] = field(default_factory=dict)  # of the expectations, by path


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of the scenario with the acts that make it true. `missing` says what we cannot do yet."""

    number: str
    zh: str
    en: str
    acts: Sequence[Act]
    line: int
    missing_zh: str = ""
    missing_en: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """A scenario: when it begins, as of when its city stands, and what its house is set to.

    `watchers` are those of app/watchers.py and app/dark.py that the scenario is about; all if it names none.
    """

    key: str
    zh: str
    en: str
    begins: datetime
    city: datetime
    file: Path
    steps: Sequence[Step]
    names: Mapping[str, Any]
    settings: Mapping[str, Any]
    watchers: Sequence[str] = ()
    with_devices: bool = False
    with_platform: bool = False
    with_pages: bool = False

    @property
    def missing(self) -> list[Step]:
        """The steps, or parts of steps, that the product cannot do yet."""
        return [one for one in self.steps if one.missing_zh]


@dataclass(frozen=True, slots=True)
class Fault:
    """What was not as the script has it: the act, where it stands, what was expected and what came."""

    line: int
    what: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one step."""

    script: str
    step: Step
    state: State
    at: datetime
    seconds: float
    faults: Sequence[Fault] = ()
