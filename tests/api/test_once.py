"""A command is carried out once, and no answer leaves before its commit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.api.desk import Desk, problem
from tests.world import EAST_BANK, OPEN_KIND, RIVER

pytestmark = pytest.mark.database
OPEN: dict[str, Any] = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "title": "落水"}


async def test_the_same_key_gives_the_same_answer_and_does_the_work_once(desk: Desk) -> None:
    first = await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key="k-1")
    second = await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key="k-1")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert await desk.world.types() == ["incident.opened"]


async def test_what_was_done_two_days_ago_is_forgotten_and_yesterdays_is_not(desk: Desk) -> None:
    for key, age in (("k-1", 60), ("k-2", 30)):
        await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key=key)
        older = f"UPDATE idempotency_record SET at = at - interval '{age} hours' WHERE key = :key"
        await desk.world.run(older, key=key)
    await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key="k-3")
    kept = await desk.world.rows("SELECT key FROM idempotency_record ORDER BY key")
    assert [row["key"] for row in kept] == ["k-2", "k-3"]


async def test_a_key_is_worth_nothing_to_another_account(desk: Desk) -> None:
    await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key="k-1")
    other = await desk.post("second", "/api/incidents", OPEN, Idempotency_Key="k-1")
    assert other.status_code == 201
    assert await desk.world.types() == ["incident.opened"] * 2


async def test_the_same_key_for_another_command_is_refused(desk: Desk) -> None:
    await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key="k-1")
    for path, told in (
        ("/api/incidents", {**OPEN, "title": "别的"}),
        ("/api/incidents/1/close", {"reason": "x"}),
    ):
        answer = await desk.post("officer", path, told, Idempotency_Key="k-1")
        problem(answer, 409, "idempotency_key_reused")


async def test_the_same_key_at_the_same_instant_does_the_work_once(desk: Desk) -> None:
    answers = await asyncio.gather(
        *(desk.post("officer", "/api/incidents", OPEN, Idempotency_Key="k-1") for _ in range(6))
    )
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.text for answer in answers}) == 1
    assert await desk.world.types() == ["incident.opened"]


async def test_a_refused_command_may_be_tried_again_with_its_key(desk: Desk) -> None:
    incident = await desk.world.incident()
    await desk.world.send(RIVER, incident.id)
    path = f"/api/incidents/{incident.id}/close"
    answer = await desk.post("officer", path, {"reason": "完"}, Idempotency_Key="k-2")
    problem(answer, 409, "teams_still_out")
    await desk.world.run("UPDATE assignment SET state = 'task_done'")
    answer = await desk.post("officer", path, {"reason": "完"}, Idempotency_Key="k-2")
    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 101])
async def test_a_key_has_one_to_a_hundred_characters(desk: Desk, key: str) -> None:
    answer = await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key=key)
    problem(answer, 422, "invalid_input")


async def test_without_a_key_two_commands_are_two(desk: Desk) -> None:
    for _ in range(2):
        await desk.post("officer", "/api/incidents", OPEN)
    assert await desk.world.types() == ["incident.opened"] * 2


async def test_a_commit_that_fails_is_never_answered_as_done(desk: Desk) -> None:
    """Architecture rule 2: the answer waits for the commit, here for one that the database refuses."""
    await desk.world.run(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
    )
    await desk.world.run(
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON incident DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION fail()"
    )
    try:
        with capture_logs() as logged:
            answer = await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key="k-3")
    finally:
        await desk.world.run("DROP FUNCTION fail CASCADE")
    document = problem(answer, 500, "internal_error")
    assert [line["event"] for line in logged] == ["request_failed"]
    assert "操作未生效" in document["zh"] and "disk" not in document["detail"]
    assert await desk.world.rows("SELECT id FROM incident") == []
    assert await desk.world.types() == []
    answer = await desk.post("officer", "/api/incidents", OPEN, Idempotency_Key="k-3")
    assert answer.status_code == 201
