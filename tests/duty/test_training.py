"""Nobody holds a seat for which he has not been trained (R19): generated, drafted, swapped, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from app.duty import store as duty
from app.duty.generation.commands import GenerationIn
from app.duty.generation.loading import load_problem
from app.duty.presence.substitutes import substitutes
from app.duty.roster.actions import changes
from app.duty.roster.actions.publish import RosterRefused
from app.duty.roster.actions.training import Untrained
from app.duty.roster.commands import OverrideIn, TemporaryIn, TemporaryShiftIn
from app.duty.roster.rules.training import lacking, required
from app.duty.swaps.actions import offers
from app.duty.swaps.commands import SwapIn
from app.duty.swaps.refusals import CannotTake
from tests.duty.county import CENTRE, DISPATCH, INTAKE, JULY, Desk, cell, moment
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database
SAYS = "值班103未取得席位要求的资质:接警受理"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", set()),
        ("接警受理", {"接警受理"}),
        (" 接警受理、信息报送 ,急救;", {"接警受理", "信息报送", "急救"}),
    ],
)
def test_what_a_seat_requires_is_read_as_people_write_it(written: str, read: set[str]) -> None:
    assert required(written) == read
    assert lacking(read, {"接警受理", "驾驶"}) == tuple(sorted(read - {"接警受理"}))


@pytest.fixture
async def intake(desk: Desk) -> Desk:
    """Intake asks for training; 102 and 104 have it, 103 has not."""
    await desk.world.run("UPDATE duty_seat SET qualification = '接警受理' WHERE id = :id", id=INTAKE)
    await desk.world.run("UPDATE person SET qualifications = '{接警受理,急救}' WHERE id IN (102, 104)")
    return desk


async def test_a_draft_says_who_is_untrained_and_is_published_only_when_a_planner_answers(
    intake: Desk,
) -> None:
    cells = [
        cell(INTAKE, 102, "07-01 08:00"),
        cell(INTAKE, 103, "07-01 08:00"),
        cell(DISPATCH, 105, "07-01 08:00"),
    ]
    with pytest.raises(RosterRefused, match=SAYS):
        await intake.publish(cells)
    published = await intake.publish(cells, accepting=["COVERAGE_GAP", "UNTRAINED"])
    told = [(f.person_id, f.seat_id, f.severity, f.rule) for f in published.findings if f.code == "UNTRAINED"]
    assert told == [(103, INTAKE, "red", "R19")]


async def test_no_change_by_hand_seats_somebody_untrained(intake: Desk) -> None:
    world, now = intake.world, intake.world.clock.now()
    span: dict[str, Any] = {"starts_at": moment("07-01 08:00"), "ends_at": moment("07-02 08:00")}
    await intake.publish([cell(INTAKE, 102, "07-01 08:00")])
    one = OverrideIn(seat_id=INTAKE, add_person_id=103, reason="顶班", **span)
    with pytest.raises(Untrained, match=SAYS):
        await world.do(lambda tx: changes.override(tx, world.people["lead"], CENTRE, one, now, ZONE))
    shift = TemporaryShiftIn(person_id=103, **span)
    whole = TemporaryIn(seat_id=INTAKE, shifts=[shift], reason="停电", **span)
    with pytest.raises(Untrained):
        await world.do(lambda tx: changes.set_temporary(tx, world.people["lead"], CENTRE, whole, now, ZONE))
    trained = one.model_copy(update={"add_person_id": 104})
    await world.do(lambda tx: changes.override(tx, world.people["lead"], CENTRE, trained, now, ZONE))
    assert [person for person, *_ in await intake.shifts(INTAKE)] == [102, 104]


async def test_an_untrained_colleague_neither_takes_a_shift_nor_stands_in(intake: Desk) -> None:
    world, now = intake.world, intake.world.clock.now()
    await intake.publish([cell(INTAKE, 102, "07-01 08:00")])
    (row,) = await world.rows("SELECT id FROM shift WHERE person_id = 102")
    offer = SwapIn(shift_id=row["id"], taker_id=103, reason="家中有事")
    with pytest.raises(CannotTake, match="未取得席位要求的资质:接警受理"):
        await world.do(lambda tx: offers.ask(tx, world.people["lead"], offer, now, ZONE))
    span = moment("07-01 08:00"), moment("07-02 08:00")
    could = await world.do(lambda tx: substitutes(tx, CENTRE, INTAKE, *span, ZONE))
    assert [one.person_id for one in could if one.fit] == [104]
    lacks = next(one.obstacles for one in could if one.person_id == 103)
    assert [(o.code, o.hard) for o in lacks] == [("untrained", True)]


async def test_generation_knows_what_a_seat_requires_and_who_has_it(intake: Desk) -> None:
    told = GenerationIn(month="2025-07", post_ids=[CENTRE])

    async def loaded(tx: Any) -> Any:
        posts = await duty.posts(tx, STREAM, STREAM, CENTRE)
        return await load_problem(tx, posts, JULY, told, ZONE)

    problem = await intake.world.do(loaded)
    assert {slot.requires for slot in problem.slots if slot.seat == str(INTAKE)} == {frozenset({"接警受理"})}
    assert {slot.requires for slot in problem.slots if slot.seat != str(INTAKE)} == {frozenset()}
    assert {c.person for c in problem.candidates if "接警受理" in c.qualifications} == {102, 104}
