"""A row that is locked by the short road is the object SQLAlchemy would have read."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import inspect
from sqlmodel import SQLModel, col, select

from app.db import Tx, sql
from app.dispatch.store import assignments, incidents, teams
from app.dispatch.tables import Assignment, Incident
from app.org.tables import Team
from app.read_row import read_row
from tests.world import RIVER, STREAM, World

pytestmark = pytest.mark.database
BY_ID = "SELECT * FROM incident WHERE id = :id FOR UPDATE"


async def by_sqlalchemy(world: World, kind: type[SQLModel], row_id: int) -> SQLModel:
    async with world.database.transaction() as tx:
        row: SQLModel = (await tx.execute(select(kind).where(col(kind.id) == row_id))).scalar_one()  # type: ignore[attr-defined]
        return row


async def test_incident_assignment_and_team_are_read_as_sqlalchemy_reads_them(world: World) -> None:
    incident = await world.incident()
    sent = await world.send(RIVER, incident.id)
    async with world.database.transaction() as tx:
        read = (
            await incidents.locked(tx, STREAM, incident.id),
            await assignments.locked(tx, STREAM, sent.id),
            await teams.locked(tx, STREAM, RIVER),
        )
        assert all(inspect(row).persistent for row in read)
    kinds: tuple[tuple[type[SQLModel], int], ...] = (
        (Incident, incident.id),
        (Assignment, sent.id),
        (Team, RIVER),
    )
    for row, (kind, row_id) in zip(read, kinds, strict=True):
        assert row is not None
        assert row.model_dump() == (await by_sqlalchemy(world, kind, row_id)).model_dump()


async def test_what_is_changed_in_it_is_written(world: World) -> None:
    incident = await world.incident()
    async with world.database.transaction() as tx:
        row = await incidents.locked(tx, STREAM, incident.id)
        assert row is not None
        row.title, row.concern_teams = "改", [*row.concern_teams, 7]
    (told,) = await world.rows("SELECT title, concern_teams FROM incident")
    assert (told["title"], told["concern_teams"]) == ("改", [7])


async def test_an_object_that_the_session_has_is_brought_up_to_date_and_stays_the_same(world: World) -> None:
    incident = await world.incident()
    async with world.database.transaction() as tx:
        before = await tx.get(Incident, incident.id)
        await world.run("UPDATE incident SET title = '别处改了' WHERE id = :id", id=incident.id)
        after = await incidents.locked(tx, STREAM, incident.id)
        assert after is before
        assert after is not None
        assert after.title == "别处改了"
        assert not tx.dirty


async def test_what_was_changed_before_is_written_before_it_is_read(world: World) -> None:
    incident = await world.incident()
    async with world.database.transaction() as tx:
        row = await tx.get(Incident, incident.id)
        assert row is not None
        row.title = "先改"
        again = await incidents.locked(tx, STREAM, incident.id)
        assert again is row
        assert row.title == "先改"


async def test_who_waited_for_the_lock_reads_what_the_other_wrote(world: World) -> None:
    incident = await world.incident()
    held, waits = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with world.database.transaction() as tx:
            row = await incidents.locked(tx, STREAM, incident.id)
            assert row is not None
            held.set()
            await waits.wait()
            row.title = "先到"

    async def second() -> str:
        await held.wait()
        async with world.database.transaction() as tx:
            asyncio.get_running_loop().call_later(0.05, waits.set)
            row = await incidents.locked(tx, STREAM, incident.id)
            assert row is not None
            return row.title

    _, title = await asyncio.gather(first(), second())
    assert title == "先到"


async def test_a_column_that_a_newer_program_added_is_none_of_ours(world: World) -> None:
    incident = await world.incident()
    async with world.database.transaction() as tx:
        wider = sql("SELECT *, 'red' AS colour FROM incident WHERE id = :id")
        row = await read_row(tx, Incident, wider, {"id": incident.id})
        assert row is not None
        assert not hasattr(row, "colour")
        assert row.model_dump() == (await by_sqlalchemy(world, Incident, incident.id)).model_dump()


async def test_what_is_not_there_or_is_another_countys_is_none(world: World) -> None:
    incident = await world.incident()

    async def read(tx: Tx) -> list[object]:
        return [
            await incidents.locked(tx, STREAM, incident.id + 1),
            await incidents.locked(tx, "999999", incident.id),
            await read_row(tx, Incident, sql(BY_ID), {"id": -1}),
        ]

    assert await world.do(read) == [None, None, None]
