"""A team as the recommendation sees it, and what stands against sending it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.dispatch.recommendation.rules.staffing import Staffing
from app.dispatch.recommendation.rules.words import Reason


@dataclass(frozen=True, slots=True)
class Candidate:
    """A team that has at least one wanted capability.

    `capabilities` are those that count with its equipment; `lacking` says of its others why they do not,
    `remarks` on what trust some of them do.
    `fixed_at` None means: no device, its station counts as its place. `released_at` is when it came back
    from its last task, `jobs` how often it was sent within a day. `here` is the incident it is out for, if
    that is one of those asked about.
    """

    team_id: int
    name: str
    call_sign: str
    kind: str
    region_code: str
    capabilities: frozenset[str]
    staffing: Staffing
    committed_to: str | None
    lon: float | None
    lat: float | None
    fixed_at: datetime | None
    speed_kmh: float
    declined_here: bool = False
    here: int | None = None
    released_at: datetime | None = None
    jobs: int = 0
    forward: str = ""  # where it is forward-deployed, away from home
    strength: int = 0
    lacking: Mapping[str, Reason] = field(default_factory=dict)
    remarks: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a county allows: ages, rest, and what the dispatcher asked for this time."""

    position_limit: timedelta
    rest: timedelta = timedelta(0)
    include_stale: bool = False
    radius_m: float | None = None


def obstacle(candidate: Candidate, now: datetime, policy: Policy) -> Reason | None:
    """Return why an able unit cannot be offered, or None. The order is the order of telling."""
    if candidate.here is not None:
        return Reason("already_here", "已派往本事件", "sent to this incident already")
    if candidate.committed_to:
        return Reason(
            "already_committed",
            f"正在执行 {candidate.committed_to}",
            f"committed to {candidate.committed_to}",
        )
    if candidate.declined_here:
        return Reason("declined_here", "已拒绝本次派单", "declined this incident")
    if not candidate.staffing.on_standby:
        return _off(candidate.staffing)
    if candidate.lon is None or candidate.lat is None:
        return Reason("no_position", "没有位置也没有驻地", "no position and no station")
    if is_stale(candidate, now, policy) and not policy.include_stale:
        assert candidate.fixed_at is not None
        minutes = int((now - candidate.fixed_at).total_seconds() // 60)
        return Reason(
            "position_stale", f"位置已 {minutes} 分钟未更新", f"last position {minutes} minutes old"
        )
    return None


def is_stale(candidate: Candidate, now: datetime, policy: Policy) -> bool:
    """Return whether its position is older than the limit; a station never is."""
    return candidate.fixed_at is not None and now - candidate.fixed_at > policy.position_limit


def rested_from(candidate: Candidate, now: datetime, policy: Policy) -> datetime | None:
    """Return when its rest ends if it is still resting from its last task, else None (field.md D6)."""
    if candidate.released_at is None:
        return None
    ends = candidate.released_at + policy.rest
    return ends if ends > now else None


def outside(away_m: float, policy: Policy) -> Reason | None:
    """Return that it lies beyond the radius asked for, or None (field.md D8)."""
    if policy.radius_m is None or away_m <= policy.radius_m:
        return None
    km = policy.radius_m / 1000
    return Reason("outside_radius", f"超出 {km:g} 公里范围", f"beyond {km:g} km")


def _off(staffing: Staffing) -> Reason:
    if staffing.elsewhere and not staffing.people:
        return Reason(
            "people_elsewhere",
            f"{staffing.elsewhere} 名队员已随其他队伍出动",
            f"its {staffing.elsewhere} people are out with other teams",
        )
    if staffing.source == "named":
        return Reason("nobody_named", "今日备勤名单上无人", "nobody on today's standby list")
    if staffing.source == "returned":
        return Reason("nobody_on_post", "今日报告无人在岗", "reported nobody on post today")
    return Reason("off_duty", "不在备勤", "not on standby")
