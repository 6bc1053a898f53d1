"""Who is told of a seat that is or will be empty, besides every desk that looks: persons, by notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.duty.presence.facts import GapFact
from app.duty.roster.answering import answering, shift_lead
from app.duty.roster.rules.examine import ROLES


async def warn(
    tx: Tx, stream: str, gaps: Sequence[tuple[GapFact, str]], now: datetime, zone: ZoneInfo
) -> None:
    """Tell of gaps, each with its place: who answers for the post, who is missed, the lead of an open one.

    A day ahead is told in the app only; two hours ahead and an open seat are worth an SMS.
    """
    if not gaps:
        return
    answer_for = await answering(tx, stream, now)
    lead = await shift_lead(tx, stream, now)
    for gap, region_code in gaps:
        whom = [*answer_for.get(gap.post_id, []), *([gap.person_id] if gap.person_id else [])]
        if gap.stage == "open" or not whom:
            whom += lead
        zh, en = said(gap, zone)
        matter = Matter(
            topic="coverage",
            key=f"coverage:{gap.id}:{gap.stage}",
            text=zh,
            text_en=en,
            regions=(region_code,),
            subject_id=gap.id,
            by_sms=gap.stage != "day_ahead",
        )
        await notices.tell(tx, stream, whom, matter, now)


def said(gap: GapFact, zone: ZoneInfo) -> tuple[str, str]:
    """Put a gap into words, in Chinese and in English."""
    start = gap.starts_at.astimezone(zone)
    at, then = f"{start:%m月%d日%H:%M}", f"{start:%m-%d %H:%M}"
    role, role_en = ROLES[gap.role]
    seat, seat_en = f"{gap.post_name}{role}", f"{gap.post_name} ({role_en})"
    who = gap.person_name
    match gap.kind:
        case "not_arrived":
            return (
                f"{seat}{who}应于{at}到岗,尚未到岗,请核实",
                f"{seat_en}: {who} was to come at {then} and has not, please look",
            )
        case "left":
            return (
                f"{seat}{who}于{at}离岗,席位空缺,请安排替班",
                f"{seat_en}: {who} left at {then}, the seat is empty, please find a substitute",
            )
        case _:
            return (
                f"{seat}{at}起缺{gap.missing}人,请安排",
                f"{seat_en}: {gap.missing} missing from {then}, please fill it",
            )
