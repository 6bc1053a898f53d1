"""The nearest able units among many: arrays, one pass. Pure. NumPy is loaded with the first question.

It only narrows down: every unit it leaves out would arrive later than all it names, whatever else holds. What
is true of those named is read from the database afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.dispatch.recommendation.rules.words import CAPABILITIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

METRES_A_DEGREE = 111_195.0
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
    return _first(units, lon, lat, (units.lacking & mask) != 0, scope, count, 1.0).team_ids


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

    able = (units.mask & mask) != 0
    before = np.array([turnout_s(kind) for kind in units.kinds], dtype=np.float64)
    return _first(units, lon, lat, able, scope, count, best_factor, before)


def _first(
    units: Units,
    lon: float,
    lat: float,
    able: NDArray[np.bool_],
    scope: str,
    count: int,
    best_factor: float,
    before: NDArray[np.float64] | None = None,
) -> Nearest:
    import numpy as np

    if len(scope) > 6:
        able = able & (units.place // 10 ** (12 - len(scope)) == int(scope))
    index = np.flatnonzero(able)
    east = (units.lon[index] - lon) * np.cos(np.radians(lat))
    north = units.lat[index] - lat
    away = np.sqrt(east * east + north * north)
    seconds = away * (METRES_A_DEGREE * best_factor * SLACK) / units.mps[index]
    if before is not None:
        seconds += before[units.kind[index]]
    seconds = np.where(np.isnan(seconds), np.inf, seconds)
    if len(index) <= count:
        return Nearest(units.ids[index].tolist(), float("inf"))
    first = np.argpartition(seconds, count)
    return Nearest(units.ids[index[first[:count]]].tolist(), float(seconds[first[count]]))
