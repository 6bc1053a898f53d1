"""Everybody comes back at once: a picture is taken once for all who see the same, and is nobody else's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app import personal
from app.api.shapes import SnapshotOut, me_of
from app.db import Database
from app.desk import snapshot
from tests.api.desk import Desk
from tests.api.test_need_to_know import TITLE, hide

pytestmark = pytest.mark.database
EVERYBODY = ("leader", "lead", "officer", "second", "east", "west", "crew", "boatman", "auditor", "admin")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are asked while the block lasts."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_five_hundred_screens_cost_a_few_statements_and_are_told_what_each_alone_would_be(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.house.pictures, "_fresh_s", 600)  # however slow this machine is
    await hide(desk)  # need-to-know for the lead and the west
    with counted(desk.world.database) as asked:
        answers = await asyncio.gather(*(desk.get(who, "/api/snapshot") for who in EVERYBODY * 50))
    house = desk.house
    assert {answer.status_code for answer in answers} == {200}
    assert house.pictures.built <= len(EVERYBODY)
    assert len(asked) < 150  # of each alone they were eight, 4,000 in all
    for at, who in enumerate(EVERYBODY):
        told = {answer.text for answer in answers[at :: len(EVERYBODY)]}
        assert len(told) == 1
        by = desk.world.people[who]
        async with desk.world.database.snapshot() as tx:
            alone = (await snapshot.take(tx, by))[1:]
        seen = json.loads(told.pop())
        assert SnapshotOut.model_validate(seen).positions == alone[1]
        told_alone = json.loads(alone[0].model_dump_json())
        if not by.may("see_personal"):
            told_alone = personal.veiled(told_alone)
        assert {name: seen[name] for name in told_alone} == told_alone
        assert seen["me"] == json.loads(me_of(by, house.settings.zone).model_dump_json())
        assert (TITLE in json.dumps(seen, ensure_ascii=False)) is (who in ("lead", "west"))


async def test_a_picture_is_taken_anew_after_every_event_and_when_it_is_a_second_old(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.house.pictures, "_fresh_s", 600)
    first = await desk.read("officer", "/api/snapshot")
    await desk.world.incident()
    second = await desk.read("officer", "/api/snapshot")
    assert len(second["incidents"]) == len(first["incidents"]) + 1 and second["seq"] > first["seq"]
    assert desk.house.pictures.built == 2
    assert (await desk.read("second", "/api/snapshot"))["seq"] == second["seq"]
    assert desk.house.pictures.built == 2  # another person of the same audience
    monkeypatch.setattr(desk.house.pictures, "_fresh_s", 0)
    await desk.read("officer", "/api/snapshot")
    assert desk.house.pictures.built == 3
