"""A row by the short road is the row SQLAlchemy would have written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import sql
from app.delivery.tables import Delivery
from app.dispatch.tables import Assignment
from app.new_row import made, write_new, writing
from tests.world import LAKE, RIVER, STREAM, World

pytestmark = pytest.mark.database
AT = datetime(2026, 7, 1, 18, 13, tzinfo=UTC)


def assignment(incident_id: int, team_id: int) -> Assignment:
    return Assignment(
        stream=STREAM,
        incident_id=incident_id,
        team_id=team_id,
        text="速去🚤𠮷",
        assigned_by="王军",
        assigned_at=AT,
        answer_due_at=AT + timedelta(minutes=3),
        escalation_began_at=AT,
        called=[{"name": "李'四", "asked_at": AT.isoformat()}],
        terms={"steps": ["arrive"], "half": 0.5, "none": None},
    )


def delivery(incident_id: int, team_id: int) -> Delivery:
    return Delivery(
        stream=STREAM,
        incident_id=incident_id,
        team_id=team_id,
        concern_regions=["990181100000"],
        concern_teams=[team_id],
        readers=["person:7"],
        channel="app",
        address=f"team:{team_id}",
        body="\x09速去\n",
        queued_at=AT,
        expires_at=AT + timedelta(hours=1),
    )


async def stored(world: World, row: Assignment | Delivery) -> dict[str, object]:
    table = type(row).__tablename__
    (found,) = await world.rows(f"SELECT * FROM {table} WHERE id = :id", id=row.id)
    return {name: value for name, value in found.items() if name not in ("id", "team_id")}


@pytest.mark.parametrize("make", [assignment, delivery])
async def test_it_is_the_row_that_sqlalchemy_writes(
    world: World, make: Callable[[int, int], Assignment | Delivery]
) -> None:
    incident = await world.incident()
    ours, theirs = make(incident.id, RIVER), make(incident.id, RIVER)
    if isinstance(theirs, Assignment):
        theirs.team_id = LAKE  # a team is out once
    async with world.database.transaction() as tx:
        await write_new(tx, ours)
        tx.add(theirs)
    assert ours.id is not None
    assert await stored(world, ours) == await stored(world, theirs)


async def test_what_the_session_changed_before_is_written_before_it(world: World) -> None:
    incident = await world.incident()
    async with world.database.transaction() as tx:
        first = assignment(incident.id, RIVER)
        tx.add(first)
        await tx.flush()
        first.state = "cancelled"  # else the index would refuse the second
        await write_new(tx, assignment(incident.id, RIVER))
    rows = await world.rows("SELECT state FROM assignment ORDER BY id")
    assert [row["state"] for row in rows] == ["cancelled", "dispatched"]


async def test_what_the_table_refuses_is_refused_as_ever_and_nothing_is_written(world: World) -> None:
    incident = await world.incident()
    await world.send(RIVER, incident.id)
    with pytest.raises(IntegrityError, match="one_active_assignment_per_team"):
        await world.do(lambda tx: write_new(tx, assignment(incident.id, RIVER)))
    assert len(await world.rows("SELECT id FROM assignment")) == 1


async def test_what_grows_from_a_drill_is_marked_and_stays_in_the_house(world: World) -> None:
    incident = await world.incident()
    await world.run("UPDATE incident SET drill_id = 1 WHERE id = :id", id=incident.id)
    row = delivery(incident.id, RIVER)
    row.channel = "jt808"
    await world.do(lambda tx: write_new(tx, row))
    told = await stored(world, row)
    assert (told["drill"], told["state"], told["reason"]) == (True, "cancelled", "drill_outside")
    assert str(told["body"]).startswith("【演练】")


async def test_a_value_that_is_left_to_the_table_becomes_its_default(world: World) -> None:
    incident = await world.incident()
    row = delivery(incident.id, RIVER)
    row.__dict__["readers"] = None
    await world.do(lambda tx: write_new(tx, row))
    assert (await stored(world, row))["readers"] == []


async def test_a_row_made_by_the_short_road_is_the_row_that_the_table_makes(world: World) -> None:
    incident = await world.incident()
    plain = assignment(incident.id, LAKE)
    short = made(Assignment, **{name: getattr(plain, name) for name in plain.__pydantic_fields_set__})
    assert short.model_dump() == plain.model_dump()
    assert short.called is not made(Assignment, called=[]).called
    async with world.database.transaction() as tx:
        tx.add(short)
        await tx.flush()
        short.text = "改派"  # a part of the session now, whose changes are written
    (row,) = await world.rows("SELECT text, team_id, state FROM assignment")
    assert row == {"text": "改派", "team_id": LAKE, "state": "dispatched"}


def test_a_name_that_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        made(Assignment, colour="red")


async def test_a_row_can_be_written_in_one_statement_with_something_else(world: World) -> None:
    incident = await world.incident()
    async with world.database.transaction() as tx:
        new, values = await writing(tx, assignment(incident.id, RIVER))
        both = f"WITH new AS ({new}) UPDATE incident SET title = '汛' WHERE id = :i"
        both += " RETURNING (SELECT id FROM new)"
        written = await tx.scalar(sql(both), {**values, "i": incident.id})
    (row,) = await world.rows(
        "SELECT a.id, i.title FROM assignment a JOIN incident i ON i.id = a.incident_id"
    )
    assert row == {"id": written, "title": "汛"}


async def test_a_row_with_values_left_to_the_table_can_be_written_so_too(world: World) -> None:
    incident = await world.incident()
    row = delivery(incident.id, RIVER)
    row.__dict__["readers"] = None
    async with world.database.transaction() as tx:
        new, values = await writing(tx, row)
        assert await tx.scalar(sql(f"WITH new AS ({new}) SELECT id FROM new"), values) == row.id
