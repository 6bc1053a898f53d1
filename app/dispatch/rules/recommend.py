"""Which unit goes: nearest and able first, each with reasons a person can read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.tracking.distance import ROAD_FACTOR, distance_m

TURNOUT_S = 300  # domain/rules B6: ≤ 5 min by day for units on standby
SEARCH_LIMIT = 10
WALKING_KMH = 4.0  # no unit is slower: a speed of 0 in the register means that nobody knows
LACK_COSTS_S = 900  # a missing capability weighs as much as fifteen minutes [D]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it is and what is wanted: all of it, or (`any_of`) whoever has one of the capabilities."""

    lon: float | None
    lat: float | None
    wanted: tuple[str, ...]
    any_of: bool = False

    def lacks(self, capabilities: frozenset[str]) -> list[str]:
        """Return what a unit with these capabilities does not bring."""
        return [] if self.any_of else [c for c in self.wanted if c not in capabilities]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A team as the rule sees it. `fixed_at` None means: no device, the station counts as its place."""

    team_id: int
    name: str
    call_sign: str
    capabilities: frozenset[str]
    standby: bool
    committed_to: str | None
    lon: float | None
    lat: float | None
    fixed_at: datetime | None
    speed_kmh: float
    standby_strength: int
    declined_here: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in both languages, with a stable code."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A unit that may go. `distance_m` is along the straight line, `eta_s` includes turnout."""

    rank: int
    team_id: int
    team_name: str
    call_sign: str
    distance_m: float
    eta_s: float
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit that is able but not offered, and why."""

    team_id: int
    team_name: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The answer: offers in order, the able ones left out, and what is missing, if anything."""

    offers: tuple[Offer, ...]
    left_out: tuple[LeftOut, ...]
    shortfall: Reason | None


