"""Whom to reach at a unit, resolved from the duty roster at that instant, and why him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.dispatch.status_call.facts import StatusPhoneFact
from app.dispatch.status_call.store import units
from app.duty.roster import on_duty
from app.duty.roster.on_call import LEADING, to_call


@dataclass(frozen=True, slots=True)
class Whom:
    """A person, his mobile number ("" if none is known), and why he."""

    person_id: int | None
    name: str
    mobile: str
    why_zh: str
    why_en: str


NOBODY = Whom(
    None, "", "", "值班表上无人可叫,请值班员电话联系", "nobody is on any roster: telephone the unit"
)


async def head_of(tx: Tx, stream: str, unit_id: int, region_code: str, at: datetime) -> Whom:
    """Return who leads a unit at an aware instant: at its own post; else the centre's leader in charge.

    Never nobody where the roster has anybody: the chain ends at the centre (design/field.md §3, 25).
    """
    own = await units.posts_of(tx, unit_id)
    leading = await to_call(tx, stream, region_code, at)
    for one in leading:
        if one.post_id in own:
            return await _whom(tx, one.person_id, one.why_zh, one.why_en)
    if held := await _at_posts(tx, stream, own, at, leaders=True):
        return held
    if leading:
        nearest = leading[0]
        zh, en = f"该单位无领导当班;{nearest.why_zh}", f"no leader of the unit is on duty; {nearest.why_en}"
        return await _whom(tx, nearest.person_id, zh, en)
    return NOBODY


async def contact_of(tx: Tx, stream: str, unit_id: int, at: datetime) -> Whom | None:
    """Return who gets a unit's texts: who is on duty there, else the first of its people with a mobile."""
    if held := await _at_posts(tx, stream, await units.posts_of(tx, unit_id), at, leaders=False):
        return held
    people = await units.people_of_unit(tx, unit_id)
    for person_id, (name, _, mobile) in zip(people, await units.mobiles_of_people(tx, people), strict=True):
        if mobile:
            return Whom(
                person_id, name, mobile, "该单位无人当班,本单位人员", "nobody on duty: one of the unit"
            )
    return None


async def telephones(
    tx: Tx, stream: str, unit_id: int, region_code: str, at: datetime
) -> list[StatusPhoneFact]:
    """Return whom the desk telephones: the duty telephone, who is on duty, the head."""
    found: list[StatusPhoneFact] = []
    if duty := await units.telephone_of(tx, unit_id):
        found.append(StatusPhoneFact(name=duty[0], title="", phone=duty[1]))
    contact = await contact_of(tx, stream, unit_id, at)
    head = await head_of(tx, stream, unit_id, region_code, at)
    for one in (contact, head):
        if one and one.mobile and one.mobile not in {told.phone for told in found}:
            found.append(StatusPhoneFact(name=one.name, title=one.why_zh, phone=one.mobile))
    return found


async def _at_posts(tx: Tx, stream: str, post_ids: list[int], at: datetime, *, leaders: bool) -> Whom | None:
    """Return who holds a seat of these posts: a leading one for a head, the others first for a contact."""
    for post_id in post_ids:
        for post in await on_duty.on_duty(tx, stream, stream, at, post_id):
            seats = [seat for seat in post.seats if seat.on and (not leaders or seat.role in LEADING)]
            seats.sort(key=lambda seat: seat.role in LEADING)
            for shift in (shift for seat in seats for shift in seat.on):
                why = (f"{post.name}当班(按值班表)", f"on duty at {post.name} (by the roster)")
                held = await _whom(tx, shift.person_id, *why)
                if held.mobile or leaders:
                    return held
    return None


async def _whom(tx: Tx, person_id: int, why_zh: str, why_en: str) -> Whom:
    ((name, _, mobile),) = await units.mobiles_of_people(tx, [person_id])
    return Whom(person_id, name, mobile, why_zh, why_en)
