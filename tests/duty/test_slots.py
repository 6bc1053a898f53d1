"""The shifts to be filled, on days when the clocks change."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from app.db import Tx
from app.duty.generation.commands import GenerationIn
from app.duty.generation.loading import load_problem
from app.duty.generation.rules.problem import Problem
from app.duty.store import posts
from tests.duty.county import TOWN_OFFICER, TOWNSHIP, Desk
from tests.world import STREAM

pytestmark = pytest.mark.database
CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize("hours", [24, 12, 8])
@pytest.mark.parametrize("first_day", [date(2025, 3, 1), date(2025, 11, 1)])
async def test_no_hour_is_lost_and_none_is_filled_twice_when_clocks_change(
    desk: Desk, first_day: date, hours: Literal[24, 12, 8]
) -> None:
    told = GenerationIn(month=f"{first_day:%Y-%m}", post_ids=[TOWNSHIP], shift_hours=hours)

    async def load(tx: Tx) -> Problem:
        return await load_problem(tx, await posts(tx, STREAM, STREAM, TOWNSHIP), first_day, told, CHICAGO)

    problem = await desk.world.do(load)
    slots = [slot for slot in problem.slots if slot.seat == str(TOWN_OFFICER)]
    assert all(one.end.timestamp() == other.start.timestamp() for one, other in pairwise(slots))
