"""Which desk a document is of, whom it concerns, and its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.db import Tx
from app.desk.documents.office import Office
from app.desk.documents.rules.kinds import Kind
from app.dispatch.secrecy import store as secrecies
from app.filing.rules.numbers import number_of, series_of
from app.filing.store.series import next_running
from app.org import store as org
from app.org.rules.access import Concern, Viewer


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk: its place, the name it signs with, and the short name its numbers begin with."""

    region_code: str
    unit: str
    short_name: str


async def desk_of(tx: Tx, by: Viewer, office: Office) -> Desk:
    """Return a person's desk: the centre, or a township in its own name."""
    region_code = by.scope.ljust(12, "0")
    if len(by.scope.rstrip("0")) > 6:
        region = await org.region(tx, region_code)
        name = region.name_zh if region else region_code
        return Desk(region_code, name, name)
    unit, _ = await org.centre_names(tx, by.stream)
    return Desk(region_code, unit, office.short_name)


async def next_number(tx: Tx, by: Viewer, kind: Kind, desk: Desk, office: Office, *, drill: bool) -> str:
    """Return the next number of a kind at a desk, held until commit."""
    year = office.now.astimezone(office.zone).year
    series = series_of(kind.key, desk.region_code, drill=drill)
    running = await next_running(tx, by.stream, series, year)
    pattern = office.library.shelves[kind.key].template.marks["文号"]
    return number_of(pattern, desk.short_name, year, running, drill=drill)


async def concern_of(tx: Tx, region_code: str, incident_ids: Sequence[int]) -> tuple[Concern, int | None]:
    """Return whom a document concerns, and its incident if it is of one alone.

    A document of several incidents says their names on the paper only, never in the log.
    """
    about = sorted(set(incident_ids))
    if len(about) != 1:
        return Concern((region_code,)), None
    secrecy = await secrecies.of_incident(tx, about[0])
    return Concern((region_code,), restricted=secrecy.restricted, readers=secrecy.readers), about[0]
