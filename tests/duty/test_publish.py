"""A month's roster: drafted, judged, published; afterwards the shifts say who is on duty."""

from __future__ import annotations

import asyncio

import pytest

from app.db import Tx
from app.duty import store as duty
from app.duty.roster import on_duty
from app.duty.roster.actions.examination import examine_draft
from app.duty.roster.actions.publish import NothingToPublish, RosterRefused, StaleRoster, publish
from app.duty.roster.commands import PublishIn
from app.duty.roster.store import plans
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.duty.county import (
    CENTRE,
    CLERK,
    DISPATCH,
    INTAKE,
    JULY,
    LEADER,
    SHIFT_LEAD,
    TOWN_OFFICER,
    TOWNSHIP,
    Desk,
    cell,
    full_day,
    moment,
)
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database


async def test_what_was_previewed_is_what_holds_once_it_is_published(desk: Desk) -> None:
    cells = full_day(1, 100) + full_day(2, 110)
    previewed = await desk.draft(cells)
    published = await desk.publish(cells)
    assert published.shifts == previewed.shifts
    assert len(published.shifts) == 14
    assert await desk.shifts(LEADER) == [
        (100, "07-01 08:00", "07-02 08:00"),
        (110, "07-02 08:00", "07-03 08:00"),
    ]
    assert await desk.world.types() == ["roster.published"]


async def test_the_people_of_the_whole_county_are_known_to_the_rules_however_long_its_code(
    desk: Desk,
) -> None:
    await desk.world.run(
        "INSERT INTO region (code, kind, name_zh, name_en, lon, lat, population)"
        " VALUES ('990182000000', 'county', '邻县', 'Next', 118, 28, 0)"
    )
    await desk.draft([cell(LEADER, 100, "07-01 08:00")])
    await desk.world.run("UPDATE person SET region_code = '990182000000' WHERE id = 100")

    async def examined(tx: Tx) -> list[str]:
        post, month = await duty.row(tx, "9901", CENTRE), await plans.month(tx, CENTRE, JULY)
        assert post is not None
        return [f.code for f in await examine_draft(tx, "9901", post, month, desk.world.clock.now(), ZONE)]

    assert "OUTSIDER" not in await desk.world.do(examined)


async def test_who_is_on_duty_and_who_is_next_is_told_for_every_seat(desk: Desk) -> None:
    await desk.publish(full_day(1, 100) + full_day(2, 110))
    at = moment("07-01 09:00")
    (centre,) = await desk.world.do(lambda tx: on_duty.on_duty(tx, STREAM, STREAM, at, CENTRE))
    seats = {seat.role: seat for seat in centre.seats}
    assert [shift.person_id for shift in seats["dispatch_comms"].on] == [104, 105]
    assert [shift.person_id for shift in seats["dispatch_comms"].next] == [114, 115]
    assert centre.until == moment("07-02 08:00")
    assert sum(seat.missing for seat in centre.seats) == 0


async def test_at_the_minute_of_the_change_the_next_are_on_duty_and_the_last_no_longer(desk: Desk) -> None:
    await desk.publish(full_day(1, 100) + full_day(2, 110))
    (centre,) = await desk.world.do(
        lambda tx: on_duty.on_duty(tx, STREAM, STREAM, moment("07-02 08:00"), CENTRE)
    )
    assert [shift.person_id for shift in centre.seats[0].on] == [110]


async def test_a_roster_with_a_gap_is_published_only_when_a_planner_answers_for_it(desk: Desk) -> None:
    with pytest.raises(RosterRefused, match="带班领导缺1人"):
        await desk.publish([cell(CLERK, 106, "07-01 08:00")], accepting=[])
    await desk.publish([cell(CLERK, 106, "07-01 08:00")], accepting=["COVERAGE_GAP"])
    (event,) = await desk.world.events()
    assert event["accepted"] == ["COVERAGE_GAP"]


async def test_a_draft_that_somebody_else_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    await desk.draft(full_day(1, 100), by="lead")
    with pytest.raises(StaleRoster, match="值班长"):
        await desk.draft(full_day(1, 110), by="leader", version=0)


async def test_without_a_draft_there_is_nothing_to_publish(desk: Desk) -> None:
    world = desk.world
    with pytest.raises(NothingToPublish):
        await world.do(
            lambda tx: publish(
                tx, world.people["lead"], CENTRE, JULY, PublishIn(version=0), world.clock.now(), ZONE
            )
        )


