"""Wire shapes of the minimum kit."""

from __future__ import annotations

from app.devices.kit.rules import Verdict, Why
from app.wire import Fact


class KitItemOut(Fact):
    """What a norm asks for: `at_least` devices of any of `kinds`. `trust` marks the source (S001, D …)."""

    item: str
    kinds: list[str]
    at_least: int
    source: str
    trust: str


class KitNormOut(Fact):
    """What every station of a sort must own; `of_team`: the stations are teams, not places."""

    station: str
    zh: str
    en: str
    of_team: bool
    items: list[KitItemOut]


class KitDeviceOut(Fact):
    """A device that does not count, and why: off, failed, silent, overdue (its test), never (tried)."""

    id: int
    label: str
    why: Why


class KitLineOut(Fact):
    """One item of a station. Only `works` counts; `missing` is what is not there at all."""

    item: str
    at_least: int
    works: int
    untested: list[KitDeviceOut]
    broken: list[KitDeviceOut]
    missing: int
    verdict: Verdict


class StationKitOut(Fact):
    """A station with its lines; `verdict` is the worst of them. `station` names its norm."""

    station: str
    name: str
    region_code: str
    team_id: int | None
    verdict: Verdict
    lines: list[KitLineOut]


class KitOut(Fact):
    """The norms and how each station of the scope meets them."""

    norms: list[KitNormOut]
    stations: list[StationKitOut]
