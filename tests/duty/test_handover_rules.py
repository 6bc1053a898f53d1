"""Pure rules of the hand-over: what stands on a sheet, what changed, who is late, who may go, who signs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.desk.handover.rules import found
from app.desk.handover.rules.items import Change, Item, Standing, TwoWithOneKey, compare, compile_items
from app.desk.handover.rules.signing import PARTS, Signed, complete, signers
from app.desk.handover.rules.team import (
    Held,
    Member,
    came_early,
    change_near,
    lead_of,
    leaves_it_empty,
    minutes_late,
    overtime_min,
    teams,
)
from app.duty.roster.rules.ranks import rank
from tests.duty.county import moment
from tests.world import ZONE

EIGHT = moment("07-02 08:00")
DAY = timedelta(days=1)


def item(key: str, kind: str = "note", **more: object) -> Item:
    return Item(key, kind, key, key, **more)  # type: ignore[arg-type]


def held(person: int, role: str, start: datetime, seat: int = 1, length: timedelta = DAY) -> Held:
    return Held(person, seat, role, start, start + length)


def member(person: int, side: str, role: str, seat: int = 1, *, here: bool = True) -> Member:
    start = EIGHT - DAY if side == "outgoing" else EIGHT
    came = EIGHT if here and side == "incoming" else None
    left = EIGHT if not here and side == "outgoing" else None
    return Member(person, side, seat, role, start, start + DAY, came, left)  # type: ignore[arg-type]


def test_items_of_all_sources_stand_in_reading_order_and_what_is_due_comes_first() -> None:
    later = item("b", "order", due_at=EIGHT + DAY)
    compiled = compile_items([[item("n"), item("a", "order")], [later, item("c", "order", due_at=EIGHT)], []])
    assert [one.key for one in compiled] == ["c", "b", "a", "n"]


def test_two_sources_cannot_give_one_key() -> None:
    with pytest.raises(TwoWithOneKey, match="twice"):
        compile_items([[item("twice")], [item("twice"), item("once")]])


def test_a_new_compilation_says_what_is_new_what_changed_and_what_is_over() -> None:
    standing = [
        Standing(item("same"), gone=False),
        Standing(item("moved"), gone=False),
        Standing(item("back"), gone=True),
        Standing(item("over"), gone=False),
        Standing(item("long over"), gone=True),
    ]
    now = [item("same"), item("moved", due_at=EIGHT), item("back"), item("new")]
    change = compare(standing, now)
    assert change == Change((item("new"),), (item("moved", due_at=EIGHT), item("back")), ("over",))
    assert change
    assert not compare([Standing(item("same"), gone=False)], [item("same")])


def test_the_change_at_hand_is_that_of_the_seat_that_leads_the_desk() -> None:
    shifts = [
        held(1, "shift_lead", EIGHT - DAY),
        held(2, "shift_lead", EIGHT),
        held(3, "clerk", EIGHT - DAY + timedelta(hours=3), length=timedelta(hours=2)),
        held(4, "leader_in_charge", EIGHT - timedelta(hours=5)),
    ]
    assert change_near(shifts, EIGHT - timedelta(minutes=12)) == EIGHT
    assert change_near(shifts, EIGHT + timedelta(hours=20)) == EIGHT
    assert change_near(shifts, EIGHT - timedelta(hours=2)) == EIGHT - DAY
    assert change_near([shifts[3]], EIGHT) is None


def test_who_sits_on_both_sides_of_a_change_stays() -> None:
    shifts = [held(1, "clerk", EIGHT - DAY), held(1, "clerk", EIGHT), held(2, "shift_lead", EIGHT - DAY)]
    outgoing, incoming = teams(shifts, EIGHT)
    assert [m.person_id for m in outgoing] == [2]
    assert incoming == ()


def test_the_highest_who_is_here_leads_and_reserve_duty_never_does() -> None:
    members = [
        member(1, "incoming", "shift_lead", here=False),
        member(2, "incoming", "clerk"),
        member(3, "incoming", "intake"),
        member(4, "incoming", "leader_in_charge"),
        member(5, "outgoing", "shift_lead", here=False),
    ]
    lead = lead_of(members, "incoming")
    assert lead is not None
    assert lead.person_id == 3
    assert lead_of(members, "outgoing") is None
    assert signers("incoming", members) == (3,)
    assert signers("outgoing", members) == ()
    assert signers("leader", members) == (4,)
    assert rank("reserve_duty") > rank("reporter_b")


def test_late_and_overtime_are_counted_by_the_minutes_of_the_clock() -> None:
    came = member(1, "incoming", "clerk")
    assert minutes_late(came, EIGHT + timedelta(minutes=22, seconds=40)) == 22
    assert minutes_late(came, EIGHT - timedelta(minutes=3)) == 0
    assert came_early(EIGHT, EIGHT - timedelta(minutes=10))
    assert not came_early(EIGHT, EIGHT - timedelta(minutes=9))
    assert overtime_min(member(2, "outgoing", "clerk"), EIGHT + timedelta(minutes=22)) == 22
    assert overtime_min(member(2, "outgoing", "clerk"), EIGHT - timedelta(minutes=5)) == 0


def test_nobody_leaves_a_seat_short_of_people() -> None:
    goes, stays, comes = (
        member(1, "outgoing", "intake", 3),
        member(2, "outgoing", "intake", 3),
        member(3, "incoming", "intake", 3),
    )
    absent = member(3, "incoming", "intake", 3, here=False)
    assert not leaves_it_empty(goes, [goes, stays, comes], {3: 2})
    assert leaves_it_empty(goes, [goes, stays, absent], {3: 2})
    assert not leaves_it_empty(goes, [goes], {})


def test_three_signatures_complete_a_hand_over() -> None:
    assert complete([Signed(part, n) for n, part in enumerate(PARTS)])
    assert not complete([Signed("outgoing", 1), Signed("incoming", 2)])


def test_calls_for_help_and_incidents_are_named() -> None:
    alarms = found.alarms(
        [found.OpenAlarm(1, "sos", "老周北斗", "东山村"), found.OpenAlarm(2, "odd", "甲", "")]
    )
    assert [i.zh for i in alarms] == ["求救未处置:老周北斗 东山村", "告警未处置:甲 "]
    incidents = [
        found.OpenIncident(1, "SJ-1", "溺水", 4, "东岸村"),
        found.OpenIncident(2, "SJ-2", "火", 9, ""),
    ]
    assert [i.zh for i in found.incidents(incidents)] == ["在办 SJ-1 溺水(一般)东岸村", "在办 SJ-2 火(9)"]


def out(key: int, state: str, **more: object) -> found.TeamOut:
    told = {"due_at": None, "leader_alerted": False, **more}
    return found.TeamOut(key, 7, "SJ-1", f"队{key}", 12, state, EIGHT, EIGHT + timedelta(minutes=3), **told)  # type: ignore[arg-type]


def test_orders_without_an_answer_say_when_their_silence_is_acted_upon() -> None:
    teams_out = [
        out(1, "dispatched"),
        out(2, "dispatched", due_at=EIGHT, leader_alerted=True),
        out(3, "on_scene"),
    ]
    first, second = found.orders(teams_out, ZONE)
    assert (first.zh, first.due_at) == ("SJ-1 队1 未接单,08:00 派出", EIGHT + timedelta(minutes=3))
    assert (second.zh, second.due_at) == ("SJ-1 队2 未接单,08:00 派出,已报带班领导", EIGHT)
    (forces,) = found.forces(teams_out)
    assert forces.zh == "SJ-1 外出 3 队 36 人:队1 12 人 未接单;队2 12 人 未接单;队3 12 人 到场"


def test_the_weather_has_its_line_even_when_nobody_wrote_it_down() -> None:
    assert [i.key for i in found.matters([])] == ["weather"]
    written = [found.Matter(3, "weather", "多云转大雨", None)]
    assert [(i.key, i.zh) for i in found.matters(written)] == [("matter:3", "多云转大雨")]


def test_devices_stand_in_one_line_a_kind() -> None:
    devices = [found.Device(f"电台{n}", "radio_370", "untested") for n in range(7)]
    devices += [found.Device("卫1", "satellite_phone", "failed"), found.Device("异", "odd", "overdue")]
    lines = {i.key: i.zh for i in found.devices(devices)}
    assert lines["devices:radio_370"] == "370 电台:未试 7(电台0、电台1、电台2、电台3、电台4等)"
    assert lines["devices:satellite_phone"] == "卫星电话:不合格 1(卫1)"
    assert lines["devices:odd"] == "odd:逾期未试 1(异)"


def test_leave_that_waits_and_changes_of_the_roster_are_told() -> None:
    (leave,) = found.absences([found.Absence(1, "王军", EIGHT, EIGHT + DAY)], ZONE)
    assert leave.zh == "待批请假 王军 07-02 08:00–07-03 08:00"
    (change,) = found.roster_changes([found.RosterChange(1, EIGHT, EIGHT + DAY, "替班")], ZONE)
    assert change.zh == "排班调整 07-02 08:00–07-03 08:00 替班"
    assert [i.kind for i in found.always("0799")] == ["phone", "equipment", "keys"]
