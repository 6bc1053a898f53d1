"""A month's marks of every post and the league table, put together from what the checks found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.roster.facts import PostFact
from app.duty.roster.rules.wall_clock import at
from app.duty.spot_check.facts import DeductionFact, ScoreFact
from app.duty.spot_check.rules.draw import is_night, lack
from app.duty.spot_check.rules.score import Charge, places, points, score
from app.duty.spot_check.settings import Scoring
from app.duty.spot_check.store import months
from app.duty.spot_check.store.months import Checked


def month_span(first: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return a calendar month as instants."""
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return at(zone, first, time(0)), at(zone, following, time(0))


async def league(
    tx: Tx, stream: str, scope: str, month: date, zone: ZoneInfo, scoring: Scoring
) -> list[ScoreFact]:
    """Return the months of a scope's posts, the best first; a place is one among all posts of the county."""
    posts = await duty.posts(tx, stream, stream)
    found: dict[int, list[Checked]] = {post.id: [] for post in posts}
    for one in await months.checked(tx, stream, *month_span(month, zone)):
        found[one.post_id].append(one)
    marks = {post_id: _marks(checks, scoring) for post_id, checks in found.items()}
    place = places(marks)
    facts = [
        _fact(post, found[post.id], month, marks[post.id], place[post.id], zone, scoring) for post in posts
    ]
    seen = [fact for fact in facts if fact.region_code.startswith(scope)]
    return sorted(seen, key=lambda fact: (fact.place is None, fact.place or 0, fact.post_id))


def _marks(checks: Sequence[Checked], scoring: Scoring) -> int | None:
    if not checks:
        return None
    return score([charge for one in checks for charge in _charges(one)], scoring.weights)


def _charges(one: Checked) -> list[Charge]:
    return [Charge(code, code in one.upheld) for code in one.failures]


def _failed(one: Checked) -> bool:
    return any(not charge.upheld for charge in _charges(one))


def _fact(
    post: PostFact,
    checks: Sequence[Checked],
    month: date,
    mark: int | None,
    place: int | None,
    zone: ZoneInfo,
    scoring: Scoring,
) -> ScoreFact:
    nights = sum(is_night(one.called_at, zone, scoring.quota) for one in checks)
    failed = sum(map(_failed, checks))
    missing = lack(len(checks), nights, scoring.quota)
    return ScoreFact(
        post_id=post.id,
        post_name=post.name,
        region_code=post.region_code,
        month=month,
        score=mark,
        place=place,
        checks=len(checks),
        passed=len(checks) - failed,
        failed=failed,
        night_checks=nights,
        lacks_checks=missing.checks,
        lacks_night=missing.night,
        deductions=[
            DeductionFact(
                finding_id=one.finding_id,
                spot_check_id=one.spot_check_id,
                failure=charge.code,
                at=one.called_at,
                points=points(charge, scoring.weights),
                upheld=charge.upheld,
            )
            for one in checks
            for charge in _charges(one)
        ],
    )
