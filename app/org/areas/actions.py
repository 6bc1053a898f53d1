"""Keep, amend and delete named areas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.journal import store as journal
from app.org.areas import store
from app.org.areas.events import AreaChanged
from app.org.areas.facts import AreaAmendIn, AreaFact, AreaIn
from app.org.areas.rules import Fault, fault_of, tidy, towns_of
from app.org.areas.tables import NamedArea
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.rules.rings import Point
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal

MOST = 300
_FAULTS: dict[Fault, tuple[str, str]] = {
    "no_area": ("请至少点出三个不在一条线上的点", "set at least three points that are not in one line"),
    "crosses": (
        "范围的边线相互交叉,请重新画",
        "the edges of the area cross each other: draw it anew",
    ),
    "elsewhere": (
        "范围离本县各村30公里以上,请在本县地图上画",
        "the area is more than 30 km from every village of the county: draw it on the county's ground",
    ),
}


class AreaNameTaken(Refusal):
    """Another area of the county is called so."""

    code = "area_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"已有名为“{name}”的区域,请换一个名称",
            f"there is an area called {name} already: choose another name",
        )


class AreaChangedMeanwhile(Refusal):
    """Somebody amended the area after it was read."""

    code = "area_changed_meanwhile"

    def __init__(self, row: NamedArea) -> None:
        super().__init__(
            f"{row.changed_by}已修改“{row.name}”(第{row.revision}版),请重新打开后再改",
            f"{row.changed_by} changed {row.name} meanwhile (revision {row.revision}): open it again",
        )


class AreaBeyondScope(Refusal):
    """An area reaches into places outside one's scope: it may be used, not changed."""

    code = "area_beyond_scope"

    def __init__(self) -> None:
        super().__init__(
            "该区域伸到您的辖区以外,请由县指挥中心画或修改",
            "the area reaches beyond your scope: ask the county's centre to draw or change it",
        )


class TooManyAreas(Refusal):
    """The county has as many areas as a list can show."""

    code = "too_many_areas"

    def __init__(self) -> None:
        super().__init__(
            f"已有{MOST}个区域,请先删除不用的", f"there are {MOST} areas: delete unused ones first"
        )


async def listed(tx: Tx, by: Viewer) -> list[AreaFact]:
    """Return the areas that touch one's scope, by name."""
    require(by, "see_desk")
    return await store.in_scope(tx, by.stream, by.scope)


async def draw(tx: Tx, by: Viewer, told: AreaIn, now: datetime) -> AreaFact:
    """Keep a drawn area. Raises InvalidInput, AreaNameTaken, AreaBeyondScope, TooManyAreas, NotPermitted."""
    require(by, "command")
    ring, towns = await _measured(tx, by, told)
    if await store.count(tx, by.stream) >= MOST:
        raise TooManyAreas
    row = NamedArea(
        stream=by.stream,
        name=told.name,
        kind=told.kind,
        note=told.note,
        ring=[list(at) for at in ring],
        towns=towns,
        changed_by=by.name,
        changed_at=now,
    )
    tx.add(row)
    return await _tell(tx, by, row, "area.drawn", now)


async def amend(tx: Tx, by: Viewer, area_id: int, told: AreaAmendIn, now: datetime) -> AreaFact:
    """Put an area in the place of what it was. Raises NotFound, AreaChangedMeanwhile, what `draw` does."""
    row = await _area_for(tx, by, area_id)
    if row.revision != told.revision:
        raise AreaChangedMeanwhile(row)
    before = list(row.towns)
    ring, towns = await _measured(tx, by, told)
    row.name, row.kind, row.note = told.name, told.kind, told.note
    row.ring, row.towns = [list(at) for at in ring], towns
    row.revision, row.changed_by, row.changed_at = row.revision + 1, by.name, now
    return await _tell(tx, by, row, "area.amended", now, before)


async def delete(tx: Tx, by: Viewer, area_id: int, now: datetime) -> None:
    """Delete an area; what was made with it stays. Raises NotFound, AreaBeyondScope."""
    row = await _area_for(tx, by, area_id)
    fact = AreaFact.model_validate(row)
    await store.forget(tx, row)
    await _journal(tx, by, AreaChanged(type="area.deleted", area=fact), fact.towns, now)


async def _area_for(tx: Tx, by: Viewer, area_id: int) -> NamedArea:
    require(by, "command")
    row = await store.locked(tx, by.stream, by.scope, area_id)
    if row is None:
        raise NotFound("该区域", "area")
    _require_own(by, row.towns)
    return row


async def _measured(tx: Tx, by: Viewer, told: AreaIn) -> tuple[list[Point], list[str]]:
    ring = tidy(told.ring)
    fault = fault_of(ring)
    towns = [] if fault else towns_of(ring, await store.villages(tx, by.stream))
    if fault or not towns:
        raise InvalidInput(FieldFault("ring", *_FAULTS[fault or "elsewhere"]))
    _require_own(by, towns)
    return ring, towns


def _require_own(by: Viewer, towns: Iterable[str]) -> None:
    if not all(by.covers(code) for code in towns):
        raise AreaBeyondScope


async def _tell(
    tx: Tx,
    by: Viewer,
    row: NamedArea,
    event_type: Literal["area.drawn", "area.amended"],
    now: datetime,
    before: Iterable[str] = (),
) -> AreaFact:
    name = row.name
    try:
        await tx.flush()
    except IntegrityError as error:
        if "area_name_is_unique" in str(error):
            raise AreaNameTaken(name) from error
        raise
    fact = AreaFact.model_validate(row)
    await _journal(tx, by, AreaChanged(type=event_type, area=fact), (*before, *fact.towns), now)
    return fact


async def _journal(tx: Tx, by: Viewer, event: AreaChanged, towns: Iterable[str], now: datetime) -> None:
    entry = journal.Entry(event, Concern(tuple(dict.fromkeys(towns))))
    await journal.append(tx, by.stream, now, [entry], actor(by))
