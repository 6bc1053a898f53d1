"""Everything can be entered after the fact: three times, channel, voucher; the timeline shows them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.desk import problem
from tests.dark.county import HEAD, Dark
from tests.shelters.refuges import SCHOOL, build
from tests.world import EAST, RIVER

pytestmark = pytest.mark.database
PATH = "/api/late-entries"


def told(kind: str, **more: Any) -> dict[str, Any]:
    times = {"happened_at": "2025-07-02T20:40:00+08:00", "told_at": "2025-07-02T20:50:00+08:00"}
    return {"kind": kind, **times, "channel": "satellite_phone", "voucher": "李明", **more}


async def test_a_figure_and_a_step_stand_in_the_timeline_with_their_three_times(dark: Dark) -> None:
    sent = await dark.world.send(RIVER)
    dark.at("21:00")
    step = told("step", assignment_id=sent.id, step="arrive")
    figure = told("figure", incident_id=sent.incident_id, figure="trapped", value=3)
    for entry in (step, figure):
        entered = await dark.post(PATH, entry)
        assert entered["incident_id"] == sent.incident_id
    lines = (await dark.desk.read("officer", f"/api/incidents/{sent.incident_id}/timeline"))["entries"]
    late = [one for one in lines if one["type"] == "late.entered"]
    assert [
        (one["happened_at"], one["told_at"], one["at"], one["channel"], one["voucher"]) for one in late
    ] == [
        ("2025-07-02T12:40:00Z", "2025-07-02T12:50:00Z", "2025-07-02T13:00:00Z", "satellite_phone", "李明")
    ] * 2
    (step_row,) = await dark.world.rows("SELECT happened_at, channel, proxy FROM assignment_step")
    assert (step_row["happened_at"].isoformat(), step_row["channel"]) == (
        "2025-07-02T12:40:00+00:00",
        "satellite_phone",
    )


async def test_a_call_stands_in_the_duty_log_and_heads_in_the_shelter(dark: Dark) -> None:
    await dark.world.run(
        "INSERT INTO duty_post (id, unit_id, kind, name_zh, region_code, phone) "
        "VALUES (1, 1, 'centre', '中心', '990181000000', '0795')"
    )
    await dark.world.do(build)
    dark.at("20:31")
    await dark.post(f"/api/shelters/{SCHOOL}/opening", {"reason": "汛情"})
    dark.at("21:00")
    call = await dark.post(PATH, told("log", post_id=1, text="洲头来电:平安"))
    assert call["ref_id"] == 1
    heads = await dark.post(PATH, told("heads", shelter_id=SCHOOL, heads=23))
    assert heads["words"].endswith(" 23 人")
    assert [one["kind"] for one in await dark.desk.read("officer", PATH)] == ["heads", "log"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"happened_at": "2025-07-02T20:55:00+08:00"}, "发生时间晚于获知时间"),
        ({"told_at": "2025-07-02T22:00:00+08:00"}, "获知时间晚于现在"),
        ({"happened_at": "2025-07-03T22:00:00+08:00"}, "发生时间晚于现在"),
        ({"happened_at": "2025-05-01T22:00:00+08:00"}, "30 天"),
        ({"channel": ""}, "获知渠道"),
        ({"text": ""}, "写明情况"),
        ({"region_code": None}, "选择地点"),
    ],
)
async def test_times_out_of_order_and_what_is_missing_are_refused_in_both_languages(
    dark: Dark, changes: dict[str, Any], words: str
) -> None:
    dark.at("21:00")
    answer = await dark.desk.post("officer", PATH, told("report", region_code=HEAD, text="滑坡") | changes)
    refused = problem(answer, 422, "invalid_input")
    assert words in refused["zh"] and refused["en"]
    assert await dark.world.rows("SELECT id FROM late_entry") == []


async def test_a_step_before_its_order_is_refused_and_not_shifted(dark: Dark) -> None:
    dark.at("20:45")
    sent = await dark.world.send(RIVER)
    dark.at("21:00")
    answer = await dark.desk.post("officer", PATH, told("step", assignment_id=sent.id, step="arrive"))
    assert "早于派单" in problem(answer, 422, "invalid_input")["zh"]


async def test_a_township_enters_its_own_and_nobody_elses(dark: Dark) -> None:
    dark.at("21:00")
    problem(
        await dark.desk.post("east", PATH, told("report", region_code=HEAD, text="滑坡")),
        403,
        "not_permitted",
    )
    await dark.post(PATH, told("report", region_code=EAST, text="滑坡"), "east")
    assert len(await dark.desk.read("east", PATH)) == 1
    assert await dark.desk.read("west", PATH) == []
