"""Everything that can happen to checklists, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from app.db import Tx
from app.duty.checklist import actions
from app.duty.checklist.commands import ChecklistEvidenceIn, ChecklistRevocationIn
from app.duty.checklist.settings import load_checklists
from tests.world import EAST, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def checklist_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of checklists."""
    lists, by, now = load_checklists(), world.people["east"], world.clock.now()
    told = ChecklistEvidenceIn(item="eight.plans", note="预案已备案")
    given = await do(lambda tx: actions.give(tx, by, EAST, told, lists, now, date(2025, 6, 18)))
    why = ChecklistRevocationIn(reason="预案已废止")
    await do(lambda tx: actions.revoke(tx, by, given.id, why, lists, now))
