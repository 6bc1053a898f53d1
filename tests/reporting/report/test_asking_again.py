"""What a report says is being verified is asked for again, until somebody knows or a newer version says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.reporting.report.rules.asking import next_ask, still_unknown, whom_to_ask
from app.reporting.watcher import ReportWatch
from tests.api.desk import Desk
from tests.reporting.report.test_report_chain import INITIAL, did, drafted
from tests.reporting.reporting_evening import POLICY
from tests.reporting.seats import ON_DESK, ON_SHIFT, ON_TOWN, seat_people
from tests.world import SECRET_KIND, STREAM

NOON = datetime(2025, 6, 18, 12, 0)  # noqa: DTZ001  one clock of the county
EVERY = timedelta(minutes=15)
CALLER = ("张三", "13900000009")
DESK_OF_PLACE = ("东镇应急管理所", "0799-5550111")


@pytest.mark.parametrize(
    ("commander", "callers", "post", "whom"),
    [
        ("王队 13800000001", [CALLER], DESK_OF_PLACE, "现场负责人王队 13800000001"),
        ("", [CALLER], DESK_OF_PLACE, "张三 13900000009"),
        ("", [("路人", ""), CALLER], DESK_OF_PLACE, "张三 13900000009"),
        ("", [("", "13900000009")], DESK_OF_PLACE, "13900000009"),
        ("", [("路人", "")], DESK_OF_PLACE, "东镇应急管理所 0799-5550111"),
        ("", [], ("", ""), "东镇值班室"),
    ],
)
def test_who_commands_there_is_asked_then_who_told_of_it_then_the_desk_of_the_place(
    commander: str, callers: list[tuple[str, str]], post: tuple[str, str], whom: str
) -> None:
    assert whom_to_ask(commander, callers, post, "东镇") == whom


@pytest.mark.parametrize(
    ("said", "now", "still"),
    [
        (["起因", "被困"], ["起因", "被困", "损失"], ("起因", "被困")),
        (["起因", "被困"], ["被困"], ("被困",)),
        (["起因"], [], ()),
        ([], ["起因"], ()),
    ],
)
def test_only_what_the_version_said_and_the_record_does_not_know_is_asked(
    said: list[str], now: list[str], still: tuple[str, ...]
) -> None:
    assert still_unknown(said, now) == still


@pytest.mark.parametrize(("asked", "at"), [(1, NOON + EVERY), (11, NOON + EVERY), (12, None), (13, None)])
def test_it_is_asked_every_so_often_but_not_for_ever(asked: int, at: datetime | None) -> None:
    assert next_ask(asked, 12, EVERY, NOON) == at


async def _look(desk: Desk, minutes: float) -> None:
    desk.world.later(minutes=minutes)
    await ReportWatch(desk.world.database, desk.world.clock, STREAM, POLICY).look()


async def _asked(desk: Desk) -> list[tuple[str, list[str]]]:
    """Return who was to be asked for what, ask by ask."""
    events = [one for one in await desk.world.events() if one["type"] == "report.reasked"]
    return [(one["addressee"], one["words"].split("、")) for one in events]


async def _notices(desk: Desk) -> list[dict[str, Any]]:
    return await desk.world.rows(
        "SELECT p.name_zh AS name, n.text, n.step FROM notice n JOIN person p ON p.id = n.person_id "
        "WHERE n.topic = 'reporting' AND n.text LIKE '%未核实项%' ORDER BY n.id"
    )


@pytest.mark.database
async def test_the_desk_is_told_whom_to_ask_every_quarter_of_an_hour_until_the_record_knows(
    desk: Desk,
) -> None:
    await seat_people(desk.world)
    incident = await desk.world.incident()
    report = await drafted(desk, incident.id)
    assert "被困" in report["unknown"]
    await _look(desk, 14)
    assert await _asked(desk) == []
    await _look(desk, 1.1)
    ((whom, fields),) = await _asked(desk)
    assert (whom, fields) == ("东镇应急管理所 0799-5550111", report["unknown"])
    told = await _notices(desk)
    assert {(one["name"], one["step"]) for one in told} == {(ON_DESK, "none"), (ON_SHIFT, "none")}
    assert told[0]["text"].endswith("请向东镇应急管理所 0799-5550111核实并续报(第1次提醒)")
    # A restart asks nothing twice, and what the record knows is not asked for.
    await _look(desk, 0)
    figure = {"kind": "trapped", "value": 3, "source": "现场"}
    await did(desk, "officer", f"/api/incidents/{incident.id}/figures", figure)
    await _look(desk, 15)
    _, (_, fields) = await _asked(desk)
    assert "被困" not in fields and "起因" in fields
    seen = await did(desk, "officer", f"/api/reports/{report['id']}", method="GET")
    assert seen["asked"] == 2


@pytest.mark.database
async def test_a_newer_version_asks_for_itself_and_a_closed_incident_asks_nothing(desk: Desk) -> None:
    incident = await desk.world.incident()
    first = await drafted(desk, incident.id)
    await did(desk, "officer", f"/api/reports/{first['id']}/drop", {"reason": "重写"})
    second = await drafted(desk, incident.id)
    await _look(desk, 16)
    timers = await desk.world.rows("SELECT id, asked, reask_at FROM written_report ORDER BY id")
    assert [(one["id"], one["asked"], one["reask_at"] is None) for one in timers] == [
        (first["id"], 0, True),
        (second["id"], 1, False),
    ]
    await did(desk, "lead", f"/api/incidents/{incident.id}/close", {"reason": "已处置"})
    await _look(desk, 16)
    assert len(await _asked(desk)) == 1


@pytest.mark.database
async def test_a_township_asks_for_its_own_reports_and_the_centre_does_not_hear_of_it(desk: Desk) -> None:
    await seat_people(desk.world)
    incident = await desk.world.incident()
    await did(desk, "east", f"/api/incidents/{incident.id}/reports", INITIAL)
    await _look(desk, 16)
    assert {one["name"] for one in await _notices(desk)} == {ON_TOWN}


@pytest.mark.database
async def test_it_stops_after_so_many_times_and_a_house_that_slept_asks_once(desk: Desk) -> None:
    incident = await desk.world.incident()
    await drafted(desk, incident.id)
    await _look(desk, 200)
    assert len(await _asked(desk)) == 1
    for _ in range(14):
        await _look(desk, 15)
    assert len(await _asked(desk)) == POLICY.rules.semantics.messages.asks == 12


@pytest.mark.database
async def test_of_a_need_to_know_incident_only_the_screens_of_its_readers_tell(desk: Desk) -> None:
    await seat_people(desk.world)
    incident = await desk.world.incident(event_code=SECRET_KIND)
    await drafted(desk, incident.id)
    await _look(desk, 16)
    assert await _notices(desk) == []
    (row,) = await desk.world.rows("SELECT restricted FROM journal WHERE type = 'report.reasked'")
    assert row["restricted"] is True
