"""The nearest able units among many: arrays, one pass. Pure. NumPy is loaded with the first question.

It only narrows down: every unit it leaves out would arrive later than all it names, whatever else holds. What
is true of those named is read from the database afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from app.dispatch.recommendation.rules.words import CAPABILITIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

METRES_A_DEGREE = 111_195.0
MANY = 30_000  # units: of fewer all are looked at, which takes less long
FEW = 2_000
SQUARES = (0.02, 0.08, 0.32)  # half their sides, in degrees of latitude
SLACK = 0.99  # flat earth against round: within a county they differ by far less
_BIT: Mapping[str, int] = {name: 1 << number for number, name in enumerate(CAPABILITIES)}


def mask_of(capabilities: Iterable[str]) -> int:
    """Return the capabilities as bits; a word nobody knows has none."""
    mask = 0
    for name in capabilities:
        mask |= _BIT.get(name, 0)
    return mask


@dataclass(frozen=True)
class Units:
    """The units as columns. `place` is the 12-digit region code as a number; NaN: nobody knows where.

    `mask` are the capabilities that count with a unit's equipment, `lacking` those that it holds besides,
    `kind` which of `kinds` it is.
    """

    ids: NDArray[np.int64]
    place: NDArray[np.int64]
    mps: NDArray[np.float64]
    mask: NDArray[np.int64]
    lacking: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    kind: NDArray[np.int64]
    kinds: tuple[str, ...]

    @classmethod
    def of(
        cls,
        rows: Sequence[tuple[int, str, float, Iterable[str], float | None, float | None]],
        lacking: Mapping[int, Iterable[str]] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> Units:
        """Build them from rows of id, region code, km/h, capabilities, longitude, latitude, by rising id.

        `lacking` are the capabilities of a unit that do not count for want of equipment, `kinds` what each
        row is.
        """
        import numpy as np

        known = sorted(set(kinds or ("",)))
        code = {name: number for number, name in enumerate(known)}
        nowhere = float("nan")
        without = [mask_of((lacking or {}).get(row[0], ())) for row in rows]
        return cls(
            np.array([row[0] for row in rows], dtype=np.int64),
            np.array([int(row[1]) for row in rows], dtype=np.int64),
            np.array([max(row[2], 4.0) / 3.6 for row in rows], dtype=np.float64),
            np.array(
                [mask_of(row[3]) & ~gone for row, gone in zip(rows, without, strict=True)], dtype=np.int64
            ),
            np.array(without, dtype=np.int64),
            np.array([nowhere if row[4] is None else row[4] for row in rows], dtype=np.float64),
            np.array([nowhere if row[5] is None else row[5] for row in rows], dtype=np.float64),
            np.array([code[kind] for kind in kinds or ("",) * len(rows)], dtype=np.int64),
            tuple(known),
        )

    @cached_property
    def by_kind(self) -> list[NDArray[np.int64]]:
        """Return where the units of each kind stand in the columns."""
        import numpy as np

        return [np.flatnonzero(self.kind == number) for number in range(len(self.kinds))]

    @cached_property
    def scratch(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return room for a number and a yes or no for each: new memory takes longer than what is written."""
        import numpy as np

        return np.empty(len(self.ids)), np.empty(len(self.ids), dtype=np.bool_)

    @cached_property
    def fastest_mps(self) -> NDArray[np.float64]:
        """Return the speed of the fastest unit of each kind."""
        import numpy as np

        return np.array([self.mps[index].max(initial=1.0) for index in self.by_kind])

    def move(self, ids: Sequence[int], lon: Sequence[float], lat: Sequence[float]) -> None:
        """Put units where they were heard last; who is not in the register is left out."""
        import numpy as np

        if not len(self.ids) or not ids:
            return
        asked = np.asarray(ids, dtype=np.int64)
        at = np.searchsorted(self.ids, asked).clip(max=len(self.ids) - 1)
        known = self.ids[at] == asked
        self.lon[at[known]] = np.asarray(lon)[known]
        self.lat[at[known]] = np.asarray(lat)[known]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The first units by the least time they can need; `beyond_s`: nobody else is faster than this."""

    team_ids: list[int]
    beyond_s: float


def at_place(units: Units, place9: str, mask: int, most: int) -> list[int]:
    """Return units at home in a 9-digit place with one of the capabilities, at most so many."""
    import numpy as np

    there = ((units.mask & mask) != 0) & (units.place // 1000 == int(place9))
    found: list[int] = units.ids[np.flatnonzero(there)[:most]].tolist()
    return found


def lacking_near(units: Units, lon: float, lat: float, mask: int, scope: str, count: int) -> list[int]:
    """Return the nearest units of a scope that hold one of the capabilities and lack the equipment for it."""
    import numpy as np

    index = _in_scope(units, np.flatnonzero(units.lacking & mask), scope)
    return _first(units, index, _away(units, index, lon, lat) / units.mps[index], count).team_ids


def nearest(
    units: Units,
    lon: float,
    lat: float,
    mask: int,
    scope: str,
    count: int,
    best_factor: float,
    turnout_s: Callable[[str], float] = lambda _: 0.0,
) -> Nearest:
    """Return the `count` able units of a scope that could be there first, in no order.

    `best_factor` is the least road over line divided by the best pace: with it no unit is ever faster than
    counted here; `turnout_s` is what a kind takes before it moves. Units without a place come too, if
    there is room: somebody must say that they have none.
    """
    import numpy as np

    before = np.array([turnout_s(kind) for kind in units.kinds], dtype=np.float64)
    metres_s = METRES_A_DEGREE * best_factor * SLACK

    def soonest(able: NDArray[np.int64]) -> Nearest:
        able = _in_scope(units, able, scope)
        seconds = _away(units, able, lon, lat) * metres_s / units.mps[able] + before[units.kind[able]]
        return _first(units, able, seconds, count)

    # Most that are asked about lie close. Nobody beyond a square is there before its edge could be reached;
    # kinds that turn out so soon that they might be are looked at everywhere: they are few.
    for degrees in SQUARES if len(units.ids) > MANY else ():
        index = _in_strip(units, lat, degrees)
        index = index[np.abs(units.lon[index] - lon) * np.cos(np.radians(lat)) < degrees]
        found = soonest(index[(units.mask[index] & mask) != 0])
        sooner = before + degrees * metres_s / units.fastest_mps < found.beyond_s
        everywhere = [units.by_kind[kind] for kind in np.flatnonzero(sooner)]
        if not everywhere:
            return found
        if sum(map(len, everywhere)) <= FEW:
            index = np.union1d(index, np.concatenate(everywhere))
            return soonest(index[(units.mask[index] & mask) != 0])
    return soonest(np.flatnonzero(units.mask & mask))


def _in_strip(units: Units, lat: float, degrees: float) -> NDArray[np.int64]:
    """Return who is less than so many degrees of latitude away."""
    import numpy as np

    north, near = units.scratch
    np.abs(np.subtract(units.lat, lat, out=north), out=north)
    return np.flatnonzero(np.less(north, degrees, out=near))


def _in_scope(units: Units, index: NDArray[np.int64], scope: str) -> NDArray[np.int64]:
    if len(scope) <= 6:
        return index
    within: NDArray[np.int64] = index[units.place[index] // 10 ** (12 - len(scope)) == int(scope)]
    return within


def _away(units: Units, index: NDArray[np.int64], lon: float, lat: float) -> NDArray[np.float64]:
    """Return how many degrees of latitude units lie away; NaN for those that nobody knows where they are."""
    import numpy as np

    east = (units.lon[index] - lon) * np.cos(np.radians(lat))
    north = units.lat[index] - lat
    away: NDArray[np.float64] = np.sqrt(east * east + north * north)
    return away


def _first(units: Units, index: NDArray[np.int64], costs: NDArray[np.float64], count: int) -> Nearest:
    import numpy as np

    if len(index) <= count:
        return Nearest(units.ids[index].tolist(), float("inf"))
    costs = np.where(np.isnan(costs), np.inf, costs)
    first = np.argpartition(costs, count)
    return Nearest(units.ids[index[first[:count]]].tolist(), float(costs[first[count]]))
