"""Whether a checked post's log is complete: read from its log here, typed where it keeps none."""

from __future__ import annotations

import pytest

from tests.duty.spot_county import EAST_POST, WEST_POST, Round, officer

pytestmark = pytest.mark.database


async def wrote(night: Round, text: str) -> None:
    """Let the east desk write a line."""
    answer = await night.office.post(
        "east",
        f"/api/duty/posts/{EAST_POST}/log/entries",
        {"text": text, "source": "desk", "lines": ["government"]},
    )
    assert answer.status_code == 201, answer.text


async def test_a_log_kept_here_is_judged_by_its_own_rule_and_another_as_typed(spot_round: Round) -> None:
    night, world = spot_round, spot_round.world
    await night.begin()
    assert await night.office.read("officer", f"{await night.of(EAST_POST)}/log") is None
    typed = await night.check(WEST_POST, log_complete=False)
    assert (typed["failures"], typed["result"]["log_source"]) == (["log_incomplete"], "typed")
    unasked = await night.check(8)
    assert unasked["result"]["log_source"] is None
    await wrote(night, "交接班完毕")
    told = await night.office.read("officer", f"{await night.of(EAST_POST)}/log")
    assert told == {"complete": False, "percent": told["percent"]}, (
        "nothing from ten in the morning until now"
    )
    gap = await night.check(EAST_POST, log_complete=None)
    assert (gap["failures"], gap["result"]["log_source"]) == (["log_incomplete"], "system")
    await world.run("UPDATE shift SET starts_at = starts_at + interval '11 hours' WHERE post_id = 6")
    again = await night.note(
        EAST_POST, answered=True, person_id=officer(EAST_POST), rings=2, log_complete=False
    )
    assert (again["failures"], again["result"]["log_complete"]) == ([], True), "typed words do not count here"
