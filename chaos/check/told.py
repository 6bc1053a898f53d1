"""What the clients were told, read from their transcripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its key and what became of it as far as the client knows."""

    who: str
    kind: str
    key: str
    outcome: str  # acknowledged | refused | unknown
    told: dict[str, Any]

    @property
    def id(self) -> int | None:
        """What the answer called the thing it made or changed."""
        return self.told.get("id")


@dataclass(slots=True)
class ScreenTold:
    """One screen: from which number on it watched, each event in the order in which it came, and how far."""

    who: str
    account: str
    begin: int | None = None
    events: list[tuple[int, str]] = field(default_factory=list)  # number, hash of the bytes
    reached: int = 0
    resyncs: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """An SOS of a terminal that the platform confirmed."""

    number: str
    pressed: datetime
    confirmed: datetime


@dataclass(slots=True)
class Told:
    """All transcripts of a run."""

    commands: list[Command] = field(default_factory=list)
    screens: list[ScreenTold] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    gateway: list[dict[str, Any]] = field(default_factory=list)
    races: list[list[int]] = field(default_factory=list)


def read(folder: Path) -> Told:
    """Read every transcript of a folder."""
    told = Told()
    for file in sorted(folder.glob("*.jsonl")):
        _read_one(file, told)
    return told


def _read_one(file: Path, told: Told) -> None:
    screen = ScreenTold(file.stem, "")
    for line in _lines(file):
        did = line["did"]
        if did == "is":
            screen.account = line["account"]
        elif did == "command":
            told.commands.append(Command(line["who"], line["kind"], line["key"], line["outcome"], line))
        elif did == "frame":
            _frame(line, told)
        elif did == "race":
            told.races.append(line["winners"])
        else:
            _seen(line, screen)
    if screen.begin is not None:
        told.screens.append(screen)


def _seen(line: dict[str, Any], screen: ScreenTold) -> None:
    did = line["did"]
    if did == "begin":
        screen.begin = line["after"] if screen.begin is None else screen.begin
        screen.reached = max(screen.reached, line["after"])
    elif did == "event":
        screen.events.append((line["seq"], line["sha256"]))
        screen.reached = max(screen.reached, line["seq"])
    elif did == "head":
        screen.reached = max(screen.reached, line["seq"])
    elif did == "resync":
        screen.resyncs += 1


def _frame(line: dict[str, Any], told: Told) -> None:
    if line["family"] == "jt808":
        pressed, confirmed = (datetime.fromisoformat(line[name]) for name in ("pressed", "confirmed"))
        told.calls.append(Call(line["number"], pressed, confirmed))
    else:
        told.gateway.append(line)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as opened:
        for line in opened:
            yield json.loads(line)
