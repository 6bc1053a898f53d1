"""Command bodies: the register, and who commands an incident."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.command_body.actions import command as actions
from app.dispatch.command_body.actions import register
from app.dispatch.command_body.commands import (
    ActivateIn,
    CommandBodyAmendIn,
    CommandBodyIn,
    HandOverCommandIn,
    StandDownIn,
)
from app.dispatch.command_body.facts import CommandActivationFact, CommandBodyFact, CommandOfIncident

router = APIRouter(prefix="/api", tags=["incidents"], route_class=DeskRoute)


@router.get("/command-bodies")
async def command_bodies(by: By, tx: InTx) -> list[CommandBodyFact]:
    """Return the register of headquarters."""
    return await register.listed(tx, by)


@router.post("/command-bodies", status_code=201)
async def register_body(told: CommandBodyIn, by: By, tx: InTx, house: InHouse) -> CommandBodyFact:
    """Enter a headquarters with its hazards, posts and member units."""
    return await register.register(tx, by, told, house.clock.now())


@router.put("/command-bodies/{body_id}")
async def amend_body(
    body_id: RowId, told: CommandBodyAmendIn, by: By, tx: InTx, house: InHouse
) -> CommandBodyFact:
    """Set a headquarters anew."""
    return await register.amend(tx, by, body_id, told, house.clock.now())


@router.delete("/command-bodies/{body_id}")
async def retire_body(body_id: RowId, by: By, tx: InTx, house: InHouse) -> CommandBodyFact:
    """Take a headquarters out of the register."""
    return await register.retire(tx, by, body_id, house.clock.now())


@router.get("/incidents/{incident_id}/command")
async def command(incident_id: RowId, by: By, tx: InTx) -> CommandOfIncident:
    """Return who commands the incident, who did, and which headquarters fit it."""
    return await actions.of_incident(tx, by, incident_id)


@router.post("/incidents/{incident_id}/command", status_code=201)
async def activate(
    incident_id: RowId, told: ActivateIn, by: By, tx: InTx, house: InHouse
) -> CommandActivationFact:
    """Let a headquarters command the incident; its members get a notice."""
    return await actions.activate(tx, by, incident_id, told, house.clock.now())


@router.post("/commands/{activation_id}/hand-over")
async def hand_over_command(
    activation_id: RowId, told: HandOverCommandIn, by: By, tx: InTx, house: InHouse
) -> CommandActivationFact:
    """Let somebody else hold a post from an instant on."""
    return await actions.hand_over(tx, by, activation_id, told, house.clock.now())


@router.post("/commands/{activation_id}/stand-down")
async def stand_down(
    activation_id: RowId, told: StandDownIn, by: By, tx: InTx, house: InHouse
) -> CommandActivationFact:
    """Let a headquarters command no longer."""
    return await actions.stand_down(tx, by, activation_id, told, house.clock.now())
