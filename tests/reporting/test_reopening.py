"""A closed incident is opened again: its clocks begin anew, its chain of reports goes on, flags stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from app.dispatch.commands import TellingIn
from app.reporting.report.rules.steps import Stands, next_in_chain
from app.reporting.rules.situation import Closing, LevelSet, Situation
from app.reporting.rules.terms import Level
from app.reporting.watcher import ReportWatch
from tests.api.desk import Desk
from tests.reporting.report.test_report_chain import TO, did, drafted, refused, sent
from tests.reporting.telling import clock, rows, telling
from tests.world import STREAM

ENDED, AGAIN, OVER = clock("12:00"), clock("06-20 09:30"), clock("06-20 15:00")
Row = tuple[int, datetime, bool]


def incident(level: Level = "general") -> Situation:
    at = clock("09:00")
    return Situation("SJ", "11A01", at, (LevelSet(at, level),), occurred=at, received={"C": at})


def finals(situation: Situation, now: datetime) -> list[Row]:
    found = rows(situation, now, "final").get(("C", "P", "written"), [])
    return [(due.round, due.at, due.done is not None) for due in found]


REOPENED = replace(incident(), closings=(Closing(ENDED, AGAIN),))
OVER_AGAIN = replace(REOPENED, ended=OVER)
FIRST = (1, clock("06-19 12:00"), True)


@pytest.mark.parametrize(
    ("situation", "told", "asked"),
    [
        (replace(incident(), ended=ENDED), [], [(1, clock("06-19 12:00"), False)]),
        (REOPENED, [], []),
        (REOPENED, [clock("13:00")], [FIRST]),
        (OVER_AGAIN, [], [(2, clock("06-21 15:00"), False)]),
        (OVER_AGAIN, [clock("13:00")], [FIRST, (2, clock("06-21 15:00"), False)]),
        (OVER_AGAIN, [clock("06-20 16:00")], [(2, clock("06-21 15:00"), True)]),
        (
            OVER_AGAIN,
            [clock("13:00"), clock("06-20 16:00")],
            [FIRST, (2, clock("06-21 15:00"), True)],
        ),
        # What was sent after the reopening, before the second end, ends nothing.
        (OVER_AGAIN, [clock("06-20 10:00")], [(2, clock("06-21 15:00"), False)]),
    ],
)
def test_each_end_asks_for_its_own_final_report(
    situation: Situation, told: Sequence[datetime], asked: list[Row]
) -> None:
    for at in told:
        situation = telling(situation, "C", "P", "written", at, "final")
    assert finals(situation, clock("06-20 18:00")) == asked


@pytest.mark.parametrize(
    ("level", "due"),
    [
        ("general", clock("06-20 23:59:59")),  # once a day, from the day of the reopening on
        ("larger", clock("06-20 11:30")),  # every two hours of the first twelve
        ("extraordinary", clock("06-20 10:30")),
    ],
)
def test_follow_ups_begin_anew_with_the_reopening(level: Level, due: datetime) -> None:
    told = telling(incident(level), "C", "P", "written", clock("11:30"))
    assert ("C", "P", "written") not in rows(replace(told, ended=ENDED), clock("12:01"), "followup")
    again = replace(told, closings=(Closing(ENDED, AGAIN),))
    (found,) = rows(again, AGAIN, "followup")["C", "P", "written"]
    assert found.at == due


@pytest.mark.parametrize(("level", "minutes"), [("general", 30), ("larger", 20), ("major", 15)])
def test_the_reopening_itself_is_told_to_whom_the_final_report_went(level: Level, minutes: int) -> None:
    again = replace(incident(level), closings=(Closing(ENDED, AGAIN),))
    found = rows(again, AGAIN, "followup_on_event")
    for receiver in ("P", "CG"):
        (due,) = found["C", receiver, "written"]
        assert due.at == clock(f"06-20 {9 + (30 + minutes) // 60:02}:{(30 + minutes) % 60:02}")
    done = telling(again, "C", "P", "written", clock("06-20 09:40"), "followup")
    (due,) = rows(done, clock("06-20 09:41"), "followup_on_event")["C", "P", "written"]
    assert due.done is not None


def test_a_chain_goes_on_after_a_final_report_only_where_the_incident_was_reopened() -> None:
    chain = [Stands("initial", "sent", clock("10:00")), Stands("final", "sent", clock("13:00"))]
    assert next_in_chain("followup", chain) == "over"
    assert next_in_chain("followup", chain, ENDED) == "over"
    assert next_in_chain("followup", chain, AGAIN) == ""
    assert next_in_chain("initial", chain, AGAIN) == "initial_twice"
    chain.append(Stands("final", "sent", clock("06-20 16:00")))
    assert next_in_chain("followup", chain, AGAIN) == "over"


FINAL = TellingIn(whom="市应急管理局", receiver="P", channel="written", kind="final", receipt="回执1号")


async def reported(desk: Desk, incident: int) -> list[dict[str, Any]]:
    dues: list[dict[str, Any]] = (await desk.read("lead", f"/api/incidents/{incident}/reporting"))["dues"]
    return [due for due in dues if (due["kind"], due["receiver"]) == ("final", "P")]


@pytest.mark.database
async def test_after_a_reopening_another_final_is_due_and_the_first_keeps_its_flag(desk: Desk) -> None:
    world = desk.world
    number = (await world.incident()).id
    await world.run("UPDATE login_session SET expires_at = expires_at + interval '9 days'")
    path = f"/api/incidents/{number}"
    await did(desk, "lead", f"{path}/close", {"reason": "已处置"})
    world.later(hours=25)
    watch = ReportWatch(world.database, world.clock, STREAM, desk.house.reporting)
    await watch.look()
    world.later(hours=1)
    await did(desk, "lead", f"{path}/tellings", FINAL.model_dump(mode="json", exclude_defaults=True))
    (first,) = await reported(desk, number)
    assert (first["state"], first["late_minutes"], first["round"]) == ("done_late", 120, 1)

    world.later(hours=1)
    await did(desk, "lead", f"{path}/reopen", {"reason": "又有人被困"})
    told = await desk.read("lead", f"{path}/reporting")
    assert [fact["kind"] for fact in told["known"]][:2] == ["reopened", "ended"]
    asked = {due["kind"] for due in told["dues"] if due["state"] == "running"}
    assert {"followup", "followup_on_event"} <= asked
    assert "final" not in asked

    world.later(hours=1)
    await did(desk, "lead", f"{path}/close", {"reason": "全部获救"})
    second, first = await reported(desk, number)
    assert (second["round"], second["state"], second["late"]) == (2, "running", [])
    assert (first["round"], first["state"], first["late_minutes"]) == (1, "done_late", 120)
    assert [flag["minutes"] for flag in first["late"]] == [60, 120]


@pytest.mark.database
async def test_the_numbers_of_the_chain_go_on_after_a_reopening(desk: Desk) -> None:
    incident = await desk.world.incident()
    path = f"/api/incidents/{incident.id}"
    followup, final = ({"kind": kind, "addressees": TO} for kind in ("followup", "final"))
    await sent(desk, await drafted(desk, incident.id))
    await sent(desk, await drafted(desk, incident.id, followup))
    await did(desk, "officer", f"{path}/close", {"reason": "已处置"})
    await sent(desk, await drafted(desk, incident.id, final))
    await refused(desk, "officer", f"{path}/reports", 409, "out_of_chain", followup)
    desk.world.later(minutes=10)
    await did(desk, "lead", f"{path}/reopen", {"reason": "又有人被困"})
    assert (await desk.read("officer", f"{path}/reports"))["reopened_at"] is not None
    again = await sent(desk, await drafted(desk, incident.id, followup))
    assert (again["title"][-3:], again["version"], again["seq"]) == ("续报二", 4, 2)
    await did(desk, "officer", f"{path}/close", {"reason": "全部获救"})
    last = await sent(desk, await drafted(desk, incident.id, final))
    assert (last["title"][-3:], last["version"]) == ("终报二", 5)
    assert "全部获救" in last["text"]
    await refused(desk, "officer", f"{path}/reports", 409, "out_of_chain", final)
