"""The life of a check: drawn, finished with what has to be put right, or called off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.roster.facts import PostFact
from app.duty.spot_check.actions import rectify
from app.duty.spot_check.actions.access import centre_only, check_for_work, require_at_centre
from app.duty.spot_check.actions.refusals import SpotCheckUnfinished
from app.duty.spot_check.commands import SpotCheckIn
from app.duty.spot_check.events import SpotCheckChanged
from app.duty.spot_check.facts import SpotCheckFact
from app.duty.spot_check.rules.draw import draw, is_night, lack, ranks, within
from app.duty.spot_check.scores import month_span
from app.duty.spot_check.settings import Scoring
from app.duty.spot_check.store import campaigns, findings
from app.duty.spot_check.tables import SpotCheck, SpotFinding
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput

LASTS = timedelta(hours=2)


async def open_check(
    tx: Tx, by: Viewer, told: SpotCheckIn, seed: str, now: datetime, zone: ZoneInfo, scoring: Scoring
) -> SpotCheckFact:
    """Draw the posts of a check. Raises NotPermitted, InvalidInput when there are fewer posts than asked."""
    require_at_centre(by)
    starts_at = told.starts_at or now
    ends_at = told.ends_at or starts_at + LASTS
    if ends_at <= starts_at:
        raise InvalidInput(
            FieldFault("ends_at", "结束时间须晚于开始时间", "the end must lie after the start")
        )
    pool = await _pool(tx, by, told)
    before: dict[int, int] = {}
    if told.weighting == "quota":
        before = await _ranks(tx, pool, starts_at, zone, scoring)
    methods = [share.method for share in told.shares for _ in range(share.count)]
    drawn = draw(pool, len(methods), seed, before)
    row = SpotCheck(
        stream=by.stream,
        title=told.title,
        ordered_by=told.ordered_by,
        starts_at=starts_at,
        ends_at=ends_at,
        pool=pool,
        pool_ranks=[[post, rank] for post, rank in sorted(before.items())],
        weighting=told.weighting,
        seed=seed,
        response_level=told.response_level,
        opened_by=by.name,
        opened_at=now,
        owner_id=by.person_id,
    )
    tx.add(row)
    await tx.flush()
    assert row.id is not None
    tx.add_all(
        SpotFinding(spot_check_id=row.id, post_id=post, ordinal=number, method=method)
        for number, (post, method) in enumerate(zip(drawn, methods, strict=True), start=1)
    )
    return await _tell(tx, by, row, "spot_check.opened", now)


async def finish(tx: Tx, by: Viewer, spot_check_id: int, now: datetime, scoring: Scoring) -> SpotCheckFact:
    """End a check: every failure has to be put right in a day; who was not called is not checked.

    Raises NotFound, NotPermitted, SpotCheckOver, SpotCheckUnfinished.
    """
    row = await check_for_work(tx, by, spot_check_id)
    rows = await findings.rows_of(tx, spot_check_id)
    if unfinished := [one.post_id for one in rows if one.state in {"calling", "retry"}]:
        raise SpotCheckUnfinished([post.name for post in await _named(tx, by, unfinished)])
    _leave_unchecked(rows)
    row.state, row.finished_by, row.finished_at = "finished", by.name, now
    opened = await rectify.open_for(tx, by, rows, now, scoring.rectify_within)
    fact = await _tell(tx, by, row, "spot_check.finished", now)
    await rectify.tell_opened(tx, by, opened, now)
    return fact


async def cancel(tx: Tx, by: Viewer, spot_check_id: int, now: datetime) -> SpotCheckFact:
    """Call a check off: nothing it found counts. Raises NotFound, NotPermitted, SpotCheckOver."""
    row = await check_for_work(tx, by, spot_check_id)
    _leave_unchecked(await findings.rows_of(tx, spot_check_id))
    row.state, row.finished_by, row.finished_at = "cancelled", by.name, now
    return await _tell(tx, by, row, "spot_check.cancelled", now)


def _leave_unchecked(rows: list[SpotFinding]) -> None:
    for one in rows:
        if one.state in {"waiting", "calling", "retry"}:
            one.state, one.retry_due_at = "not_checked", None


async def _pool(tx: Tx, by: Viewer, told: SpotCheckIn) -> list[int]:
    posts = [
        post
        for post in await duty.posts(tx, by.stream, by.scope)
        if (not told.kinds or post.kind in told.kinds) and within(post.region_code, told.region_codes)
    ]
    wanted = sum(share.count for share in told.shares)
    if wanted > len(posts):
        raise InvalidInput(
            FieldFault(
                "shares",
                f"范围内只有 {len(posts)} 个值班岗位,不够抽取 {wanted} 个",
                f"there are {len(posts)} posts only, not {wanted}",
            )
        )
    return sorted(post.id for post in posts)


async def _ranks(
    tx: Tx, pool: list[int], starts_at: datetime, zone: ZoneInfo, scoring: Scoring
) -> dict[int, int]:
    """Rank the posts by what they lack of this month's quota (R13)."""
    first = starts_at.astimezone(zone).date().replace(day=1)
    times = await campaigns.check_times(tx, pool, *month_span(first, zone))
    quota = scoring.quota
    lacks = {
        post: lack(len(at), sum(is_night(one, zone, quota) for one in at), quota)
        for post, at in times.items()
    }
    return ranks(lacks, at_night=is_night(starts_at, zone, quota))


async def _named(tx: Tx, by: Viewer, post_ids: list[int]) -> list[PostFact]:
    return [post for post in await duty.posts(tx, by.stream, by.scope) if post.id in post_ids]


_Type = Literal["spot_check.opened", "spot_check.finished", "spot_check.cancelled"]


async def _tell(tx: Tx, by: Viewer, row: SpotCheck, type_: _Type, now: datetime) -> SpotCheckFact:
    await tx.flush()
    assert row.id is not None
    fact = await campaigns.fact(tx, by.stream, by.scope, row.id)
    assert fact is not None
    event = SpotCheckChanged(type=type_, spot_check=fact)
    await journal.append(tx, row.stream, now, [journal.Entry(event, centre_only(by))], actor(by))
    return fact
