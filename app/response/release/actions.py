"""A sector is drawn, values are measured, lifting is proposed, signed and done."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from app.db import Tx
from app.dispatch.actions.permission import concern_of, incident_for_command
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.journal import store as journal
from app.org.areas import actions as areas
from app.org.areas.facts import AreaIn
from app.org.rules.access import Viewer, actor, may_see, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.response.release import store
from app.response.release.commands import (
    ReleaseLiftIn,
    ReleaseLiftingIn,
    ReleaseReadingIn,
    ReleaseSectorIn,
    ReleaseSignatureIn,
)
from app.response.release.events import ReleaseChanged
from app.response.release.facts import (
    ReachedPlace,
    ReleaseBoard,
    ReleaseLiftingFact,
    ReleaseReadingFact,
    ReleaseSectorFact,
    ReleaseSeries,
)
from app.response.release.refusals import LiftingStands, NoLifting, NoPlaceOfRelease, NotAllSigned
from app.response.release.rules.lifting import lacking, normal_in_row, speaks_for_lifting
from app.response.release.rules.sector import Release, reached, ring
from app.response.release.tables import ReleaseLifting, ReleaseReading, ReleaseSector, ReleaseSignature

Told = Literal[
    "release.sector_drawn", "release.measured", "release.lifting_proposed", "release.signed", "release.lifted"
]


async def board(tx: Tx, by: Viewer, incident_id: int) -> ReleaseBoard:
    """Return the release of an incident one may see. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return await _board(tx, incident_id)


async def _board(tx: Tx, incident_id: int) -> ReleaseBoard:
    sector, series = await store.sector(tx, incident_id), await _series(tx, incident_id)
    lifting = await store.lifting(tx, incident_id)
    return ReleaseBoard(
        sector=None if sector is None else ReleaseSectorFact.model_validate(sector),
        series=series,
        lift_proposed=speaks_for_lifting({(one.point, one.substance): one.normal_in_row for one in series}),
        lifting=None if lifting is None else await _lifting(tx, lifting),
    )


async def _series(tx: Tx, incident_id: int) -> list[ReleaseSeries]:
    rows: dict[tuple[str, str, str], list[ReleaseReading]] = {}
    for row in await store.readings(tx, incident_id):
        rows.setdefault((row.point, row.substance, row.unit), []).append(row)
    return [
        ReleaseSeries(
            point=point,
            substance=substance,
            unit=unit,
            readings=[ReleaseReadingFact.model_validate(one) for one in found],
            normal_in_row=normal_in_row([(one.measured_at, one.value) for one in found], found[-1].normal_to),
        )
        for (point, substance, unit), found in rows.items()
    ]


async def _lifting(tx: Tx, row: ReleaseLifting) -> ReleaseLiftingFact:
    values: dict[str, Any] = {
        name: getattr(row, name) for name in ReleaseLiftingFact.model_fields if name != "signatures"
    }
    return ReleaseLiftingFact(**values, signatures=await store.signatures(tx, row.id or 0))


async def draw(tx: Tx, by: Viewer, incident_id: int, told: ReleaseSectorIn, now: datetime) -> ReleaseBoard:
    """Lay the sector on the map: which villages it reaches, and what is advised there.

    It becomes a named area that every map shows, unless the incident is need-to-know. Raises
    NoPlaceOfRelease, NotFound, NotPermitted, and what `areas.draw` does.
    """
    incident = await incident_for_command(tx, by, incident_id)
    lon, lat = (incident.lon, incident.lat) if told.lon is None or told.lat is None else (told.lon, told.lat)
    if lon is None or lat is None:
        raise NoPlaceOfRelease
    one = Release(
        lon, lat, told.wind_from_deg, told.wind_mps, told.isolate_m, told.evacuate_m, told.protect_m
    )
    known = {row.code: row for row in await store.villages(tx, by.stream)}
    places = [
        ReachedPlace(
            code=each.code,
            name=known[each.code].name_zh,
            name_en=known[each.code].name_en,
            away_m=round(each.away_m),
            bearing=round(each.bearing) % 360,
            advice=each.advice,
            population=known[each.code].population,
        )
        for each in reached(one, ((row.code, row.lon, row.lat) for row in known.values()))
    ]
    before = await store.sector(tx, incident_id)
    row = ReleaseSector(
        stream=by.stream,
        incident_id=incident_id,
        **told.model_dump(exclude={"lon", "lat"}),
        lon=lon,
        lat=lat,
        ring=[list(at) for at in ring(one)],
        places=[each.model_dump(mode="json") for each in places],
        drawn_by=by.name,
        drawn_at=now,
    )
    row.area_id = await _on_the_map(tx, by, incident, row, before, now)
    tx.add(row)
    near = sum(each.advice != "shelter" for each in places)
    zh = f"{told.substance}扩散扇形(粗略):{told.protect_m}米内{len(places)}村,其中撤离{near}村"
    en = (
        f"coarse sector of {told.substance}: {len(places)} villages in {told.protect_m} m, {near} to evacuate"
    )
    return await _tell(tx, by, incident, "release.sector_drawn", zh, en, now)


