"""Closed loops (闭环任务): what was found is assigned, put right, checked and closed."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.actions.whistle import open_of_whistle
from app.dispatch.commands import IncidentIn
from app.dispatch.facts import IncidentFact
from app.org.rules.access import require
from app.task import actions, store
from app.task.commands import LoopIn, TaskArrivalIn, TaskStepIn
from app.task.facts import TaskBoard, TaskDetail, TaskFact
from app.task.rules import OPEN, OVER, TaskKind

router = APIRouter(prefix="/api/tasks", tags=["tasks"], route_class=DeskRoute)


@router.get("")
async def board(
    by: By,
    tx: InTx,
    house: InHouse,
    kind: Annotated[TaskKind | None, Query()] = None,
    state: Annotated[Literal["open", "over"], Query()] = "open",
) -> TaskBoard:
    """Return the tasks of one's scope and the rate of each kind (销号率)."""
    require(by, "see_desk")
    states = OPEN if state == "open" else OVER
    return TaskBoard(
        tasks=await store.listed(tx, by, kind, states, None),
        counts=await store.counts(tx, by, house.clock.now()),
    )


@router.post("", status_code=201)
async def find(told: LoopIn, by: By, tx: InTx, house: InHouse) -> TaskFact:
    """Write down what was found and is to be put right."""
    return await actions.find(tx, by, told, house.clock.now())


@router.get("/{task_id}")
async def one(task_id: RowId, by: By, tx: InTx) -> TaskDetail:
    """Return a task with every step."""
    return await actions.detail(tx, by, task_id)


@router.post("/{task_id}/steps")
async def step(task_id: RowId, told: TaskStepIn, by: By, tx: InTx, house: InHouse) -> TaskFact:
    """Take the next step: assign, fix, check, return, close or drop."""
    return await actions.step(tx, by, task_id, told, house.clock.now())


@router.post("/{task_id}/arrivals")
async def arrive(task_id: RowId, told: TaskArrivalIn, by: By, tx: InTx, house: InHouse) -> TaskFact:
    """Write down that a department which a whistle calls reported on site (报到)."""
    return await actions.arrive(tx, by, task_id, told, house.clock.now())


@router.post("/{task_id}/incident", status_code=201)
async def convert(task_id: RowId, told: IncidentIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Open an incident of a whistle, which ends with it."""
    return await open_of_whistle(tx, by, task_id, told, house.clock.now(), house.settings.zone)
