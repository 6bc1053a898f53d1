"""People learn of their own duty without asking: complaint 27 of field.md.

https://github.com/target/goalert/issues/583 (a notice at the hand-off),
https://github.com/target/goalert/issues/4190 (a notice when future duty changes).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.duty.presence.watch import CoverageWatch
from app.duty.reminders.rules import Turn, changed_words, changes, digest_of, digest_words
from tests.duty.county import CLERK, Desk, cell, full_day, moment
from tests.world import STREAM, ZONE

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2025, 7, 1, 0, 0, tzinfo=UTC)


def turn(id_: int, person: int = 1, *, day: int = 0, hours: int = 24, withdrawn: bool = False) -> Turn:
    start = AT + timedelta(days=day)
    end = start + timedelta(hours=hours)
    return Turn(id_, person, 7, "市应急指挥中心", "990181000000", "clerk", start, end, withdrawn)


def test_a_shift_written_anew_as_it_was_is_no_change() -> None:
    assert changes([turn(1, withdrawn=True), turn(2)]) == {}


def test_a_shift_cut_short_is_off_and_new_in_one_sentence() -> None:
    changed = changes([turn(1, withdrawn=True), turn(2, hours=12)])
    assert changed_words(changed[1], SHANGHAI) == (
        "您的值班有变:取消 07月01日08:00至07月02日08:00 市应急指挥中心文电席;"
        "改为 07月01日08:00至20:00 市应急指挥中心文电席",
        "Your duty has changed: off 07-01 08:00 to 07-02 08:00, 市应急指挥中心 (clerk); "
        "new 07-01 08:00 to 20:00, 市应急指挥中心 (clerk)",
    )


def test_of_many_shifts_the_first_are_named_and_all_are_counted() -> None:
    changed = changes([turn(n, day=n * 3) for n in range(6)])
    zh, en = changed_words(changed[1], SHANGHAI)
    assert zh.startswith("您的值班有变:新排 07月01日08:00") and zh.endswith("等共6班")
    assert en.startswith("Your duty has changed: new 07-01 08:00") and en.endswith(
        "and more, 6 shifts in all"
    )


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4), st.booleans()), max_size=20))
def test_nobody_is_told_that_the_same_shift_is_off_and_on(rows: list[tuple[int, int, bool]]) -> None:
    turns = [turn(n, person, day=day, withdrawn=off) for n, (person, day, off) in enumerate(rows)]
    for person, changed in changes(turns).items():
        assert changed.turns and {one.person_id for one in changed.turns} == {person}
        assert not {one.what for one in changed.added} & {one.what for one in changed.dropped}


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        ("08:29", "08:30", "08:30"),
        ("08:30", "08:31", None),
        ("17:00", "18:00", "17:30"),
        ("09:00", "17:29", None),
    ],
)
def test_the_digest_has_two_hours_a_day(before: str, now: str, due: str | None) -> None:
    found = digest_of(moment(f"07-01 {now}"), moment(f"07-01 {before}"), SHANGHAI)
    assert (f"{found[1]:%H:%M}" if found else None) == due


def test_the_digest_names_who_is_on_who_is_next_and_what_is_empty() -> None:
    zh, en = digest_words(["周敏", "刘海"], ["李强"], moment("07-02 08:00"), 2, SHANGHAI)
    assert zh == "当前值班 周敏、刘海;07月02日08:00接班 李强;全市缺岗2人,请核实"
    assert en == "On duty 周敏, 刘海; at 07-02 08:00 李强; 2 seats of the county are empty, please look"


@pytest.mark.database
async def test_who_is_planned_moved_or_taken_off_is_told_once_and_reminded_the_evening_before(
    desk: Desk,
) -> None:
    world = desk.world
    watch = CoverageWatch(world.database, world.clock, STREAM, ZONE)
    await desk.publish(full_day(1, 100) + full_day(2, 110))
    await watch.look()
    told = await _told(desk, 100)
    assert len(told) == 1 and told[0].startswith("您的值班有变:新排 07月01日08:00至07月02日08:00")
    await watch.look()
    assert len(await _told(desk, 100)) == 1

    changed = [one for one in full_day(2, 110) if one.person_id != 111]
    await desk.publish(full_day(1, 100) + changed)
    await watch.look()
    (_, off) = await _told(desk, 111)
    assert off.startswith("您的值班有变:取消 07月02日08:00")
    assert len(await _told(desk, 100)) == 1, "whose shifts stayed hears nothing"

    desk.at("06-30 20:00")
    await watch.look()
    await watch.look()
    (_, reminder) = await _told(desk, 100)
    assert reminder.startswith("值班提醒:07月01日08:00至07月02日08:00")
    assert not any("提醒" in text for text in await _told(desk, 110))


@pytest.mark.database
async def test_a_shift_of_tomorrow_given_today_goes_out_by_sms_and_needs_no_reminder(desk: Desk) -> None:
    world = desk.world
    watch = CoverageWatch(world.database, world.clock, STREAM, ZONE)
    desk.at("06-30 21:00")
    await desk.publish([cell(CLERK, 106, "07-01 08:00")])
    await watch.look()
    await watch.look()
    assert len(await _told(desk, 106)) == 1
    sms = await world.rows("SELECT body FROM delivery WHERE channel = 'satellite_phone'")
    assert any("您的值班有变" in row["body"] for row in sms)


async def _told(desk: Desk, person: int) -> list[str]:
    """Return what a person was told of his own duty."""
    rows = await desk.world.rows(
        "SELECT text FROM notice WHERE person_id = :person AND topic = 'own_duty' ORDER BY id", person=person
    )
    return [row["text"] for row in rows]
