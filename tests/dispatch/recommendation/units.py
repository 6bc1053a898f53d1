"""Units, options and demands for the tests of recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.dispatch.recommendation.rules.candidate import Candidate, Policy
from app.dispatch.recommendation.rules.rank import Ranking, Scene, rank
from app.dispatch.recommendation.rules.staffing import Staffing
from app.dispatch.recommendation.rules.travel import RoadModel, Turnout

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 6, 18, 4, 13, 20, tzinfo=UTC)  # 12:13 by the county's clock
POLICY = Policy(timedelta(seconds=600))
# A plain county: the road is 1.35 times the line, 40 km/h, five minutes of turnout at any hour.
PLAIN = RoadModel(
    winding={"urban": 1.35, "plain": 1.35, "hill": 1.35, "mountain": 1.35},
    pace={"urban": 1.0, "plain": 1.0, "hill": 1.0, "mountain": 1.0},
    night_pace=1.0,
    night=(time(19), time(6)),
    usual_turnout=Turnout(300, 300),
)
SCENE = Scene(118.2, 28.5, "990181100201", NOW.astimezone(ZONE), ("boat", "search_rescue"))


def standing(people: int = 6, *, on: bool = True, elsewhere: int = 0) -> Staffing:
    """So many people on standby by the register."""
    return Staffing(on, people, "register", elsewhere)


def unit(team_id: int, *, north_km: float = 1.0, standby: bool = True, **known: object) -> Candidate:
    """A free unit on standby, so far north of the scene, at its station."""
    plain = Candidate(
        team_id=team_id,
        name=f"队{team_id}",
        call_sign=f"呼{team_id}",
        kind="semi_pro",
        region_code="990181100000",
        capabilities=frozenset(SCENE.wanted),
        staffing=standing(on=standby),
        committed_to=None,
        lon=118.2,
        lat=28.5 + north_km / 111.195,
        fixed_at=None,
        speed_kmh=40.0,
    )
    return replace(plain, **known)  # type: ignore[arg-type]


def advise(
    *units: Candidate,
    scene: Scene = SCENE,
    policy: Policy = POLICY,
    roads: RoadModel = PLAIN,
    routed_s: Mapping[int, float] | None = None,
    now: datetime = NOW,
) -> Ranking:
    """Rank units for a scene."""
    return rank(scene, units, now, policy, roads, routed_s)


def offered(answer: Ranking) -> list[int]:
    """The teams that may go, in order."""
    return [option.team_id for option in answer.options]


def left_out(answer: Ranking) -> dict[int, str]:
    """The teams that may not, with the code of the reason."""
    return {item.team_id: item.reason.code for item in answer.left_out}
