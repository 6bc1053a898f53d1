"""Somebody is told when a planned check begins or a failure's time runs out: the owner, then the lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.duty.roster.answering import answering, shift_lead
from app.duty.spot_check.events import RectificationChanged, SpotCheckChanged
from app.duty.spot_check.facts import RectificationFact
from app.duty.spot_check.rules.circular import FAILURES
from app.duty.spot_check.rules.reminders import SOON, begun, due
from app.duty.spot_check.store import aftermath, campaigns, reminders
from app.duty.spot_check.tables import SpotCheck
from app.journal import store as journal
from app.journal.concern import Concern


async def look(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> int:
    """Tell what is new; return how much that was. The rows' locks see to it that each is told once."""
    return await _checks(tx, stream, now, zone) + await _failures(tx, stream, now, zone)


async def _checks(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> int:
    told = 0
    for row in await reminders.beginning(tx, stream, now):
        called = await reminders.was_called(tx, row.id or 0)
        stage = begun(row.starts_at, now, row.told, has_owner=row.owner_id is not None, called=called)
        if stage is None:
            continue
        first, row.told = row.told == "", stage
        await _begins(tx, row, now, first=first)
        whom = [row.owner_id] if stage == "owner" and row.owner_id else await shift_lead(tx, stream, now)
        at = f"{row.starts_at.astimezone(zone):%H:%M}"
        zh, en = f"抽查“{row.title}”定于{at}开始", f'The spot check "{row.title}" begins at {at}'
        if not first:
            zh, en = f"{zh},尚未呼叫任何岗位,请督办", f"{en}; no post has been called yet, please see to it"
        key = f"spot_check:{row.id}:{stage}"
        matter = Matter("spot_check", key, zh, (_centre(stream),), row.id, text_en=en)
        await notices.tell(tx, stream, whom, matter, now)
        told += 1
    return told


async def _begins(tx: Tx, row: SpotCheck, now: datetime, *, first: bool) -> None:
    await tx.flush()
    fact = await campaigns.fact(tx, row.stream, row.stream, row.id or 0)
    assert fact is not None
    event = SpotCheckChanged(type="spot_check.begun" if first else "spot_check.waits", spot_check=fact)
    await journal.append(tx, row.stream, now, [journal.Entry(event, Concern((_centre(row.stream),)))])


async def _failures(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> int:
    by_post: dict[tuple[Literal["due", "overdue"], int], list[RectificationFact]] = defaultdict(list)
    for row in await reminders.running_out(tx, stream, now + SOON):
        stage = due(row.due_at, row.opened_at, now, row.told)
        if stage is None:
            continue
        row.told = stage
        await tx.flush()
        (fact,) = await aftermath.rectifications(tx, stream, stream, now, rectification_id=row.id)
        by_post[stage, row.post_id].append(fact)
    if not by_post:
        return 0
    facts = [(stage, fact) for (stage, _), of_post in by_post.items() for fact in of_post]
    entries = [
        journal.Entry(
            RectificationChanged(type=f"spot_check.rectification_{stage}", rectification=fact),
            Concern((fact.region_code,)),
        )
        for stage, fact in facts
    ]
    await journal.append(tx, stream, now, entries)
    owners = await answering(tx, stream, now)
    lead = await shift_lead(tx, stream, now)
    for (stage, post_id), of_post in by_post.items():
        whom = owners.get(post_id) or lead
        await notices.tell(tx, stream, whom, _to_owner(of_post, stage, zone), now)
    if overdue := [fact for stage, fact in facts if stage == "overdue"]:
        await notices.tell(tx, stream, lead, _to_lead(overdue), now)
    return len(facts)


def _to_owner(facts: Sequence[RectificationFact], stage: str, zone: ZoneInfo) -> Matter:
    """One notice a post, however many failures it has."""
    first = facts[0]
    failures = "、".join(FAILURES[fact.failure] for fact in facts)
    due = first.due_at.astimezone(zone)
    words = f"{first.post_name}限时整改({failures})"
    words += f"须于{due:%m月%d日%H:%M}前上报" if stage == "due" else f"已于{due:%m月%d日%H:%M}到期,尚未上报"
    en = f"{first.post_name}: {len(facts)} failings to be put right, "
    en += f"report by {due:%m-%d %H:%M}" if stage == "due" else f"due {due:%m-%d %H:%M} and not reported"
    key = f"rectification:{first.id}:{stage}"
    return Matter("rectification", key, words, (first.region_code,), first.id, text_en=en)


def _to_lead(facts: Sequence[RectificationFact]) -> Matter:
    """One notice for all posts that are late at this instant."""
    names = "、".join(dict.fromkeys(fact.post_name for fact in facts))
    key = f"rectification:{facts[0].id}:lead"
    regions = tuple(sorted({fact.region_code for fact in facts}))
    en = f"Failings not put right in time: {names.replace('、', ', ')}"
    return Matter("rectification", key, f"整改逾期未报:{names}"[:300], regions, facts[0].id, text_en=en[:300])


def _centre(stream: str) -> str:
    """Return the place of the centre: what is planned stays there."""
    return stream.ljust(12, "0")
