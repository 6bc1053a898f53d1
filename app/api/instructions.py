"""Leaders' instructions: written down, split into tasks, closed."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.instruction import actions, store
from app.dispatch.instruction.commands import InstructionCloseIn, InstructionIn, SplitIn
from app.dispatch.instruction.facts import InstructionFact
from app.org.rules.access import require

router = APIRouter(prefix="/api/instructions", tags=["orders"], route_class=DeskRoute)
MOST = 200


@router.get("")
async def instructions(by: By, tx: InTx, closed: bool = False) -> list[InstructionFact]:  # noqa: FBT001, FBT002
    """Return the open instructions of one's desk, the closed ones too if asked."""
    require(by, "see_desk")
    return await store.listed(tx, by, closed=closed, limit=MOST)


@router.post("", status_code=201)
async def capture(told: InstructionIn, by: By, tx: InTx, house: InHouse) -> InstructionFact:
    """Write down what a leader said or wrote, with the three times."""
    return await actions.capture(tx, by, told, house.clock.now())


@router.post("/{instruction_id}/split", status_code=201)
async def split(instruction_id: RowId, told: SplitIn, by: By, tx: InTx, house: InHouse) -> InstructionFact:
    """Split it into tasks that go out as a numbered order."""
    return await actions.split(tx, by, instruction_id, told, house.clock.now(), house.order_series)


@router.post("/{instruction_id}/close")
async def close(
    instruction_id: RowId, told: InstructionCloseIn, by: By, tx: InTx, house: InHouse
) -> InstructionFact:
    """Close it once all its tasks are accepted."""
    return await actions.close(tx, by, instruction_id, told, house.clock.now())
