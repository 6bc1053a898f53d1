"""The lists by tier, drawn from the organisation at this moment: what a round freezes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.dispatch.status_call import heads
from app.duty.roster import on_call
from app.org.rules.access import Viewer
from app.org.store import people
from app.refusals import NotFound
from app.response.call_and_respond.facts import (
    CalloutListFact,
    CalloutListPersonFact,
    CalloutListTargetFact,
    CalloutRole,
)
from app.response.call_and_respond.refusals import CalloutNobody
from app.response.call_and_respond.rules.limits import Tier
from app.response.call_and_respond.rules.roll import Callee, gaps, in_order, role_of
from app.response.call_and_respond.store import lists
from app.response.call_and_respond.store.lists import Named, Region

_DIRECTOR = "应急管理局局长"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A target to be and its people."""

    tier: Tier
    region_code: str
    name: str
    people: tuple[Callee, ...]
    gaps: tuple[str, ...]


async def draw(tx: Tx, by: Viewer, codes: Sequence[str], now: datetime) -> list[Drawn]:
    """Return the county's leaders, the townships and the villages of these places with their people.

    Each leader of the county is a target of his own. Raises NotFound for a place outside, CalloutNobody.
    """
    if any(not by.covers(code) and not by.stream.startswith(code.rstrip("0")) for code in codes):
        raise NotFound("该地区", "place")
    places = await lists.regions(tx, by.stream, codes)
    if not places:
        raise CalloutNobody
    named = await _named(tx, by.stream, places, now)
    known = await _callees(tx, by.stream, named)
    county = by.stream.ljust(12, "0")
    leaders = in_order(known[county])
    drawn = [Drawn("county", county, one.name, (one,), gaps("county", [one])) for one in leaders]
    for place in sorted(places, key=lambda place: not place.township):
        tier: Tier = "township" if place.township else "village"
        listed = in_order(known[place.code])
        drawn.append(Drawn(tier, place.code, place.name, listed, gaps(tier, listed)))
    return drawn


async def preview(tx: Tx, by: Viewer, codes: Sequence[str], now: datetime) -> CalloutListFact:
    """Return the lists and what they lack, before a round is started. Raises NotFound, CalloutNobody."""
    drawn = await draw(tx, by, codes, now)
    return CalloutListFact(
        targets=[
            CalloutListTargetFact(
                tier=one.tier,
                region_code=one.region_code,
                name=one.name,
                people=[_listed(who) for who in one.people],
                gaps=list(one.gaps),
            )
            for one in drawn
        ],
        villages=sum(one.tier == "village" for one in drawn),
        gaps=sum(bool(one.gaps) for one in drawn),
    )


def _listed(who: Callee) -> CalloutListPersonFact:
    return CalloutListPersonFact(
        role=who.role,
        person_id=who.person_id,
        name=who.name,
        title=who.title,
        phone=who.phones[0] if who.phones else "",
    )


async def _named(tx: Tx, stream: str, places: Sequence[Region], now: datetime) -> list[Named]:
    towns = [place.code for place in places if place.township]
    villages = [place.code for place in places if not place.township]
    county = stream.ljust(12, "0")
    found = await lists.holders(tx, stream, [county, *towns])
    listed = {one.region_code for one in found}
    if county not in listed:
        found += await _county(tx, stream, county)
    found += await _townships(tx, stream, [code for code in towns if code not in listed], now)
    return found + await lists.of_villages(tx, stream, villages)


async def _county(tx: Tx, stream: str, county: str) -> list[Named]:
    """Return the leaders of the county as its offices name them, and the head of the bureau by his title."""
    leaders = [
        Named(code, role_of(title), person)
        for code, person, title in await lists.leaders_of(tx, stream, [county], "county_leader")
    ]
    wanted = people.Wanted(stream, stream, region=county, words=_DIRECTOR)
    _, heads_of_bureau = await people.page(tx, wanted, 0, 1)
    return leaders + [Named(county, "bureau_head", one.id) for one in heads_of_bureau]


async def _townships(tx: Tx, stream: str, codes: Sequence[str], now: datetime) -> list[Named]:
    """Return who leads each township and who is on duty there now: by office, else by the roster."""
    if not codes:
        return []
    found = [
        Named(code, "township_head", person)
        for code, person, _ in await lists.leaders_of(tx, stream, codes, "township_leader")
    ]
    held = {one.region_code for one in found}
    for code, leading in (await on_call.contacts(tx, stream, codes, now)).items():
        if code not in held:
            found.append(Named(code, "township_head", leading.person_id))
    for code, unit in (await lists.units_of(tx, codes)).items():
        contact = await heads.contact_of(tx, stream, unit, now)
        if contact is not None and contact.person_id is not None:
            found.append(Named(code, "township_duty", contact.person_id))
    return found


async def _callees(tx: Tx, stream: str, named: Iterable[Named]) -> defaultdict[str, list[Callee]]:
    everybody = list(named)
    ids = list({one.person_id for one in everybody})
    known = await people.facts(tx, stream, ids)
    logged = await lists.with_app(tx, ids)
    found: defaultdict[str, list[Callee]] = defaultdict(list)
    for one in everybody:
        person = known.get(one.person_id)
        if person is None or not person.active:
            continue
        role: CalloutRole = one.role
        found[one.region_code].append(
            Callee(
                role=role,
                person_id=person.id,
                name=person.name,
                title=person.title,
                phones=tuple(phone.number for phone in person.phones),
                call_sign=person.call_sign,
                satellite_number=person.satellite_number,
                beidou_number=person.beidou_number,
                app=person.id in logged,
            )
        )
    return found