def obstacle(candidate: Candidate, now: datetime, position_limit: timedelta) -> Reason | None:
    """Return why an able unit cannot be offered, or None. The order is the order of telling."""
    if candidate.committed_to:
        return Reason(
            "already_committed",
            f"正在执行 {candidate.committed_to}",
            f"committed to {candidate.committed_to}",
        )
    if candidate.declined_here:
        return Reason("declined_here", "已拒绝本次派单", "declined this incident")
    if not candidate.standby:
        return Reason("off_duty", "不在备勤", "not on standby")
    if candidate.lon is None or candidate.lat is None:
        return Reason("no_position", "没有位置也没有驻地", "no position and no station")
    if candidate.fixed_at is not None and now - candidate.fixed_at > position_limit:
        minutes = int((now - candidate.fixed_at).total_seconds() // 60)
        return Reason(
            "position_stale", f"位置已 {minutes} 分钟未更新", f"last position {minutes} minutes old"
        )
    return None


def rank(
    scene: Scene, candidates: Iterable[Candidate], now: datetime, position_limit: timedelta
) -> Recommendation:
    """Rank the units for a scene.

    Able means: has at least one wanted capability. Sorted by the share of wanted capabilities weighed
    against travel time: a missing secondary capability costs as much as fifteen minutes. Ties are
    broken by team id, so the same facts always give the same list.
    """
    if scene.lon is None or scene.lat is None:
        return Recommendation((), (), _NO_PLACE)
    able = [c for c in candidates if not c.capabilities.isdisjoint(scene.wanted)]
    free: list[tuple[float, float, float, Candidate]] = []
    left_out = []
    for candidate in able:
        reason = obstacle(candidate, now, position_limit)
        if reason is not None:
            left_out.append(LeftOut(candidate.team_id, candidate.name, reason))
            continue
        assert candidate.lon is not None and candidate.lat is not None  # obstacle() said so
        away = distance_m(scene.lon, scene.lat, candidate.lon, candidate.lat)
        eta = TURNOUT_S + away * ROAD_FACTOR / (max(candidate.speed_kmh, WALKING_KMH) / 3.6)
        missing = len(scene.lacks(candidate.capabilities))
        free.append((eta + missing * LACK_COSTS_S, eta, away, candidate))
    free.sort(key=lambda item: (item[0], item[3].team_id))
    offers = tuple(
        _offer(index, cost, eta, away, candidate, scene, now)
        for index, (cost, eta, away, candidate) in enumerate(free[:SEARCH_LIMIT], start=1)
    )
    left_out += [LeftOut(item[3].team_id, item[3].name, _RANKED_LOWER) for item in free[SEARCH_LIMIT:]]
    return Recommendation(offers, tuple(left_out), _shortfall(scene, able, free))


def _offer(
    index: int, cost: float, eta: float, away: float, candidate: Candidate, scene: Scene, now: datetime
) -> Offer:
    has = [c for c in scene.wanted if c in candidate.capabilities]
    lacks = scene.lacks(candidate.capabilities)
    reasons = [
        Reason("distance", f"距现场 {away / 1000:.1f} 公里", f"{away / 1000:.1f} km away"),
        Reason("eta", f"约 {round(eta / 60)} 分钟到达", f"about {round(eta / 60)} min to arrive"),
        Reason("capability", "具备" + "、".join(map(zh_capability, has)), "has " + ", ".join(has)),
        Reason(
            "standby",
            f"备勤 {candidate.standby_strength} 人",
            f"{candidate.standby_strength} persons on standby",
        ),
        _position_reason(candidate, now),
    ]
    if lacks:
        reasons.append(
            Reason(
                "lacks_capability", "缺" + "、".join(map(zh_capability, lacks)), "lacks " + ", ".join(lacks)
            )
        )
    # 1.0 is a unit at the scene that lacks nothing; half an hour of cost halves it.
    return Offer(
        index,
        candidate.team_id,
        candidate.name,
        candidate.call_sign,
        round(away, 1),
        round(eta, 1),
        round(1 / (1 + max(0.0, cost - TURNOUT_S) / 1800), 3),
        tuple(reasons),
    )


def _position_reason(candidate: Candidate, now: datetime) -> Reason:
    if candidate.fixed_at is None:
        return Reason("station", "按驻地计算", "placed at its station")
    seconds = max(0, int((now - candidate.fixed_at).total_seconds()))
    age_zh = f"{seconds} 秒前" if seconds < 60 else f"{seconds // 60} 分钟前"
    age_en = f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
    return Reason("position_age", f"{age_zh}的位置", f"position {age_en} old")


_RANKED_LOWER = Reason(
    "ranked_lower", f"排在前 {SEARCH_LIMIT} 名之后", f"ranked after the first {SEARCH_LIMIT}"
)
_NO_PLACE = Reason(
    "no_location",
    "事件没有坐标,无法按距离推荐,请先在地图上定位",
    "the incident has no coordinates: place it on the map to get a recommendation",
)


def _shortfall(scene: Scene, able: Sequence[Candidate], free: Sequence[object]) -> Reason | None:
    if not able:
        words = "、".join(map(zh_capability, scene.wanted))
        return Reason(
            "none_able",
            f"辖区内没有具备{words}能力的队伍,请请求增援",
            f"no unit has {', '.join(scene.wanted)}: ask for mutual aid",
        )
    if not free:
        return Reason(
            "none_free",
            f"{len(able)} 支有能力的队伍均不可用,原因见未推荐名单",
            f"{len(able)} able units, none available: see the reasons below",
        )
    offered = {c for item in free for c in item[3].capabilities}  # type: ignore[index]
    missing = scene.lacks(frozenset(offered))
    if missing:
        return Reason(
            "capability_short",
            "可用队伍均不具备" + "、".join(map(zh_capability, missing)),
            "no available unit has " + ", ".join(missing),
        )
    return None


_CAPABILITY_ZH = {
    "flood_rescue": "抗洪抢险",
    "boat": "舟艇",
    "water_pump": "排涝",
    "forest_fire": "森林灭火",
    "structural_fire": "灭火",
    "search_rescue": "搜救",
    "medical": "医疗救护",
    "hazmat": "危化处置",
    "road_clearing": "道路抢通",
    "evacuation": "转移群众",
    "first_aid": "急救",
    "electric_power": "电力抢修",
    "gas": "燃气抢修",
    "comms": "通信保障",
    "earth_moving": "土石方机械",
}


def zh_capability(capability: str) -> str:
    """Return the Chinese word for a capability code."""
    return _CAPABILITY_ZH.get(capability, capability)