async def test_two_planners_at_once_do_not_overwrite_each_other(desk: Desk) -> None:
    done = await asyncio.gather(
        desk.draft(full_day(1, 100), by="lead", version=0),
        desk.draft(full_day(1, 110), by="leader", version=0),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["RosterPreview", "StaleRoster"]


async def test_nobody_holds_two_seats_at_once(desk: Desk) -> None:
    with pytest.raises(RosterRefused, match="值班100 07-01 08:00–07-02 08:00 被排在两个席位"):
        await desk.publish([cell(LEADER, 100, "07-01 08:00"), cell(SHIFT_LEAD, 100, "07-01 08:00")])
    await desk.publish([cell(LEADER, 100, "07-01 08:00")])
    with pytest.raises(RosterRefused, match="被排在两个席位"):
        await desk.publish([cell(TOWN_OFFICER, 100, "07-01 20:00", 12)], post=TOWNSHIP, by="lead")


async def test_the_database_itself_refuses_a_second_place(desk: Desk) -> None:
    await desk.publish([cell(LEADER, 100, "07-01 08:00")])
    with pytest.raises(Exception, match="shift_one_person_one_place"):
        await desk.world.run(
            "INSERT INTO shift"
            " (stream, post_id, seat_id, person_id, starts_at, ends_at, source, state, made_at)"
            " SELECT stream, 2, 7, person_id, ends_at - interval '1 minute', ends_at + interval '1 hour',"
            " source, 'planned', made_at FROM shift"
        )


async def test_publishing_again_keeps_the_shifts_that_did_not_change(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    before = {row["person_id"]: row["id"] for row in await desk.world.rows("SELECT id, person_id FROM shift")}
    changed = [*full_day(1, 100)[1:], cell(LEADER, 120, "07-01 08:00")]
    await desk.publish(changed)
    after = await desk.world.rows("SELECT id, person_id FROM shift WHERE state = 'planned'")
    assert {row["person_id"]: row["id"] for row in after if row["person_id"] != 120} == {
        person: id_ for person, id_ in before.items() if person != 100
    }
    event = (await desk.world.events())[-1]
    assert [s["person_id"] for s in event["added"]] == [120]
    assert [s["person_id"] for s in event["dropped"]] == [100]


async def test_publishing_in_the_middle_of_the_month_leaves_the_past_as_it_was(desk: Desk) -> None:
    await desk.publish(full_day(1, 100) + full_day(2, 110))
    desk.at("07-02 12:00")
    await desk.publish(full_day(1, 120) + full_day(2, 120))
    assert await desk.shifts(LEADER) == [
        (100, "07-01 08:00", "07-02 08:00"),
        (110, "07-02 08:00", "07-02 12:00"),
        (120, "07-02 12:00", "07-03 08:00"),
    ]


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        (cell(TOWN_OFFICER, 100, "07-01 08:00"), "cells.0.seat_id"),
        (cell(LEADER, 99, "07-01 08:00"), "cells.0.person_id"),
        (cell(LEADER, 100, "08-01 08:00"), "cells.0.starts_at"),
    ],
    ids=["a seat of another post", "nobody", "another month"],
)
async def test_a_cell_that_cannot_be_is_named(desk: Desk, bad: object, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await desk.draft([bad])  # type: ignore[list-item]
    assert [fault.name for fault in refused.value.fields] == [name]


async def test_a_township_plans_its_own_desk_and_no_other(desk: Desk) -> None:
    await desk.publish([cell(TOWN_OFFICER, 200, "07-01 08:00")], post=TOWNSHIP, by="east")
    for by in ("west", "east"):
        with pytest.raises(NotFound):
            await desk.draft([], post=CENTRE if by == "east" else TOWNSHIP, by=by)
    with pytest.raises(NotPermitted):
        await desk.draft([], by="officer")


async def test_a_roster_that_comes_after_its_day_is_late(desk: Desk) -> None:
    desk.at("06-25 23:59")
    await desk.publish(full_day(1, 100))
    desk.at("06-26 00:00")
    await desk.publish([cell(TOWN_OFFICER, 200, "07-01 08:00")], post=TOWNSHIP)
    assert [event["late"] for event in await desk.world.events()] == [False, True]


async def test_somebody_from_elsewhere_and_too_little_rest_are_told_but_not_refused(desk: Desk) -> None:
    found = await desk.publish(
        [
            cell(INTAKE, 200, "07-01 08:00"),
            cell(INTAKE, 100, "07-01 08:00"),
            cell(INTAKE, 100, "07-02 20:00", 12),
        ]
    )
    codes = {(f.code, f.person_id) for f in found.findings}
    assert {("OUTSIDER", 200), ("FATIGUE_REST_TOO_SHORT", 100)} <= codes


async def test_a_person_on_two_days_in_a_row_has_two_shifts(desk: Desk) -> None:
    await desk.publish([cell(DISPATCH, 100, "07-01 08:00"), cell(DISPATCH, 100, "07-02 08:00")])
    assert await desk.shifts(DISPATCH) == [
        (100, "07-01 08:00", "07-02 08:00"),
        (100, "07-02 08:00", "07-03 08:00"),
    ]
