"""Who is out of contact, by which means each unit answers, and the task to restore contact."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.contact.actions import restoring
from app.dispatch.contact.commands import ContactAttemptIn, ContactCloseIn
from app.dispatch.contact.facts import ContactBoard, ContactTaskFact

router = APIRouter(prefix="/api/contact", tags=["dark"], route_class=DeskRoute)


@router.get("")
async def board(by: By, tx: InTx, house: InHouse) -> ContactBoard:
    """Return the watched units of one's scope, those out of contact first."""
    return await restoring.board(tx, by, house.contact, house.clock.now())


@router.get("/tasks")
async def tasks(by: By, tx: InTx, house: InHouse) -> list[ContactTaskFact]:
    """Return the open tasks to restore contact, and those closed in the last twelve hours."""
    return await restoring.listed(tx, by, house.contact, house.clock.now())


@router.post("/tasks/{task_id}/owner")
async def take(task_id: RowId, by: By, tx: InTx, house: InHouse) -> ContactTaskFact:
    """Take a task over."""
    return await restoring.take(tx, by, task_id, house.contact, house.clock.now())


@router.post("/tasks/{task_id}/attempts", status_code=201)
async def attempt(
    task_id: RowId, told: ContactAttemptIn, by: By, tx: InTx, house: InHouse
) -> ContactTaskFact:
    """Write down a try by a means, and what came of it."""
    return await restoring.attempt(tx, by, task_id, told, house.contact, house.clock.now())


@router.post("/tasks/{task_id}/close")
async def close(task_id: RowId, told: ContactCloseIn, by: By, tx: InTx, house: InHouse) -> ContactTaskFact:
    """Close a task by one's own word, with why."""
    return await restoring.close(tx, by, task_id, told, house.contact, house.clock.now())
