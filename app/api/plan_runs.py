"""Action cards for a cause: proposed, approved (all tasks go out in one action), tracked, ended."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.api.causes import must_be_drill
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.db import Tx
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.response.plan.actions import running
from app.response.plan.commands import PlanDecideIn, PlanEndIn, PlanRunIn
from app.response.plan.facts import PlanRunDetail, PlanRunFact
from app.response.plan.store import runs

router = APIRouter(prefix="/api/plan-runs", tags=["plans"], route_class=DeskRoute)
MOST = 100
_STATES = {"open": ("proposed", "running"), "over": ("refused", "ended")}


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    state: Annotated[Literal["open", "over", "all"], Query()] = "open",
    incident_id: RowId | None = None,
) -> list[PlanRunFact]:
    """Return cards that were proposed or are in force, the latest first, 100 at most."""
    require(by, "see_desk")
    states = _STATES.get(state, ("proposed", "running", "refused", "ended"))
    return await runs.listed(tx, by, states, incident_id, MOST)


@router.post("", status_code=201)
async def propose(told: PlanRunIn, by: By, tx: InTx, house: InHouse) -> PlanRunFact:
    """Propose a card for a cause."""
    await must_be_drill(tx, by, told.cause_kind, told.cause_id, drill=told.drill)
    return await running.propose(tx, by, told, house.clock.now())


@router.get("/{run_id}")
async def one(run_id: RowId, by: By, tx: InTx) -> PlanRunDetail:
    """Return a card with its tasks and their receipts, counted."""
    require(by, "see_desk")
    return await detail(tx, by, run_id)


@router.post("/{run_id}/decision")
async def decide(run_id: RowId, told: PlanDecideIn, by: By, tx: InTx, house: InHouse) -> PlanRunDetail:
    """Approve it, by a leader or on his oral consent: all its tasks go out; or refuse it. Twice is once."""
    await running.decide(tx, by, run_id, told, house.clock.now(), house.order_series)
    return await detail(tx, by, run_id)


@router.post("/{run_id}/end")
async def end(run_id: RowId, told: PlanEndIn, by: By, tx: InTx, house: InHouse) -> PlanRunDetail:
    """End it: what may stop is withdrawn and told, the rest is finished."""
    await running.end(tx, by, run_id, told, house.clock.now(), house.order_series)
    return await detail(tx, by, run_id)


async def detail(tx: Tx, by: Viewer, run_id: int) -> PlanRunDetail:
    """Return a card with its tasks, of those a reader may see. Raises NotFound."""
    found = await runs.seen(tx, by, run_id)
    if found is None:
        raise NotFound("该次启动", "card in force")
    tasks = await runs.tasks(tx, by, found)
    told = [one for task in tasks if task.withdrawn_at is None for one in task.receipts]
    return PlanRunDetail(
        **found.model_dump(),
        tasks=tasks,
        receipts=len(told),
        acknowledged=sum(one.acknowledged_at is not None for one in told),
        reported=sum(one.state in ("reported", "closed") for one in told),
        closed=sum(one.state == "closed" for one in told),
        unresolved=sum(task.order_id is None for task in tasks if task.withdrawn_at is None),
    )
