"""Which store gives what: the nearest township first, the city's stock as reserve (A5.1), explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.supplies.rules.expiry import is_good
from app.tracking.distance import road_m

LORRY_KMH = 35.0  # a loaded lorry on county roads [D]
LOADING_S = 900.0  # calling the keeper, opening, loading [D]
Level = Literal["city", "township"]


@dataclass(frozen=True, slots=True)
class Store:
    """A warehouse as the rule sees it."""

    warehouse_id: int
    name_zh: str
    name_en: str
    level: Level
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies free of one lot in one warehouse."""

    warehouse_id: int
    lot_id: int
    item_id: int
    lot: str
    expires_on: date | None
    free: int


@dataclass(frozen=True, slots=True)
class Need:
    """How much of an item is asked for."""

    item_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Why:
    """A reason in both languages, with a stable code."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Pick:
    """Take a quantity of a lot from a warehouse, and why there. Distance and time are by road, estimated."""

    warehouse_id: int
    lot_id: int
    item_id: int
    quantity: int
    road_m: float
    eta_s: float
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What no store can give: `wanted` was asked for, `missing` is left over."""

    item_id: int
    wanted: int
    missing: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer: what to take where, in the order of the needs and stores, and what is missing."""

    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]


def propose(
    scene: tuple[float, float],
    needs: Iterable[Need],
    stores: Iterable[Store],
    piles: Sequence[Pile],
    today: date,
    without: Collection[int] = (),
) -> Proposal:
    """Return what to take from where for a scene (lon, lat).

    Townships come by road distance, the city's stores after all of them; in a store the lot that runs out
    of date first goes first, and what is out of date stays. `without` are warehouses that do not count:
    where the goods are to go, or who has just given less than was promised.
    """
    able = [store for store in stores if store.warehouse_id not in without]
    away = {one.warehouse_id: road_m(*scene, one.lon, one.lat) for one in able}
    able.sort(key=lambda one: (one.level == "city", away[one.warehouse_id], one.warehouse_id))
    near: defaultdict[tuple[int, int], list[Pile]] = defaultdict(list)
    for pile in sorted(piles, key=_out_of_date_first):
        near[pile.warehouse_id, pile.item_id].append(pile)
    left = {(pile.warehouse_id, pile.lot_id): pile.free for pile in piles if is_good(pile.expires_on, today)}
    picks: list[Pick] = []
    shortfalls: list[Shortfall] = []
    for need in needs:
        missing = need.quantity
        for rank, store in enumerate(able):
            for pile in near[store.warehouse_id, need.item_id]:
                key = (pile.warehouse_id, pile.lot_id)
                if (take := min(missing, left.get(key, 0))) > 0:
                    left[key] -= take
                    missing -= take
                    picks.append(_pick(store, pile, take, away[store.warehouse_id], rank))
        if missing:
            shortfalls.append(Shortfall(need.item_id, need.quantity, missing))
    return Proposal(tuple(picks), tuple(shortfalls))


def eta_s(away_m: float) -> float:
    """Return how long a loaded lorry takes, loading included, in seconds."""
    return LOADING_S + away_m / (LORRY_KMH / 3.6)


def _out_of_date_first(pile: Pile) -> tuple[date, int]:
    return (pile.expires_on or date.max, pile.lot_id)


def _pick(store: Store, pile: Pile, take: int, away: float, rank: int) -> Pick:
    minutes = round(eta_s(away) / 60)
    reasons = [
        Why("distance", f"约 {away / 1000:.1f} 公里", f"about {away / 1000:.1f} km by road"),
        Why("eta", f"约 {minutes} 分钟可到(含装车)", f"about {minutes} min with loading"),
    ]
    if store.level == "city":
        reasons.append(
            Why("reserve", "乡镇储备不足,动用市级储备", "the townships have too little: the city's reserve")
        )
    elif rank == 0:
        reasons.append(Why("nearest", "距离最近的储备点", "the nearest store"))
    if pile.expires_on is not None:
        reasons.append(
            Why(
                "first_out",
                f"批次 {pile.lot} {pile.expires_on} 到期,先到期先出",
                f"lot {pile.lot} expires {pile.expires_on}: first out of date, first out",
            )
        )
    if take == pile.free:
        reasons.append(Why("emptied", "该批次全部调出", "takes all of this lot"))
    return Pick(
        pile.warehouse_id, pile.lot_id, pile.item_id, take, round(away, 1), eta_s(away), tuple(reasons)
    )
