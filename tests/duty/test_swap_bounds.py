"""Swaps at their edges: a return lies ahead, at this desk; a shift passed to and fro is refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.desk import Desk as Api
from tests.api.desk import problem
from tests.duty.county import INTAKE, TOWN_OFFICER, TOWNSHIP, Desk, cell

pytestmark = pytest.mark.database
SWAPS = "/api/duty/swaps"


async def shift_of(desk: Desk, person: int) -> int:
    query = "SELECT id FROM shift WHERE person_id = :p AND state = 'planned'"
    (row, *_) = await desk.world.rows(query, p=person)
    return int(row["id"])


async def plan(desk: Desk) -> None:
    await desk.world.run("UPDATE login_session SET expires_at = '2026-01-01'")
    await desk.publish(
        [cell(INTAKE, 102, "07-03 08:00"), cell(INTAKE, 103, "07-01 08:00"), cell(INTAKE, 104, "07-06 08:00")]
    )
    await desk.publish([cell(TOWN_OFFICER, 201, "07-05 08:00")], post=TOWNSHIP)


async def ask(api: Api, desk: Desk, person: int, **told: Any) -> Any:
    return await api.post(
        "lead", SWAPS, {"shift_id": await shift_of(desk, person), "reason": "家中有事", **told}
    )


async def test_a_return_that_does_not_exist_or_is_of_another_desk_is_refused_in_words(
    desk: Desk, api: Api
) -> None:
    await plan(desk)
    for back in (99_999, await shift_of(desk, 201)):
        problem(await ask(api, desk, 102, return_shift_id=back), 422, "invalid_input")
    own = await ask(api, desk, 102, return_shift_id=await shift_of(desk, 102))
    problem(own, 409, "swap_with_oneself")


async def test_a_shift_that_has_begun_is_nothing_to_give_in_return(desk: Desk, api: Api) -> None:
    await plan(desk)
    back = await shift_of(desk, 103)
    offered = await ask(api, desk, 102, return_shift_id=back)
    assert offered.status_code == 201, offered.text
    desk.at("07-01 12:00")
    taken = await api.post("lead", f"{SWAPS}/{offered.json()['id']}/take", {"person_id": 103})
    problem(taken, 409, "swap_over")
    problem(await ask(api, desk, 104, return_shift_id=back), 409, "swap_too_late")


async def test_a_shift_that_goes_to_and_fro_and_to_again_is_refused_in_words(desk: Desk, api: Api) -> None:
    await plan(desk)

    async def give(giver: int, taker: int) -> Any:
        offered = await ask(api, desk, giver, taker_id=taker)
        path = f"{SWAPS}/{offered.json()['id']}"
        assert (await api.post("lead", f"{path}/take", {"person_id": taker})).status_code == 200
        return await api.post("leader", f"{path}/decision", {"approved": True})

    assert (await give(102, 110)).status_code == 200
    assert (await give(110, 102)).status_code == 200
    problem(await give(102, 110), 409, "change_overlaps")


async def test_a_planner_does_not_undo_half_of_an_exchange_that_a_leader_approved(
    desk: Desk, api: Api
) -> None:
    await plan(desk)
    back = await shift_of(desk, 104)
    offered = await ask(api, desk, 102, taker_id=104, return_shift_id=back)
    path = f"{SWAPS}/{offered.json()['id']}"
    assert (await api.post("lead", f"{path}/take", {"person_id": 104})).status_code == 200
    assert (await api.post("leader", f"{path}/decision", {"approved": True})).status_code == 200
    (half, *_) = await desk.world.rows("SELECT id FROM roster_override WHERE swap_id IS NOT NULL")
    undo = await api.ask("lead", "DELETE", f"/api/duty/posts/1/overrides/{half['id']}")
    problem(undo, 409, "made_by_swap")
    assert (await api.post("leader", f"{path}/revocation")).status_code == 200
