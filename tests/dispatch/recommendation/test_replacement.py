"""A diverted team is replaced where it leaves: proposed before, sent with it, both or neither."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.desk import Desk, problem
from tests.world import HILL, LAKE, RIVER

pytestmark = pytest.mark.database


async def send(desk: Desk, incident: int, team: int, **order: Any) -> dict[str, Any]:
    answer = await desk.post("officer", f"/api/incidents/{incident}/assignments", {"team_id": team, **order})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def proposed(desk: Desk, assignment: int) -> dict[str, Any]:
    told: dict[str, Any] = await desk.read("officer", f"/api/assignments/{assignment}/replacement")
    return told


async def only(desk: Desk, *teams: int) -> None:
    """Leave these teams on standby and no other."""
    await desk.world.run("UPDATE team SET standby = false WHERE NOT id = ANY(:t)", t=list(teams))


async def test_the_best_who_brings_the_same_is_proposed_before_anything_is_sent(desk: Desk) -> None:
    left = await desk.world.incident()
    sent = await send(desk, left.id, RIVER)
    head = await desk.world.head()
    told = await proposed(desk, sent["id"])
    assert (told["incident_id"], told["team_name"], told["needed"]) == (left.id, "江河救援队", True)
    assert told["offer"]["team_id"] == HILL
    assert told["shortfall"] is None
    assert await desk.world.head() == head


async def test_team_and_replacement_are_sent_in_one_instant_and_each_names_the_other(desk: Desk) -> None:
    left = await desk.world.incident()
    first = await send(desk, left.id, RIVER)
    grave = await desk.world.incident(title="西岸落水")
    head = await desk.world.head()
    instead = {"team_id": LAKE, "text": "接替东镇队", "rank_when_assigned": 1}
    moved = await send(desk, grave.id, RIVER, divert_from=first["id"], replacement=instead)
    events = await desk.world.events(head)
    assert [e["type"] for e in events] == ["assignment.cancelled", *["assignment.dispatched"] * 2]
    gone, there, here = (event["assignment"] for event in events)
    assert (gone["id"], gone["diverted_to_id"]) == (first["id"], grave.id)
    assert (there["id"], there["diverted_from_id"], there["replaces_id"]) == (moved["id"], first["id"], None)
    assert (here["incident_id"], here["team_id"], here["replaces_id"]) == (left.id, LAKE, first["id"])
    assert (here["text"], here["rank_when_assigned"]) == ("接替东镇队", 1)
    waiting = await desk.world.rows(
        "SELECT DISTINCT assignment_id FROM delivery WHERE assignment_id = ANY(:ids)",
        ids=[there["id"], here["id"]],
    )
    assert {row["assignment_id"] for row in waiting} == {there["id"], here["id"]}  # both are told


async def test_when_the_replacement_cannot_go_nobody_is_moved(desk: Desk) -> None:
    left = await desk.world.incident()
    first = await send(desk, left.id, RIVER)
    other = await desk.world.incident(title="北山滑坡")
    await send(desk, other.id, LAKE)
    grave = await desk.world.incident(title="西岸落水")
    head = await desk.world.head()
    order = {"team_id": RIVER, "divert_from": first["id"], "replacement": {"team_id": LAKE}}
    problem(
        await desk.post("officer", f"/api/incidents/{grave.id}/assignments", order), 409, "already_committed"
    )
    assert await desk.world.head() == head
    states = await desk.world.rows("SELECT state FROM assignment WHERE team_id = :t", t=RIVER)
    assert [row["state"] for row in states] == ["dispatched"]


async def test_a_team_that_has_left_its_task_needs_no_replacement_and_the_desk_looks_again(
    desk: Desk,
) -> None:
    left = await desk.world.incident()
    first = await send(desk, left.id, RIVER)
    cancel = {"step": "cancel", "reason": "误派"}
    await desk.post("officer", f"/api/assignments/{first['id']}/steps", cancel)
    grave = await desk.world.incident(title="西岸落水")
    order = {"team_id": RIVER, "divert_from": first["id"], "replacement": {"team_id": LAKE}}
    refused = await desk.post("officer", f"/api/incidents/{grave.id}/assignments", order)
    assert refused.status_code == 422
    assert "无需补派" in refused.text


async def test_nobody_to_replace_it_is_said_with_what_holds_the_others(desk: Desk) -> None:
    left = await desk.world.incident()
    first = await send(desk, left.id, RIVER)
    await only(desk, RIVER)
    told = await proposed(desk, first["id"])
    assert (told["needed"], told["offer"]) == (True, None)
    assert told["shortfall"]["code"] == "no_replacement"
    assert "不在备勤" in told["shortfall"]["zh"]


async def test_where_enough_stays_nobody_needs_to_go(desk: Desk) -> None:
    left = await desk.world.incident()
    first = await send(desk, left.id, RIVER)
    for team in (HILL, LAKE):
        await send(desk, left.id, team)
    told = await proposed(desk, first["id"])
    assert told["needed"] is False


async def test_what_a_team_leaves_is_told_only_to_who_commands_it(desk: Desk) -> None:
    left = await desk.world.incident()
    first = await send(desk, left.id, RIVER)
    problem(await desk.get("crew", f"/api/assignments/{first['id']}/replacement"), 403, "not_permitted")
