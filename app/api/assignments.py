"""Assignments, receipts, standby, and what the field phone says of itself."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.delivery.facts import DeliveryFact
from app.dispatch.actions import answer, climb, phone, standby, undo, watch
from app.dispatch.assignment_facts import AssignmentFact, AssignmentStepFact
from app.dispatch.commands import (
    FieldWordsIn,
    HelpIn,
    PositionIn,
    ReasonIn,
    RungIn,
    StandbyIn,
    StepIn,
    TeamSignIn,
    UndoIn,
)
from app.dispatch.facts import AlarmFact, TeamFact, TextFact
from app.dispatch.ladder.facts import LadderOut

router = APIRouter(prefix="/api", tags=["assignments"], route_class=DeskRoute)


@router.post("/assignments/{assignment_id}/steps")
async def step(assignment_id: RowId, told: StepIn, by: By, tx: InTx, house: InHouse) -> AssignmentFact:
    """Take one step: the team itself, or the desk on its behalf with channel and reason."""
    return await answer.step(tx, by, assignment_id, told, house.clock.now(), house.dispatch)


@router.get("/assignments/{assignment_id}/steps")
async def steps(assignment_id: RowId, by: By, tx: InTx) -> list[AssignmentStepFact]:
    """Return every step as it was told, with three times, channel and who; those taken back too."""
    return await climb.steps_of(tx, by, assignment_id)


@router.post("/assignments/{assignment_id}/undo")
async def take_back(assignment_id: RowId, told: UndoIn, by: By, tx: InTx, house: InHouse) -> AssignmentFact:
    """Take the last step back: who tapped it within some minutes, the desk with a reason."""
    return await undo.undo(tx, by, assignment_id, told.reason, house.clock.now(), house.dispatch)


@router.post("/assignments/{assignment_id}/keep")
async def keep(assignment_id: RowId, told: TeamSignIn, by: By, tx: InTx, house: InHouse) -> AssignmentFact:
    """Note that a team that acknowledged and has not departed still comes."""
    return await watch.keep(tx, by, assignment_id, told.channel, house.clock.now())


@router.post("/assignments/{assignment_id}/safety")
async def safe(assignment_id: RowId, told: TeamSignIn, by: By, tx: InTx, house: InHouse) -> AssignmentFact:
    """Note that everybody of a team on scene is safe: its clock begins anew."""
    return await watch.confirm_safe(tx, by, assignment_id, told.channel, house.clock.now())


@router.post("/assignments/{assignment_id}/words", status_code=201)
async def words(assignment_id: RowId, told: FieldWordsIn, by: By, tx: InTx, house: InHouse) -> TextFact:
    """Take in what a team writes from the scene; it stands in the incident's log."""
    return await phone.say(tx, by, assignment_id, told, house.clock.now())


@router.get("/assignments/{assignment_id}/ladder")
async def ladder(assignment_id: RowId, by: By, tx: InTx, house: InHouse) -> LadderOut:
    """Return where the order stands on its ladder, and whom to call under which numbers."""
    return await climb.ladder_of(tx, by, assignment_id, house.dispatch.ladder)


@router.post("/assignments/{assignment_id}/ladder/rung")
async def go_to_rung(assignment_id: RowId, told: RungIn, by: By, tx: InTx, house: InHouse) -> AssignmentFact:
    """Take a chosen rung at once, with a reason."""
    return await climb.go_to_rung(tx, by, assignment_id, told, house.clock.now(), house.dispatch.ladder)


@router.post("/assignments/{assignment_id}/ladder/stop")
async def stop_ladder(
    assignment_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse
) -> AssignmentFact:
    """Stop asking further people for an order nobody answers, with a reason."""
    return await climb.stop(tx, by, assignment_id, told.reason, house.clock.now())


@router.post("/deliveries/{delivery_id}/receipt")
async def receipt(delivery_id: RowId, by: By, tx: InTx, house: InHouse) -> DeliveryFact:
    """Note that the field app has shown the message and rung."""
    return await standby.receipt(tx, by, delivery_id, house.clock.now())


@router.post("/teams/{team_id}/standby")
async def set_standby(team_id: RowId, told: StandbyIn, by: By, tx: InTx, house: InHouse) -> TeamFact:
    """Put a team on or off standby."""
    return await standby.set_standby(tx, by, team_id, told.standby, house.clock.now())


@router.post("/positions", status_code=202)
async def position(told: PositionIn, by: By, tx: InTx, house: InHouse) -> None:
    """Take in a field phone's own position (telemetry: never in the journal)."""
    await phone.hear_position(tx, by, told, house.clock.now())


@router.post("/sos", status_code=201)
async def sos(told: HelpIn, by: By, tx: InTx, house: InHouse) -> AlarmFact:
    """Take in a call for help from a field phone: the alarm sounds on every desk."""
    return await phone.call_for_help(tx, by, told, house.clock.now())
