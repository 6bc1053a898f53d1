"""Who is called when: the consoles ring on, messages go in steps and name everything that is late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.dispatch.actions import incidents
from app.dispatch.actions.telling import note_telling
from app.dispatch.commands import IncidentIn
from app.nodes import RulesInvalid
from app.reporting.follow import follow_incidents
from app.reporting.rules.messages import Messages, message_due
from app.reporting.rules.profile import read_rules
from app.reporting.settings import CHINA, SHIPPED
from app.reporting.watcher import ReportWatch
from tests.reporting.reporting_evening import LEADER, POLICY
from tests.reporting.seats import ON_LEAD, seat_people
from tests.reporting.telling import RULES, clock
from tests.world import EAST_HILL, OPEN_KIND, SECRET_KIND, STREAM, ZONE, World

DUE = clock("05:40:00")
TEXT = SHIPPED.read_text(encoding="utf-8")
CONSOLES = [DUE + timedelta(minutes=5 * n) for n in range(30)]


def told_at(dues: list[datetime], messages: Messages, until: datetime) -> list[str]:
    """Let time pass; return when a message went out, each naming all that is late."""
    told: dict[datetime, datetime] = {}
    went = []
    for now in (one for one in CONSOLES if one <= until):
        late = [due for due in dues if due <= now]
        if any(message_due(due, messages, told.get(due), now) for due in late):
            went.append(f"{now:%H:%M}")
            told |= dict.fromkeys(late, now + timedelta(milliseconds=400))
    return went


@pytest.mark.parametrize(
    ("dues", "messages", "went"),
    [
        ([DUE], Messages(), ["05:40", "05:55", "06:25", "06:55", "07:25"]),
        # Two that are late together go on together: five minutes after a message nobody needs another.
        ([DUE, clock("05:45:00")], Messages(), ["05:40", "05:45", "06:00", "06:25", "06:55", "07:25"]),
        ([DUE, clock("05:50:00")], Messages(), ["05:40", "05:50", "06:05", "06:25", "06:55", "07:25"]),
        ([DUE], Messages(after=(timedelta(),), then_every=timedelta(hours=1)), ["05:40", "06:40", "07:40"]),
        ([DUE], Messages(after=(timedelta(minutes=10),)), ["05:50", "06:20", "06:50", "07:20"]),
    ],
)
def test_messages_go_at_the_due_a_quarter_of_an_hour_later_and_then_every_half_hour(
    dues: list[datetime], messages: Messages, went: list[str]
) -> None:
    assert told_at(dues, messages, clock("07:45:00")) == went


def test_before_the_due_and_right_after_a_message_nobody_is_called() -> None:
    assert not message_due(DUE, Messages(), None, DUE - timedelta(seconds=1))
    assert not message_due(DUE, Messages(), DUE, DUE + timedelta(minutes=14))
    # A house that slept over two steps calls once.
    assert message_due(DUE, Messages(), DUE, DUE + timedelta(minutes=50))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("messages_after_due_min: [0, 15]", "messages_after_due_min: [15, 0]", "递增"),
        ("messages_after_due_min: [0, 15]", "messages_after_due_min: []", "至少一个"),
        ("messages_after_due_min: [0, 15]", "messages_after_due_min: [0, 7]", "倍数"),
        ("messages_after_due_min: [0, 15]", "messages_after_due_min: [0, soon]", "不是整数"),
        ("messages_then_every_min: 30", "messages_then_every_min: 32", "倍数"),
        ("messages_then_every_min: 30", "messages_then_every_min: 0", "0不在1至"),
        ("unknown_field_asks_most: 12", "unknown_field_asks_most: 97", "97不在1至96"),
        ("unknown_field_asks_most: 12", "unknown_field_asks: 12", "不认识的项"),
    ],
)
def test_steps_that_cannot_be_meant_are_named_with_their_line(before: str, after: str, said: str) -> None:
    with pytest.raises(RulesInvalid) as refused:
        read_rules(TEXT.replace(before, after), "own.yaml", CHINA)
    (fault,) = refused.value.faults
    assert said in fault.zh
    assert fault.line == TEXT[: TEXT.index(before)].count("\n") + 1


def test_a_countys_file_of_before_these_keys_reads_as_it_did() -> None:
    keys = ("messages_after_due_min", "messages_then_every_min", "unknown_field_asks_most")
    old = "\n".join(line for line in TEXT.splitlines() if not line.strip().startswith(keys))
    assert read_rules(old, "own.yaml", CHINA).semantics == RULES.semantics


@pytest.fixture
async def staffed(world: World) -> World:
    """The county with an officer, a shift lead and a leader at the centre, each with a telephone."""
    follow_incidents(world.database, POLICY)
    await seat_people(world)
    return world


async def opened(world: World, kind: str = OPEN_KIND) -> int:
    told = IncidentIn(event_code=kind, region_code=EAST_HILL)
    by = world.people["lead"]
    return int((await world.do(lambda tx: incidents.open_by_hand(tx, by, told, world.clock.now(), ZONE))).id)


async def pass_minutes(world: World, minutes: int) -> None:
    for _ in range(minutes):
        world.later(minutes=1)
        await ReportWatch(world.database, world.clock, STREAM, POLICY).look()


async def notices(world: World) -> list[tuple[str, str, str]]:
    """Return what was said to whom and whether an SMS went out, in order."""
    rows = await world.rows(
        "SELECT p.name_zh AS name, n.text, n.step FROM notice n JOIN person p ON p.id = n.person_id "
        "WHERE n.topic = 'reporting' ORDER BY n.id"
    )
    return [(row["name"], row["step"], row["text"]) for row in rows]


@pytest.mark.database
async def test_before_the_due_screens_tell_and_after_it_one_message_names_all_that_is_late(
    staffed: World,
) -> None:
    incident = await opened(staffed)
    await pass_minutes(staffed, 16)
    told = await notices(staffed)
    assert {step for _, step, text in told if "超时" not in text and "时限,请" not in text} == {"none"}
    leader = [text for name, step, text in told if (name, step) == (ON_LEAD, "sms")]
    # 5 minutes: the call to the leader; 15: the one to the bureau's head, and both are named.
    assert [text.split(" ", 1)[1] for text in leader] == [
        "县应急指挥中心→带班领导电话初报已到时限,请立即报送并说明原因",
        "2项报送超时,请立即报送并说明原因:县应急指挥中心→带班领导电话初报已超时10分钟、"
        "县应急指挥中心→局主要负责人电话初报已到时限",
    ]
    english = await staffed.rows(
        "SELECT text_en FROM notice WHERE topic = 'reporting' ORDER BY id DESC LIMIT 1"
    )
    assert english[0]["text_en"].split(" ", 1)[1] == (
        "2 reports are late, send them now and say why: county centre → leader in charge, initial report by "
        "phone is 10 min late, county centre → head of the bureau, initial report by phone is due now"
    )
    # The consoles rang every five minutes meanwhile.
    rang = await staffed.rows(
        "SELECT count(*) AS n FROM journal WHERE type = 'report.overdue' AND body->'due'->>'receiver' = 'L'"
    )
    assert rang[0]["n"] == 3
    # 5 minutes after a message another step says nothing; what is made is not named any more.
    by = staffed.people["lead"]
    await staffed.do(lambda tx: note_telling(tx, by, incident, LEADER, staffed.clock.now()))
    await pass_minutes(staffed, 14)
    (last,) = [text for name, _, text in (await notices(staffed))[len(told) :] if name == ON_LEAD]
    assert "局主要负责人" in last and "带班领导电话" not in last


@pytest.mark.database
async def test_of_a_need_to_know_incident_nobody_gets_a_message(staffed: World) -> None:
    await opened(staffed, SECRET_KIND)
    await pass_minutes(staffed, 8)
    assert await notices(staffed) == []
    marks = await staffed.rows("SELECT DISTINCT messaged_at FROM report_due")
    assert [one["messaged_at"] for one in marks] == [None]
