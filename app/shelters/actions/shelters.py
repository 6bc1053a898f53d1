"""Shelters are entered, opened, counted and closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store import region
from app.refusals import NotFound
from app.shelters.commands import (
    ShelterCloseIn,
    ShelterCountIn,
    ShelterIn,
    ShelterOpenIn,
    ShelterPatch,
    VillageShelterIn,
)
from app.shelters.events import (
    ShelterNearlyFull,
    ShelterRegisterChanged,
    ShelterStateChanged,
    VillageShelterSet,
)
from app.shelters.facts import ShelterFact, ShelterNearFact, VillageShelterFact
from app.shelters.refusals import (
    ShelterIsClosed,
    ShelterIsOpen,
    ShelterNameTaken,
    ShelterNotEmpty,
    ShelterStale,
)
from app.shelters.rules.choose import Nearby, Spot, Wish, choose, second
from app.shelters.store import shelters
from app.shelters.tables import Shelter, ShelterCount, ShelterOpening, VillageShelter
from app.times import three_times


@dataclass(frozen=True, slots=True)
class Matter:
    """The incident an opening or an evacuation belongs to, as the floor above knows it."""

    incident_id: int
    number: str
    restricted: bool
    readers: tuple[str, ...] = ()


async def register(tx: Tx, by: Viewer, told: ShelterIn, now: datetime) -> ShelterFact:
    """Enter a shelter. Raises NotPermitted, NotFound (the place), ShelterNameTaken."""
    require(by, "command")
    place = await region(tx, told.region_code)
    if place is None or not by.covers(told.region_code):
        raise NotFound("该地区", "place")
    if await shelters.is_named(tx, by.stream, told.name_zh):
        raise ShelterNameTaken(told.name_zh)
    lon, lat = (told.lon, told.lat) if told.lon is not None else (place.lon, place.lat)
    row = Shelter(stream=by.stream, **{**told.model_dump(), "lon": lon, "lat": lat})
    tx.add(row)
    await tx.flush()
    return await _registered(tx, by, row, "shelter.registered", now)


async def amend(tx: Tx, by: Viewer, shelter_id: int, told: ShelterPatch, now: datetime) -> ShelterFact:
    """Change a shelter. Raises NotPermitted, NotFound, ShelterStale."""
    require(by, "keep_shelters")
    row = await _locked(tx, by, shelter_id)
    if row.version != told.version:
        raise ShelterStale(row.name_zh)
    changed = told.model_dump(exclude_unset=True, exclude_none=True, exclude={"version"})
    for key, value in changed.items():
        setattr(row, key, value)
    row.version += 1
    await tx.flush()
    return await _registered(tx, by, row, "shelter.amended", now)


async def _registered(tx: Tx, by: Viewer, row: Shelter, type_: str, now: datetime) -> ShelterFact:
    fact = await _fact(tx, by, row)
    event = ShelterRegisterChanged(type=type_, shelter=fact)
    concern = _concern(row.region_code, await shelters.opening_row(tx, fact.id))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return await _shown(tx, by, fact.id)


async def open_up(
    tx: Tx, by: Viewer, shelter_id: int, told: ShelterOpenIn, now: datetime, matter: Matter | None
) -> ShelterFact:
    """Open a shelter. Raises NotPermitted, NotFound, ShelterIsOpen, InvalidInput (times)."""
    require(by, "keep_shelters")
    row = await _locked(tx, by, shelter_id)
    if await shelters.opening_row(tx, shelter_id) is not None:
        raise ShelterIsOpen(row.name_zh)
    opened_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    opening = ShelterOpening(
        shelter_id=shelter_id,
        incident_id=matter.incident_id if matter else None,
        incident_number=matter.number if matter else "",
        restricted=matter.restricted if matter else False,
        readers=list(matter.readers) if matter else [],
        reason=told.reason,
        opened_at=opened_at,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
        channel=told.channel,
        voucher=told.voucher,
    )
    tx.add(opening)
    await tx.flush()
    if told.heads is not None:
        _count(tx, by, opening, ShelterCountIn(**told.model_dump(exclude={"reason", "incident_id"})), now)
        await tx.flush()
    event = ShelterStateChanged(
        type="shelter.opened",
        shelter=await _fact(tx, by, row),
        heads=told.heads,
        reason=told.reason,
        told_by=told.voucher,
    )
    await _say(tx, by, row, opening, event, now)
    await watch(tx, by, shelter_id, now)
    return await _shown(tx, by, shelter_id)


async def count(tx: Tx, by: Viewer, shelter_id: int, told: ShelterCountIn, now: datetime) -> ShelterFact:
    """Enter a head-count. Raises NotPermitted, NotFound, ShelterIsClosed, InvalidInput (times)."""
    require(by, "keep_shelters")
    row = await _locked(tx, by, shelter_id)
    opening = await _opened(tx, row)
    _count(tx, by, opening, told, now)
    await tx.flush()
    event = ShelterStateChanged(
        type="shelter.counted",
        shelter=await _fact(tx, by, row),
        heads=told.heads,
        reason="",
        told_by=told.voucher,
    )
    await _say(tx, by, row, opening, event, now)
    await watch(tx, by, shelter_id, now)
    return await _shown(tx, by, shelter_id)


def _count(tx: Tx, by: Viewer, opening: ShelterOpening, told: ShelterCountIn, now: datetime) -> None:
    counted_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    tx.add(
        ShelterCount(
            opening_id=opening.id or 0,
            heads=told.heads,
            counted_at=counted_at,
            told_at=told_at,
            entered_at=now,
            entered_by=by.name,
            channel=told.channel,
            voucher=told.voucher,
        )
    )


async def close(tx: Tx, by: Viewer, shelter_id: int, told: ShelterCloseIn, now: datetime) -> ShelterFact:
    """Close an empty shelter. Raises NotPermitted, NotFound, ShelterIsClosed, ShelterNotEmpty."""
    require(by, "keep_shelters")
    row = await _locked(tx, by, shelter_id)
    opening = await _opened(tx, row)
    fact = await _fact(tx, by, row)
    if fact.present:
        raise ShelterNotEmpty(row.name_zh, fact.present)
    closed_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    opening.closed_at, opening.closed_told_at, opening.closed_entered_at = closed_at, told_at, now
    opening.closed_by, opening.close_reason = by.name, told.reason
    await tx.flush()
    event = ShelterStateChanged(
        type="shelter.closed", shelter=await _fact(tx, by, row), heads=None, reason=told.reason,
        told_by=told.voucher,
    )  # fmt: skip
    await _say(tx, by, row, opening, event, now)
    return await _shown(tx, by, shelter_id)


async def watch(tx: Tx, by: Viewer, shelter_id: int, now: datetime) -> None:
    """Tell once that an open shelter has reached 95 %, with the next one; below that it may be told again."""
    wide = replace(by, scope="")  # a township may fill a shelter of the city
    opening = await shelters.opening_row(tx, shelter_id)
    fact = await shelters.one(tx, wide, shelter_id, whole=True)
    if opening is None or fact is None or fact.nearly_full == (opening.warned_at is not None):
        return
    opening.warned_at = now if fact.nearly_full else None
    await tx.flush()
    if fact.nearly_full:
        concern = _concern(fact.region_code, opening)
        other = await proposed(tx, wide, fact)
        if other is not None:  # for which incident it is open may be another's secret
            other = other.model_copy(update={"shelter": other.shelter.model_copy(update={"opening": None})})
        event = ShelterNearlyFull(type="shelter.nearly_full", shelter=fact, proposed=other)
        entry = journal.Entry(event, concern, opening.incident_id)
        await journal.append(tx, by.stream, now, [entry], actor(by))


async def proposed(tx: Tx, by: Viewer, full: ShelterFact) -> ShelterNearFact | None:
    """Return the nearest other shelter of the scope with room, or None."""
    known = {one.id: one for one in await shelters.listed(tx, by)}
    found = second(_spot(full), [_spot(one) for one in known.values()])
    return near_fact(found, known[found.spot.shelter_id]) if found else None


async def near(tx: Tx, by: Viewer, wish: Wish, limit: int) -> list[ShelterNearFact]:
    """Return the shelters of the scope that comply with a wish, the nearest first."""
    require(by, "see_desk")
    known = {one.id: one for one in await shelters.listed(tx, by)}
    found = choose([_spot(one) for one in known.values()], wish)[:limit]
    return [near_fact(one, known[one.spot.shelter_id]) for one in found]


def near_fact(found: Nearby, shelter: ShelterFact) -> ShelterNearFact:
    """Put a choice on the wire."""
    return ShelterNearFact(
        shelter=shelter,
        away_m=round(found.away_m, 1),
        bearing_deg=round(found.bearing_deg, 1),
        upwind=found.upwind,
        room=found.spot.room,
    )


def _spot(one: ShelterFact) -> Spot:
    return Spot(one.id, one.lon, one.lat, one.elevation_m, one.capacity, one.present)


async def assign_village(
    tx: Tx, by: Viewer, village_code: str, told: VillageShelterIn, now: datetime
) -> VillageShelterFact:
    """Say where a village goes. Raises NotPermitted, NotFound."""
    require(by, "command")
    if not await shelters.villages(tx, by, [village_code]):
        raise NotFound("该村", "village")
    for shelter_id in filter(None, (told.shelter_id, told.alternative_id)):
        await _locked(tx, by, shelter_id)
    row = await shelters.village_row(tx, by.stream, village_code)
    if row is None:
        row = VillageShelter(stream=by.stream, village_code=village_code, shelter_id=told.shelter_id)
        tx.add(row)
    row.shelter_id, row.alternative_id = told.shelter_id, told.alternative_id
    await tx.flush()
    (fact,) = await shelters.villages(tx, by, [village_code])
    event = VillageShelterSet(type="shelter.village_set", village=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((village_code,)))], actor(by))
    return fact


async def _locked(tx: Tx, by: Viewer, shelter_id: int) -> Shelter:
    row = await shelters.shelter_row(tx, by, shelter_id)
    if row is None:
        raise NotFound("该避难场所", "shelter")
    return row


async def _opened(tx: Tx, row: Shelter) -> ShelterOpening:
    opening = await shelters.opening_row(tx, row.id or 0)
    if opening is None:
        raise ShelterIsClosed(row.name_zh)
    return opening


async def _fact(tx: Tx, by: Viewer, row: Shelter) -> ShelterFact:
    found = await shelters.one(tx, by, row.id or 0, whole=True)
    assert found is not None
    return found


async def _shown(tx: Tx, by: Viewer, shelter_id: int) -> ShelterFact:
    found = await shelters.one(tx, by, shelter_id)
    assert found is not None
    return found


async def _say(
    tx: Tx, by: Viewer, row: Shelter, opening: ShelterOpening, event: ShelterStateChanged, now: datetime
) -> None:
    concern = _concern(row.region_code, opening)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern, opening.incident_id)], actor(by))


def _concern(region_code: str, opening: ShelterOpening | None) -> Concern:
    if opening is None:
        return Concern((region_code,))
    return Concern((region_code,), restricted=opening.restricted, readers=tuple(opening.readers))
