"""What a broadcast would reach before it is sent: terminals, villages, and where there is no reserve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

LIVE = frozenset({"running", "recovered", "broadcasting"})
Cover = Literal["sound", "single", "dead", "none"]
"""sound: two live terminals or more; single: one only (无冗余); dead: none alive; none: no terminal."""


@dataclass(frozen=True, slots=True)
class Loudspeaker:
    """A terminal as the coverage sees it. `state` is that of the register; `peer_id` who carries it."""

    id: int
    region_code: str
    state: str
    drills: bool = False
    peer_id: int | None = None


@dataclass(frozen=True, slots=True)
class VillageCover:
    """A village with its terminals: how many live, stand still, are at fault."""

    region_code: str
    terminals: int
    live: int
    offline: int
    fault: int
    cover: Cover


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole area. Rates are shares of 1, None where there is nothing to share."""

    villages: tuple[VillageCover, ...]
    terminals: int
    live: int
    offline: int
    fault: int

    def count(self, cover: Cover) -> int:
        """Return how many villages are covered so."""
        return sum(one.cover == cover for one in self.villages)

    @property
    def terminal_rate(self) -> float | None:
        """The share of terminals that live."""
        return self.live / self.terminals if self.terminals else None

    @property
    def village_rate(self) -> float | None:
        """The share of villages that are reached if every live terminal plays."""
        reached = self.count("sound") + self.count("single")
        return reached / len(self.villages) if self.villages else None


def covered(villages: Iterable[str], terminals: Iterable[Loudspeaker]) -> Coverage:
    """Return what terminals cover of villages; those of other places are left out."""
    tally: dict[str, list[int]] = {code: [0, 0, 0, 0] for code in villages}
    for one in terminals:
        counts = tally.get(one.region_code)
        if counts is None:
            continue
        counts[0] += 1
        counts[1 if one.state in LIVE else 3 if one.state == "fault" else 2] += 1
    found = tuple(
        VillageCover(code, total, live, offline, fault, _cover(total, live))
        for code, (total, live, offline, fault) in sorted(tally.items())
    )
    return Coverage(
        found,
        sum(one.terminals for one in found),
        sum(one.live for one in found),
        sum(one.offline for one in found),
        sum(one.fault for one in found),
    )


def for_drill(villages: Iterable[str], terminals: Sequence[Loudspeaker]) -> list[str]:
    """Return the villages a drill may go to: those that have loudspeakers, and every one marked for drills.

    An EBM names areas, not terminals: where one loudspeaker is not marked, it would sound all the same.
    """
    marks: dict[str, bool] = {}
    for one in terminals:
        marks[one.region_code] = marks.get(one.region_code, True) and one.drills
    return [code for code in villages if marks.get(code, False)]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A platform: which region it serves, in digits without the zeroes at the end of its groups."""

    id: int
    prefix: str
    drills: bool


def shared_out(
    villages: Iterable[str], terminals: Iterable[Loudspeaker], carriers: Sequence[Carrier], *, drill: bool
) -> dict[int, list[str]]:
    """Return which platform is given which villages.

    A village goes to the platforms that carry its terminals; without such a one to every platform that
    serves its place. A drill goes only to platforms marked for drills.
    """
    may = {one.id: one for one in carriers if one.drills or not drill}
    by_village: dict[str, set[int]] = {}
    for one in terminals:
        if one.peer_id is not None:
            by_village.setdefault(one.region_code, set()).add(one.peer_id)
    found: dict[int, list[str]] = {}
    for code in villages:
        own = by_village.get(code, set()) & may.keys()
        if code not in by_village:
            own = {key for key, one in may.items() if code.startswith(one.prefix)}
        for key in own:
            found.setdefault(key, []).append(code)
    return found


def _cover(total: int, live: int) -> Cover:
    if total == 0:
        return "none"
    return "dead" if live == 0 else "single" if live == 1 else "sound"
