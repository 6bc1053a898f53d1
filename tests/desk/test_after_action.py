"""What an incident took, against its targets and against earlier ones: nobody fills it in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.after_action_page import roads_chart
from app.desk.after_action.facts import TeamRoadFact
from app.desk.after_action.rules import SPANS, Road, earlier_spans, quicker_than, spans_of
from app.dispatch.actions import incidents
from tests.api.desk import Desk, problem
from tests.world import ZONE

AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
_instants = st.none() | st.integers(0, 86_400).map(lambda s: AT + timedelta(seconds=s))


def test_spans_are_counted_from_milestone_to_milestone_and_missing_ones_are_none() -> None:
    road = Road(
        heard=AT,
        assigned=AT + timedelta(minutes=4, seconds=10),
        acknowledged=AT + timedelta(minutes=9, seconds=30),
        on_scene=AT + timedelta(minutes=38, seconds=40),
    )
    assert spans_of(road) == {
        "first_order": 250,
        "answer": 320,
        "turnout": None,
        "on_scene": 2320,
        "done": None,
        "closed": None,
    }


@given(st.builds(Road, *[_instants] * 7), st.lists(st.integers(0, 10_000)))
def test_no_span_is_negative_and_a_share_is_a_share(road: Road, earlier: list[int]) -> None:
    found = spans_of(road)
    assert set(found) == {name for name, *_ in SPANS}
    assert all(seconds is None or seconds >= 0 for seconds in found.values())
    assert all(seconds >= 0 for many in earlier_spans([road]).values() for seconds in many)
    share = quicker_than(found["closed"], earlier)
    assert (share is None) == (found["closed"] is None or not earlier)
    assert share is None or 0 <= share <= 1


def test_the_chart_draws_each_stretch_of_a_team_and_nothing_that_did_not_happen() -> None:
    late = TeamRoadFact(
        team_name="临溪队",
        state="on_scene",
        assigned_at=AT,
        acknowledged_at=AT + timedelta(minutes=5),
        en_route_at=None,
        on_scene_at=AT + timedelta(minutes=30),
        task_done_at=None,
    )
    chart = roads_chart([late], ZONE)
    assert chart is not None
    assert [bar.kind for bar in chart.bars] == ["answer"]
    assert [words for _, words in chart.marks] == ["02:13", "02:20", "02:28", "02:35", "02:43"]
    assert roads_chart([], ZONE) is None


@pytest.mark.database
async def test_the_report_compares_an_incident_with_earlier_ones_of_its_kind(desk: Desk) -> None:
    world = desk.world
    for minutes in (10, 30):
        before = await world.incident(title="以前的")
        world.later(minutes=minutes)
        await world.do(
            lambda tx, i=before.id: incidents.close(  # type: ignore[misc]
                tx, world.people["officer"], i, "已处置", world.clock.now()
            )
        )
    now = await world.incident()
    world.later(minutes=3)
    await world.send(incident_id=now.id)
    world.later(minutes=17)
    report = await desk.read("officer", f"/api/incidents/{now.id}/after-action")
    spans = {span["name"]: span for span in report["spans"]}
    assert report["compared"] == 2
    assert spans["first_order"]["seconds"] == 180
    assert spans["closed"]["seconds"] is None
    assert spans["closed"]["earlier"]["measured"] == 2
    assert len(report["unanswered"]) == 1
    page = await desk.get("officer", f"/api/incidents/{now.id}/after-action.html")
    assert page.status_code == 200
    assert "<svg" in page.text and "未接单" in page.text and "<script" not in page.text
    problem(await desk.get("west", f"/api/incidents/{now.id}/after-action"), 404, "not_found")
