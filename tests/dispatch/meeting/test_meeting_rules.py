"""What a member may do next, who is rung, what the table of a roll call says: tables and properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.meeting.rules import (
    EMPTY_FOR,
    MOST_CONNECTED,
    RINGS_FOR,
    MemberState,
    MemberStepRefused,
    Seen,
    Step,
    after,
    is_deserted,
    is_rung_out,
    next_to_ring,
    outcome,
    seconds,
    summary,
)

AT = datetime(2025, 6, 18, 2, 0, tzinfo=UTC)
STATES: tuple[MemberState, ...] = get_args(MemberState)
STEPS: tuple[Step, ...] = get_args(Step)


def _s(n: float) -> datetime:
    return AT + timedelta(seconds=n)


@pytest.mark.parametrize(
    ("state", "step", "leads_to"),
    [
        ("waiting", "ring", "ringing"),
        ("ringing", "join", "joined"),
        ("ringing", "decline", "declined"),
        ("ringing", "expire", "missed"),
        ("joined", "leave", "left"),
        ("missed", "join", "joined"),
        ("declined", "ring", "ringing"),
        ("joined", "ring", None),
        ("joined", "join", None),
        ("waiting", "decline", None),
        ("missed", "decline", None),
        ("left", "leave", None),
        ("declined", "expire", None),
    ],
)
def test_a_member_goes_only_where_the_table_leads(
    state: MemberState, step: Step, leads_to: MemberState | None
) -> None:
    if leads_to is None:
        with pytest.raises(MemberStepRefused):
            after(state, step)
    else:
        assert after(state, step) == leads_to


@pytest.mark.parametrize(
    ("seen", "says", "took"),
    [
        (Seen("waiting"), "waiting", None),
        (Seen("ringing", _s(0)), "ringing", None),
        (Seen("missed", _s(0)), "missed", None),
        (Seen("declined", _s(0)), "declined", None),
        (Seen("joined", _s(0), _s(4)), "connecting", None),
        (Seen("left", _s(0), _s(4)), "no_media", None),
        (Seen("joined", _s(0), _s(4), _s(5.26)), "no_video", 5.3),
        (Seen("joined", _s(0), _s(4), _s(5.2), _s(6)), "connected", 5.2),
        (Seen("left", _s(0), _s(4), _s(5.2), _s(6)), "connected", 5.2),
        # Rung once more after he was there: what was measured stays.
        (Seen("missed", _s(0), _s(4), _s(5.2)), "no_video", 5.2),
    ],
)
def test_the_table_of_a_roll_call_says_what_was_measured(seen: Seen, says: str, took: float | None) -> None:
    assert (outcome(seen), seconds(seen)) == (says, took)


@given(st.lists(st.sampled_from(STATES), max_size=40))
def test_as_many_are_rung_as_there_are_seats_in_the_order_of_the_list(states: list[MemberState]) -> None:
    rung = next_to_ring(states)
    busy = sum(state in ("ringing", "joined") for state in states)
    waiting = [at for at, state in enumerate(states) if state == "waiting"]
    assert rung == waiting[: len(rung)]
    assert len(rung) == min(len(waiting), max(0, MOST_CONNECTED - 1 - busy))


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_no_road_leads_out_of_the_states_and_only_who_rings_declines(steps: list[Step]) -> None:
    state: MemberState = "waiting"
    for step in steps:
        try:
            reached = after(state, step)
        except MemberStepRefused:
            continue
        assert reached in STATES
        assert (step == "decline") <= (state == "ringing")
        assert (step == "leave") == (reached == "left")
        state = reached


_instants = st.none() | st.integers(0, 600).map(_s)
_seen = st.builds(Seen, st.sampled_from(STATES), _instants, _instants, _instants, _instants)


@given(st.lists(_seen, max_size=30))
def test_everybody_called_is_answered_missing_or_waiting_and_seconds_are_never_negative(
    called: list[Seen],
) -> None:
    told = summary(called)
    assert told.answered + told.missing + told.waiting == told.total == len(called)
    assert told.connected + told.no_video <= told.answered
    took = [s for s in map(seconds, called) if s is not None]
    assert all(s >= 0 for s in took)
    if took:
        assert told.median_s is not None and told.slowest_s is not None
        assert min(took) <= told.median_s <= told.slowest_s == max(took)
    else:
        assert told.median_s is None and told.slowest_s is None


def test_ringing_ends_after_its_time_and_an_empty_meeting_after_its_own() -> None:
    assert not is_rung_out(None, AT)
    assert not is_rung_out(AT, AT + RINGS_FOR - timedelta(seconds=1))
    assert is_rung_out(AT, AT + RINGS_FOR)
    assert not is_deserted([AT], anybody=True, now=AT + 10 * EMPTY_FOR)
    assert not is_deserted([AT - EMPTY_FOR, AT], anybody=False, now=AT + EMPTY_FOR / 2)
    assert is_deserted([AT], anybody=False, now=AT + EMPTY_FOR)