async def _on_the_map(
    tx: Tx, by: Viewer, incident: Incident, row: ReleaseSector, before: ReleaseSector | None, now: datetime
) -> int | None:
    """Put the sector among the named areas, in the place of the one before; return its number."""
    if incident.restricted or incident.readers:
        return None
    if before is not None and before.area_id is not None:
        known = {area.id for area in await areas.listed(tx, by)}
        if before.area_id in known:
            await areas.delete(tx, by, before.area_id, now)
    note = f"{row.substance},风速{row.wind_mps:g}m/s,{row.basis};粗略扇形,不是扩散模型"
    told = AreaIn(
        name=f"{incident.number}扩散扇形"[:40],
        kind="chemical",
        note=note[:200],
        ring=[(lon, lat) for lon, lat in row.ring],
    )
    return (await areas.draw(tx, by, told, now)).id


async def measure(
    tx: Tx, by: Viewer, incident_id: int, told: ReleaseReadingIn, now: datetime
) -> ReleaseBoard:
    """Write a measured value down. Raises NotFound, NotPermitted."""
    incident = await incident_for_command(tx, by, incident_id)
    tx.add(
        ReleaseReading(
            stream=by.stream,
            incident_id=incident_id,
            **told.model_dump(exclude={"measured_at"}),
            measured_at=min(told.measured_at or now, now),
            entered_by=by.name,
            entered_at=now,
        )
    )
    words = f"{told.point} {told.substance} {told.value:g} {told.unit}"
    normal = told.value <= told.normal_to
    zh = f"{words}{'(正常)' if normal else '(超限)'} · {told.source}"
    en = f"{words} ({'normal' if normal else 'above the limit'}) · {told.source}"
    return await _tell(tx, by, incident, "release.measured", zh, en, now)


async def propose(
    tx: Tx, by: Viewer, incident_id: int, told: ReleaseLiftingIn, now: datetime
) -> ReleaseBoard:
    """Propose to lift and ask departments to sign. Raises LiftingStands, InvalidInput, NotFound."""
    incident = await incident_for_command(tx, by, incident_id)
    open_ = await store.lifting(tx, incident_id)
    if open_ is not None and open_.lifted_at is None:
        raise LiftingStands
    units = list(dict.fromkeys(told.units))
    names = await store.known_units(tx, by.stream, units)
    if set(units) - set(names):
        raise InvalidInput(FieldFault("units", "没有这个单位", "no such unit"))
    row = ReleaseLifting(
        stream=by.stream, incident_id=incident_id, proposed_by=by.name, proposed_at=now, words=told.words
    )
    tx.add(row)
    await tx.flush()
    tx.add_all(ReleaseSignature(lifting_id=row.id or 0, unit_id=unit) for unit in units)
    called = [names[unit] for unit in units]
    zh, en = f"提请解除,会签:{'、'.join(called)}", f"lifting proposed, to be signed by {', '.join(called)}"
    return await _tell(tx, by, incident, "release.lifting_proposed", zh, en, now)


async def sign(tx: Tx, by: Viewer, incident_id: int, told: ReleaseSignatureIn, now: datetime) -> ReleaseBoard:
    """Write down that a department signs or objects; one that objected may sign later. Raises NoLifting …"""
    incident = await incident_for_command(tx, by, incident_id)
    lifting = await store.lifting(tx, incident_id, to_lock=True)
    row = None if lifting is None else await store.signature(tx, lifting.id or 0, told.unit_id)
    if lifting is None or lifting.lifted_at is not None or row is None or row.verdict == "signed":
        raise NoLifting
    row.verdict, row.name, row.words = told.verdict, told.name, told.words
    row.told_by, row.signed_at = by.name, now
    unit = (await store.known_units(tx, by.stream, [told.unit_id])).get(told.unit_id, "")
    good = told.verdict == "signed"
    zh = f"{unit}{told.name}{'同意解除' if good else '不同意解除:' + told.words}"
    en = f"{unit}, {told.name}: {'agrees to lift' if good else 'objects: ' + told.words}"
    return await _tell(tx, by, incident, "release.signed", zh, en, now)


async def lift(tx: Tx, by: Viewer, incident_id: int, told: ReleaseLiftIn, now: datetime) -> ReleaseBoard:
    """Lift: all signed, or the leader names the commander who overrules them and his reason.

    Raises NoLifting, NotAllSigned, NotFound, NotPermitted.
    """
    incident = await incident_for_command(tx, by, incident_id)
    row = await store.lifting(tx, incident_id, to_lock=True)
    if row is None or row.lifted_at is not None:
        raise NoLifting
    said = {one.unit_name: one.verdict for one in await store.signatures(tx, row.id or 0)}
    missing = lacking(said)
    if missing:
        if by.role != "centre_leader" or not told.commander or not told.reason:
            raise NotAllSigned("、".join(missing), ", ".join(missing))
        row.commander, row.reason = told.commander, told.reason
    row.lifted_by, row.lifted_at = by.name, now
    zh = (
        "全部会签,解除"
        if not missing
        else f"{told.commander}决定解除({'、'.join(missing)}未签):{told.reason}"
    )
    en = (
        "all signed: lifted"
        if not missing
        else f"lifted by {told.commander} over {', '.join(missing)}: {told.reason}"
    )
    return await _tell(tx, by, incident, "release.lifted", zh, en, now)


async def _tell(
    tx: Tx, by: Viewer, incident: Incident, type_: Told, zh: str, en: str, now: datetime
) -> ReleaseBoard:
    await tx.flush()
    event = ReleaseChanged(type=type_, incident_id=incident.id or 0, zh=zh, en=en)
    entry = journal.Entry(event, concern_of(incident), incident.id)
    told = await _board(tx, incident.id or 0)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return told
