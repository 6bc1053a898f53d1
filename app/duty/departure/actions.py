"""Let a person go, unless shifts ahead of him must be given to somebody else first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.roster.facts import ShiftFact
from app.duty.roster.rules.examine import ROLES
from app.duty.roster.store import shifts
from app.org.actions import people
from app.org.commands import DepartureIn
from app.org.facts import PersonFact
from app.org.rules.access import Viewer
from app.refusals import FieldFault, Refusal

AHEAD = timedelta(days=800)  # no roster reaches further
NAMED = 5
LISTED = 100


class ShiftsToGive(Refusal):
    """The person stands in the roster: these shifts must be given to somebody else first."""

    code = "shifts_to_give"

    def __init__(self, held: Sequence[ShiftFact], posts: Mapping[int, str], zone: ZoneInfo) -> None:
        told = [_said(shift, posts, zone) for shift in held[:LISTED]]
        name = held[0].person_name
        more_zh = f"等,共 {len(held)} 个" if len(held) > NAMED else ""
        more_en = f" and more, {len(held)} in all" if len(held) > NAMED else ""
        super().__init__(
            f"{name}还有未来的班次,请先交给他人:{';'.join(zh for zh, _ in told[:NAMED])}{more_zh}",
            f"{name} has shifts ahead; give them to somebody else first: "
            f"{'; '.join(en for _, en in told[:NAMED])}{more_en}",
            *(FieldFault(f"shift.{s.id}", zh, en) for s, (zh, en) in zip(held, told, strict=False)),
        )


async def depart(
    tx: Tx, by: Viewer, person_id: int, told: DepartureIn, now: datetime, zone: ZoneInfo
) -> PersonFact:
    """Let a person go. With `force` his shifts stay, and the coverage alarm finds the gaps.

    Raises NotFound, NotPermitted, ShiftsToGive.
    """
    await people.person_for(tx, by, person_id)  # locked: nobody changes him meanwhile
    held = await shifts.of_person(tx, by.stream, person_id, now, now + AHEAD)
    if held and not told.force:
        posts = {post.id: post.name for post in await duty.posts(tx, by.stream, by.stream)}
        raise ShiftsToGive(held, posts, zone)
    return await people.deactivate(tx, by, person_id, now, shifts_left=len(held))


def _said(shift: ShiftFact, posts: Mapping[int, str], zone: ZoneInfo) -> tuple[str, str]:
    start, end = (at.astimezone(zone) for at in (shift.starts_at, shift.ends_at))
    span = f"{start:%m-%d %H:%M}–{end:%m-%d %H:%M}"
    role_zh, role_en = ROLES.get(shift.role, (shift.role, shift.role))
    post = posts.get(shift.post_id, str(shift.post_id))
    return f"{span} {post} {role_zh}", f"{span} {post}, {role_en}"
