"""Whether a team comes is data for other programs: complaint 32 of field.md."""

from __future__ import annotations

import pytest

from tests.api.desk import Desk
from tests.world import HILL, RIVER

pytestmark = pytest.mark.database


async def test_come_and_not_come_are_events_with_who_when_and_by_what_means(desk: Desk) -> None:
    """https://github.com/fwmarcel/home-assistant-divera/issues/68: the answer was on a screen only."""
    incident = await desk.world.incident()
    sent = {
        team: (
            await desk.post("officer", f"/api/incidents/{incident.id}/assignments", {"team_id": team})
        ).json()
        for team in (RIVER, HILL)
    }
    comes, does_not = (f"/api/assignments/{sent[team]['id']}/steps" for team in (RIVER, HILL))
    assert (await desk.post("crew", comes, {"step": "acknowledge"})).status_code == 200
    declined = {"step": "decline", "channel": "radio", "reason": "道路中断"}
    assert (await desk.post("officer", does_not, declined)).status_code == 200

    heard = (await desk.read("officer", "/api/events?limit=1000"))["events"]
    answers = {
        event["type"]: event["assignment"]
        for event in heard
        if event["type"] in ("assignment.acknowledged", "assignment.declined")
    }
    come, refused = answers["assignment.acknowledged"], answers["assignment.declined"]
    assert (come["team_id"], come["state"], come["answer_channel"]) == (RIVER, "acknowledged", "app")
    assert come["acknowledged_at"] == "2025-06-17T18:13:20Z"
    assert (refused["team_id"], refused["state"], refused["reason"]) == (HILL, "declined", "道路中断")
    assert (refused["answer_channel"], refused["declined_at"]) == ("radio", "2025-06-17T18:13:20Z")
