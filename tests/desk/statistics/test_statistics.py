"""Statistics through the public API: what is counted, for whom, the list behind a figure, the tables."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from app.desk.statistics.facts import MEASURES
from tests.api.desk import Desk, problem
from tests.world import EAST, EAST_BANK, HILL, LAKE, RIVER, SECRET_KIND, STREAM, WEST_LAKE

pytestmark = pytest.mark.database


def month(desk: Desk) -> str:
    return f"kind=month&on={desk.world.clock.now().date()}"


async def told(desk: Desk, who: str = "leader", period: str = "") -> dict[str, Any]:
    """What is told of the month, by measure."""
    found = await desk.read(who, f"/api/statistics?{period or month(desk)}")
    assert [one["what"] for one in found["measures"]] == list(MEASURES)
    return {one["what"]: one for one in found["measures"]}


async def listed(desk: Desk, what: str, more: str = "", who: str = "leader") -> list[dict[str, Any]]:
    found = await desk.read(who, f"/api/statistics/counted?{month(desk)}&what={what}&span=0{more}")
    return list(found["rows"])


async def took(desk: Desk, incident: int, team: int, *minutes: float) -> None:
    """An assignment that was acknowledged, left, arrived and was done after so many minutes."""
    world = desk.world
    await world.send(team, incident)
    (row,) = await world.rows("SELECT max(id) AS id FROM assignment")
    names = ("acknowledged_at", "en_route_at", "on_scene_at", "task_done_at")
    for name, after in zip(names, minutes, strict=False):
        await world.run(
            f"UPDATE assignment SET {name} = assigned_at + :after WHERE id = :id",
            after=timedelta(minutes=after),
            id=row["id"],
        )


def figure(one: dict[str, Any], n: int = 0) -> tuple[int, int, int]:
    found = one["figures"][n]
    return found["counted"], found["judged"], found["good"]


async def test_incidents_and_the_times_of_the_road_are_counted_by_type_level_township_and_kind_of_team(
    desk: Desk,
) -> None:
    world = desk.world
    first, second = await world.incident(), await world.incident(region_code=WEST_LAKE)
    await took(desk, first.id, RIVER, 1, 4, 20, 60)
    await took(desk, first.id, HILL, 3, 6)
    await took(desk, second.id, LAKE, 5)
    found = await told(desk)
    assert found["incidents"]["figures"][0]["counted"] == 2
    by = {(row["by"], row["key"]): row["figures"][0]["counted"] for row in found["incidents"]["rows"]}
    assert by["place", EAST] == 1
    assert [row["name_zh"] for row in found["incidents"]["rows"] if row["by"] == "level"] == ["一般"]
    answer = found["acknowledged"]["figures"][0]
    assert (answer["measured"], answer["p50_s"], answer["p90_s"]) == (3, 180.0, 276.0)
    assert (answer["judged"], answer["good"]) == (3, 2)
    assert found["turnout"]["figures"][0]["p50_s"] == 300.0
    assert found["arrived"]["figures"][0]["p50_s"] == 1200.0
    assert found["done"]["figures"][0]["p50_s"] == 2400.0
    assert found["first_order"]["figures"][0]["counted"] == 2
    assert sum(row["figures"][0]["counted"] for row in found["turnout"]["rows"] if row["by"] == "kind") == 3
    # The list behind a figure is what the figure counted.
    for what, one in found.items():
        rows = await listed(desk, what)
        assert len(rows) == one["figures"][0]["counted"], what
        for row in one["rows"]:
            some = await listed(desk, what, f"&by={row['by']}&key={row['key']}")
            assert len(some) == row["figures"][0]["counted"], (what, row["key"])
        assert len(await listed(desk, what, "&good=false")) == (
            one["figures"][0]["judged"] - one["figures"][0]["good"]
        )
    late = await listed(desk, "acknowledged", "&good=false")
    assert [(row["value_s"], row["page"]) for row in late] == [(300.0, f"/i/{second.id}")]


async def test_a_township_counts_its_own_and_a_need_to_know_incident_is_counted_for_who_may_know(
    desk: Desk,
) -> None:
    world = desk.world
    mine = await world.incident()
    await world.incident(region_code=WEST_LAKE)
    await world.incident(event_code=SECRET_KIND)
    assert figure((await told(desk))["incidents"])[0] == 3
    assert figure((await told(desk, "east"))["incidents"])[0] == 1
    (seen,) = await listed(desk, "incidents", who="east")
    assert seen["title"].startswith(mine.number)
    problem(await desk.get("crew", f"/api/statistics?{month(desk)}"), 403, "not_permitted")
    problem(await desk.get("crew", f"/api/statistics/counted?{month(desk)}&what=calls"), 403, "not_permitted")


async def test_drills_never_count(desk: Desk) -> None:
    world = desk.world
    now = world.clock.now()
    for drill in (True, False):
        await world.run(
            "INSERT INTO callout_round (stream, kind, cause_kind, title, colour, hazard, expected, area,"
            " harm, drill, region_codes, limits, limits_version, state, started_at, started_by, drawn_by,"
            " draw_seed, ended_by, ended_words) VALUES (:stream, 'alert', 'hand', '暴雨', 'red', '', '', '',"
            " '', :drill, '{}', '{}', 0, 'ended', :now, '', '', '', '', '')",
            stream=STREAM,
            drill=drill,
            now=now,
        )
        await world.run(
            "INSERT INTO callout_target (round_id, tier, region_code, ordinal, name, caller, gaps, begun_at,"
            " due_at, tried, answered_at, answered_by, answered_means, answered_words, drawn, verified_by,"
            " verified_words) SELECT max(id), 'village', :place, 1, '东岸村', '', '{}', :now,"
            " CAST(:now AS timestamptz) + interval '10 min', 0,"
            " CAST(:now AS timestamptz) + interval '4 min', '', '', '', false, '', '' FROM callout_round",
            place=EAST_BANK,
            now=now,
        )
    found = (await told(desk))["callouts"]
    assert figure(found) == (1, 1, 1)
    assert found["figures"][0]["p50_s"] == 240.0
    assert [row["name_zh"] for row in found["rows"] if row["by"] == "level"] == ["红色"]


async def test_a_period_stands_beside_the_one_before_and_the_same_of_last_year(desk: Desk) -> None:
    world = desk.world
    now = world.clock.now()
    made = [await world.incident() for _ in range(6)]
    for incident, ago in zip(made[1:], (7, 7, 364, 364, 364), strict=True):
        await world.run(
            "UPDATE incident SET received_at = :at WHERE id = :id",
            at=now - timedelta(days=ago, minutes=1),
            id=incident.id,
        )
    found = (await told(desk, period=f"kind=week&on={now.date()}"))["incidents"]
    assert [one["counted"] for one in found["figures"]] == [1, 2, 3]


async def test_periods_that_run_backwards_or_are_too_long_are_refused(desk: Desk) -> None:
    for period in ("kind=free&on=2025-06-10&until=2025-06-01", "kind=free&on=2023-06-10&until=2025-06-01"):
        problem(await desk.get("leader", f"/api/statistics?{period}"), 422, "invalid_input")


async def test_tables_say_how_each_figure_is_counted_and_hold_no_formula(desk: Desk) -> None:
    world = desk.world
    await world.incident()
    await world.run("UPDATE event_type SET name_zh = '=HYPERLINK(\"http://x\")'")
    book = await desk.get("leader", f"/api/statistics.xlsx?{month(desk)}")
    rows = list(load_workbook(io.BytesIO(book.content)).worksheets[0].iter_rows())
    named = [row for row in rows if str(row[2].value).startswith("=")]
    assert named and all(row[2].data_type == "s" for row in named)
    plain = await desk.get("leader", f"/api/statistics.csv?{month(desk)}")
    assert plain.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in plain.headers["content-disposition"]
    every = list(csv.reader(io.StringIO(plain.content.decode("utf-8-sig"))))
    lines = every[: next(at for at, line in enumerate(every) if len(line) != len(every[0]))]
    assert "sha256" in str(every[len(lines) :])  # its proof
    assert [line[2] for line in lines if "HYPERLINK" in line[2]] == ['\'=HYPERLINK("http://x")']
    (whole,) = [line for line in lines if line[:2] == ["突发事件", "合计"]]
    assert whole[3] == "1" and "按接报时间" in whole[-1]
    assert len({len(line) for line in lines}) == 1
