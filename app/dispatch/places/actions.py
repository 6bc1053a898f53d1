"""Say where an incident is: by its point, a road and kilometre, or direction and distance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.delivery import store as deliveries
from app.dispatch.actions.incidents import StaleVersion, known_region
from app.dispatch.actions.permission import concern_of, incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned
from app.dispatch.facts import IncidentFact, PlaceFact
from app.dispatch.places.commands import PlaceIn
from app.dispatch.places.rules import MILESTONE_UNCERTAINTY_M, Bearing, Milestone, offset, read_place
from app.dispatch.rules.steps import IllegalStep
from app.org import store as org
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput

VILLAGE_UNCERTAINTY_M = 1500.0  # of a village's centre that stands for a point in it


@dataclass(frozen=True, slots=True)
class _Point:
    lon: float
    lat: float
    uncertainty_m: float | None


async def locate(tx: Tx, by: Viewer, incident_id: int, told: PlaceIn, now: datetime) -> IncidentFact:
    """Set the place. One beyond the county is taken with a mark and a proposal to hand it off.

    Raises StaleVersion, InvalidInput, NotFound, NotPermitted.
    """
    incident = await incident_for_command(tx, by, incident_id)
    if incident.version != told.version:
        raise StaleVersion
    if incident.state != "open":
        raise IllegalStep(incident.state, "amend")
    if told.outside and not told.neighbour:
        raise InvalidInput(FieldFault("neighbour", "请写明属于哪个县(市、区)", "say which county it lies in"))
    before = concern_of(incident)
    region = told.region_code or incident.region_code
    await known_region(tx, by, region)
    said = read_place(told.words)
    point = await _point(tx, by, region, told, said)
    incident.region_code = region
    if region not in incident.concern_regions:
        incident.concern_regions = [*incident.concern_regions, region]
    if point is not None:
        incident.lon, incident.lat = point.lon, point.lat
    fact = _fact(told, said, point)
    incident.place = fact.model_dump(mode="json")
    if said is not None or told.words:
        incident.address = fact.text
    incident.version += 1
    assert incident.id is not None
    if concern_of(incident) != before:
        await deliveries.concern(tx, concern_of(incident), incident_id=incident.id)
    return await tell_learned(tx, by, incident, [_words(fact)], now)


async def _point(
    tx: Tx, by: Viewer, region_code: str, told: PlaceIn, said: Milestone | Bearing | None
) -> _Point | None:
    """Return the point: the one told, else what direction and distance give, None if nobody can know."""
    if told.lon is not None and told.lat is not None:
        return _Point(told.lon, told.lat, told.uncertainty_m)
    if not isinstance(said, Bearing):
        return None
    if told.known_lon is not None and told.known_lat is not None:
        lon, lat = offset(told.known_lon, told.known_lat, said)
        return _Point(lon, lat, told.uncertainty_m or said.uncertainty_m)
    known = await _village_of(tx, by, region_code, said.known_point)
    if known is None:
        return None
    lon, lat = offset(known.lon, known.lat, said)
    return _Point(lon, lat, told.uncertainty_m or VILLAGE_UNCERTAINTY_M + said.uncertainty_m)


async def _village_of(tx: Tx, by: Viewer, region_code: str, point: str) -> _Point | None:
    """Return the centre of the village a known point is named after: 东岸村小学 stands in 东岸村.

    Of several villages of that name the one of the incident's own township is meant.
    """
    named = [row for row in await org.regions_of(tx, by.stream) if point.startswith(row.name)]
    here = [row for row in named if row.code.startswith(region_code[:9])] or named
    if not here:
        return None
    best = max(here, key=lambda row: (len(row.name), row.code))
    return _Point(best.lon, best.lat, None)


def _fact(told: PlaceIn, said: Milestone | Bearing | None, point: _Point | None) -> PlaceFact:
    uncertain = point.uncertainty_m if point else None
    more: dict[str, object] = {}
    if isinstance(said, Milestone):
        more = {"road": said.road, "metre": said.metre}
        uncertain = told.uncertainty_m or uncertain or MILESTONE_UNCERTAINTY_M
    elif isinstance(said, Bearing):
        more = {
            "known_point": said.known_point,
            "direction": said.direction,
            "distance_m": said.distance_m,
        }
    return PlaceFact(
        kind="road" if isinstance(said, Milestone) else "bearing" if said else "point" if point else "words",
        text=said.text if said else told.words,
        uncertainty_m=uncertain if uncertain is not None else told.uncertainty_m,
        on_map=point is not None,
        outside=told.outside,
        neighbour=told.neighbour if told.outside else "",
        **more,
    )


def _words(fact: PlaceFact) -> Learned:
    about = f",误差约{fact.uncertainty_m:.0f}米" if fact.uncertainty_m else ""
    about_en = f", within {fact.uncertainty_m:.0f} m" if fact.uncertainty_m else ""
    zh, en = f"{fact.text or '地图标点'}{about}", f"{fact.text or 'a point on the map'}{about_en}"
    if fact.outside:
        zh += f";在县外({fact.neighbour}),建议转交"
        en += f"; outside the county ({fact.neighbour}): hand it off"
    return Learned("incident.located", zh, en)
