"""What a station must own and what it has: only a device that works counts (domain/rules A3.4, A3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.devices.ledger.rules import DeviceState
from app.devices.testing.rules import TestWord

Condition = Literal["works", "untested", "broken"]
Why = Literal["", "off", "failed", "silent", "overdue", "never"]
Verdict = Literal["met", "untested", "short"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a norm: so many devices of any of these kinds; who says so, and how far to trust it."""

    item: str
    kinds: frozenset[str]
    at_least: int
    source: str
    trust: str


@dataclass(frozen=True, slots=True)
class Norm:
    """What every station of a sort must own.

    A place is such a station when its kind is in `places`; a team when its kind is in `teams` and the
    kind of its home in `at`.
    """

    station: str
    zh: str
    en: str
    places: frozenset[str]
    teams: frozenset[str]
    at: frozenset[str]
    kit: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Owned:
    """A device as the norm sees it: what it is, whose, and whether it works."""

    device_id: int
    label: str
    kind: str
    region_code: str
    team_id: int | None
    condition: Condition
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Station:
    """A place or a team that a norm speaks of; `team_id` is None for a place."""

    norm: Norm
    name: str
    region_code: str
    team_id: int | None = None

    def owns(self, device: Owned) -> bool:
        """Whether a device counts here: a place owns what is registered exactly there, a team its own."""
        if self.team_id is not None:
            return device.team_id == self.team_id
        return device.region_code == self.region_code


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a station: how many work, which are untested or broken, how many are missing altogether."""

    item: Item
    works: int
    untested: tuple[Owned, ...]
    broken: tuple[Owned, ...]

    @property
    def missing(self) -> int:
        """How many devices were never there."""
        return max(0, self.item.at_least - self.works - len(self.untested) - len(self.broken))

    @property
    def verdict(self) -> Verdict:
        """`met`: enough work; `untested`: enough might work, nobody knows; `short`: too few in any case."""
        if self.works >= self.item.at_least:
            return "met"
        return "untested" if self.works + len(self.untested) >= self.item.at_least else "short"


def condition(*, active: bool, test: TestWord, state: DeviceState) -> tuple[Condition, Why]:
    """Say whether a device works: it passed its last test in time or, where no test is planned, is heard.

    `test` is the standing of its last finished test (a test that runs just now says nothing yet).
    """
    if not active:
        return "broken", "off"
    if test == "failed":
        return "broken", "failed"
    if test == "overdue":
        return "untested", "overdue"
    if test == "untested":
        return "untested", "never"
    if test == "exempt" and state != "live":
        return ("broken", "silent") if state == "silent" else ("untested", "never")
    return "works", ""


def compare(station: Station, devices: Iterable[Owned]) -> tuple[Line, ...]:
    """Compare what a station owns with its norm, line by line in the norm's order."""
    owned = [device for device in devices if station.owns(device)]
    return tuple(_line(item, owned) for item in station.norm.kit)


def worst(lines: Sequence[Line]) -> Verdict:
    """Return the verdict of a station: that of its worst line."""
    verdicts = {line.verdict for line in lines}
    return "short" if "short" in verdicts else "untested" if "untested" in verdicts else "met"


def _line(item: Item, owned: Iterable[Owned]) -> Line:
    of_kind = [device for device in owned if device.kind in item.kinds]
    return Line(
        item,
        sum(device.condition == "works" for device in of_kind),
        tuple(device for device in of_kind if device.condition == "untested"),
        tuple(device for device in of_kind if device.condition == "broken"),
    )
