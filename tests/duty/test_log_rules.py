"""Pure rules of the duty log: how complete it is, how its days are numbered, what events say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.desk.log.rules.numbering import day_of, days_of_month, number_of, span_of
from app.desk.log.rules.score import Gap, score
from app.desk.log.rules.words import said
from tests.duty.county import local, moment
from tests.world import ZONE

START, END = moment("07-01 08:00"), moment("07-02 08:00")
HOUR = timedelta(hours=1)
LATER = END + 2 * HOUR


def every(hours: float) -> list[float]:
    return [n * hours for n in range(1, int(24 / hours))]


def test_an_entry_every_four_hours_and_one_at_hand_over_is_a_complete_log() -> None:
    entered = [START + n * HOUR for n in every(4)] + [END + timedelta(minutes=20)]
    found = score(entered, START, END, LATER)
    assert (found.percent, found.entries, found.gaps, found.at_handover) == (100, 5, (), True)


def test_a_silent_desk_has_no_log() -> None:
    found = score([], START, END, LATER)
    assert (found.percent, found.gaps, found.at_handover) == (0, (Gap(START, END),), False)


def test_what_is_longer_than_four_hours_without_an_entry_is_a_gap() -> None:
    quiet = START + 3 * HOUR
    found = score([quiet, quiet + 5 * HOUR], START, quiet + 7 * HOUR, quiet + 6 * HOUR)
    assert found.gaps == (Gap(quiet, quiet + 5 * HOUR),)
    assert found.percent == round(100 * (1 - 1 / 9))
    assert found.at_handover is None


def test_four_hours_to_the_minute_are_no_gap() -> None:
    assert score([START + 4 * HOUR], START, END, START + 8 * HOUR).gaps == ()


def test_a_shift_without_an_entry_at_hand_over_lacks_a_tenth() -> None:
    found = score([START + n * HOUR for n in every(2)], START, END + HOUR, LATER)
    assert (found.percent, found.at_handover) == (90, False)


def test_a_shift_that_has_just_begun_lacks_nothing() -> None:
    assert score([], START, END, START).percent == 100
    assert score([], START, END, START + HOUR).percent == 100


def test_before_eight_it_is_still_yesterdays_day_of_duty() -> None:
    assert day_of(moment("07-02 07:59"), ZONE) == date(2025, 7, 1)
    assert day_of(moment("07-02 08:00"), ZONE) == date(2025, 7, 2)
    span = span_of(date(2025, 7, 1), ZONE)
    assert (local(span.start), local(span.end)) == ("07-01 08:00", "07-02 08:00")


def test_each_day_of_the_year_has_its_number() -> None:
    assert number_of("樟应值", date(2025, 1, 1)) == "樟应值〔2025〕第 1 号"
    assert number_of("樟应值", date(2025, 7, 2)) == "樟应值〔2025〕第 183 号"
    assert len(days_of_month(date(2024, 2, 1))) == 29
    assert days_of_month(date(2025, 12, 1))[-1] == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("11A51", ("disaster", "rescue")),
        ("12Y00", ("work_safety", "rescue")),
        ("14A00", ("government", "rescue")),
        ("99", ("rescue",)),
    ],
)
def test_an_incident_belongs_to_the_business_line_of_its_kind(code: str, lines: tuple[str, ...]) -> None:
    incident = {"number": "SJ-1", "title": "溺水", "source": "odd", "close_reason": None, "event_code": code}
    words = said("incident.opened", {"incident": incident})
    assert (words.zh, words.lines, words.source) == ("立案 SJ-1 溺水", lines, "系统")


def test_an_escalation_names_to_whom_it_was_told() -> None:
    assignment = {
        "incident_number": "SJ-1",
        "team_name": "江队",
        "answered_by": None,
        "text": "速去",
        "reason": None,
    }
    assert said("assignment.escalated", {"assignment": assignment}).zh == "SJ-1 江队 未应答,升级"
    owned = said("assignment.escalated", {"assignment": assignment, "owner": {"lead_name": "刘海"}})
    assert (owned.zh, owned.action) == ("SJ-1 江队 未应答,升级,报 刘海", "")
    assert said("assignment.dispatched", {"assignment": assignment}).action == "速去"


def test_a_device_in_trouble_and_a_call_for_help_say_what_they_are() -> None:
    alarm = {
        "device_label": "老周北斗",
        "holder_name": None,
        "kind": "sos",
        "text": "腿伤",
        "region_path": "东山村",
        "dismiss_reason": None,
    }
    assert said("alarm.raised", {"alarm": alarm}).zh == "报警 老周北斗 SOS 东山村"
    assert said("alarm.raised", {"alarm": {**alarm, "kind": "fault"}}).zh == "报警 老周北斗 腿伤 东山村"
    assert (
        said("alarm.raised", {"alarm": {**alarm, "kind": "fault", "text": ""}}).zh
        == "报警 老周北斗 fault 东山村"
    )


def test_teams_and_roll_calls_say_both_ends() -> None:
    team = {"name_zh": "湖队", "standby": True}
    assert said("team.standby_changed", {"team": team}).zh == "湖队 转入备勤"
    assert said("team.standby_changed", {"team": {**team, "standby": False}}).zh == "湖队 转为休勤"
    call = {"title": "晨间点名", "answered": 3, "total": 4}
    assert said("roll_call.opened", {"roll_call": call}).zh == "点名 晨间点名"
    assert said("roll_call.closed", {"roll_call": call}).zh == "点名结束 晨间点名 应答 3/4"


def test_somebody_late_is_late_by_minutes() -> None:
    member = {"name": "王军", "late_min": 22, "remark": ""}
    assert said("handover.late", {"member": member}).zh == "王军 迟到接班 22 分钟"
    assert said("handover.left", {"member": member}).zh == "王军 离岗"


INCIDENT = {
    "number": "SJ-1",
    "title": "溺水",
    "event_code": "12Y00",
    "source": "telephone",
    "close_reason": None,
}
MATTER = {"kind": "clock", "text": "续报", "made_by": "刘海", "outcome": ""}


@pytest.mark.parametrize(
    ("type_", "body", "zh", "source"),
    [
        (
            "alarm.confirmed",
            {"alarm": {"device_label": "老周北斗"}, "incident": INCIDENT},
            "核实报警 老周北斗,立案 SJ-1 溺水",
            "设备报警",
        ),
        ("incident.opened", {"incident": INCIDENT}, "立案 SJ-1 溺水", "电话"),
        (
            "delivery.failed",
            {"delivery": {"address": "0500123", "reason": None}},
            "消息发送失败 0500123",
            "系统",
        ),
        (
            "notice.sent",
            {"notice": {"person_name": "周敏", "text": "请整改", "step": "app", "sent_by": ""}},
            "通知 周敏:请整改",
            "系统",
        ),
        (
            "notice.sent",
            {"notice": {"person_name": "周敏", "text": "请整改", "step": "none", "sent_by": "刘海"}},
            "通知未能送达(未登录) 周敏:请整改",
            "刘海",
        ),
        (
            "notice.read",
            {"notice": {"person_name": "周敏", "text": "请整改", "step": "sms", "sent_by": ""}},
            "通知已阅 周敏:请整改",
            "周敏",
        ),
        ("text.received", {"text": {"text": "桥断了", "device_label": "老周北斗"}}, "桥断了", "老周北斗"),
        ("leave.approved", {"leave": {"person_name": "王军", "remark": ""}}, "王军 准假", "王军"),
        ("roster.published", {"month": "2025-07-01"}, "值班表发布 2025-07", "值班室"),
        ("roster.overridden", {"override": {"reason": "加班", "made_by": "刘海"}}, "排班调整:加班", "刘海"),
        (
            "roster.temporary_set",
            {"temporary": {"reason": "三级值班", "made_by": "刘海"}},
            "临时排班:三级值班",
            "刘海",
        ),
        ("handover.opened", {"handover": {"post_name": "中心"}}, "开始交接班 中心", "值班室"),
        ("handover.completed", {"owner": {"lead_name": "刘海"}}, "交接班完成,刘海 接班", "值班室"),
        (
            "handover.signed",
            {"signature": {"part": "leader", "person_name": "周敏", "reason": ""}},
            "带班领导签字 周敏",
            "周敏",
        ),
        ("handover.matter_due", {"matter": MATTER}, "到期事项:续报", "刘海"),
        ("handover.matter_closed", {"matter": MATTER}, "办结事项:续报", "刘海"),
    ],
)
def test_what_the_house_tells_is_a_sentence_with_a_source(
    type_: str, body: dict[str, object], zh: str, source: str
) -> None:
    words = said(type_, body)
    assert (words.zh, words.source) == (zh, source)
    assert words.en
    assert words.lines
