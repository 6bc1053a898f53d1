"""The tree of units, and what a unit can be."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.org.actions import units as actions
from app.org.commands import UnitIn, UnitKindIn, UnitPatch
from app.org.facts import UnitFact, UnitKindFact
from app.org.rules.access import Viewer
from app.org.store import units
from app.refusals import NotPermitted

router = APIRouter(prefix="/api/units", tags=["people"], route_class=DeskRoute)
Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def may_look(by: Viewer) -> None:
    """Raise NotPermitted unless the role reads the registers of units and people."""
    if not (by.may("see_desk") or by.may("manage_devices")):
        raise NotPermitted


@router.get("")
async def listed(by: By, tx: InTx) -> list[UnitFact]:
    """Return the units of the scope: superiors, people in service, whether these are enough."""
    may_look(by)
    return await units.in_scope(tx, by.stream, by.scope)


@router.get("/kinds")
async def kinds(by: By, tx: InTx) -> list[UnitKindFact]:
    """Return the kinds of unit."""
    may_look(by)
    return await units.kinds(tx)


@router.put("/kinds/{code}")
async def set_kind(code: Code, told: UnitKindIn, by: By, tx: InTx, house: InHouse) -> UnitKindFact:
    """Say what a kind is called and how many posts it needs, how many of them full-time."""
    return await actions.set_kind(tx, by, code, told, house.clock.now())


@router.post("", status_code=201)
async def register(told: UnitIn, by: By, tx: InTx, house: InHouse) -> UnitFact:
    """Enter a unit below one or two superiors."""
    return await actions.register(tx, by, told, house.clock.now())


@router.patch("/{unit_id}")
async def amend(unit_id: RowId, told: UnitPatch, by: By, tx: InTx, house: InHouse) -> UnitFact:
    """Change the fields that are named. A circle of superiors is refused with the units in it."""
    return await actions.amend(tx, by, unit_id, told, house.clock.now())


@router.post("/{unit_id}/deactivate")
async def deactivate(unit_id: RowId, by: By, tx: InTx, house: InHouse) -> UnitFact:
    """Take a unit out of service that has neither units below it nor people in service."""
    return await actions.deactivate(tx, by, unit_id, house.clock.now())
