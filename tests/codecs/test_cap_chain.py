"""Updates replace and cancels end, in whatever order messages arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.codecs.cap.alert import Alert
from app.codecs.cap.chain import Standing, State, standing

NOON = datetime(2026, 6, 18, 4, tzinfo=UTC)


def alert(
    name: str, minute: int, msg_type: str = "Alert", *, about: tuple[Alert, ...] = (), **other: str
) -> Alert:
    return Alert(
        identifier=name,
        sender=other.get("sender", "met"),
        sent=NOON + timedelta(minutes=minute),
        status=other.get("status", "Actual"),
        msg_type=msg_type,
        scope="Public",
        references=tuple(one.identity for one in about),
    )


ISSUE = alert("1", 0)
UPDATE = alert("2", 10, "Update", about=(ISSUE,))
CANCEL = alert("3", 20, "Cancel", about=(ISSUE, UPDATE))


def state(of: Alert, *among: Alert) -> State:
    return standing([of, *among])[of.identity].state


def test_an_update_replaces_and_a_cancel_ends() -> None:
    assert state(ISSUE) is State.CURRENT
    assert state(ISSUE, UPDATE) is State.REPLACED
    assert state(UPDATE, ISSUE) is State.CURRENT
    assert standing([CANCEL, UPDATE, ISSUE]) == {
        CANCEL.identity: Standing(State.ANSWER),
        UPDATE.identity: Standing(State.CANCELLED, CANCEL.identity),
        ISSUE.identity: Standing(State.CANCELLED, CANCEL.identity),
    }


def test_the_last_update_counts() -> None:
    later = alert("4", 15, "Update", about=(ISSUE,))
    assert standing([later, ISSUE, UPDATE])[ISSUE.identity].by == later.identity


def test_a_drill_cancels_nothing_real_and_a_stranger_nothing_at_all() -> None:
    assert state(ISSUE, alert("5", 5, "Cancel", about=(ISSUE,), status="Exercise")) is State.CURRENT
    assert state(ISSUE, alert("5", 5, "Cancel", about=(ISSUE,), sender="other")) is State.CURRENT
    assert state(ISSUE, alert("5", -5, "Cancel", about=(ISSUE,))) is State.CURRENT
    assert state(ISSUE, alert("5", 5, "Ack", about=(ISSUE,))) is State.CURRENT


def test_the_same_identifier_at_another_time_is_another_message() -> None:
    again = alert("1", 1)
    assert state(again, ISSUE, UPDATE) is State.CURRENT


@settings(deadline=None)
@given(
    st.permutations([ISSUE, UPDATE, CANCEL, alert("4", 15, "Update", about=(ISSUE, UPDATE)), alert("1", 1)])
)
def test_the_order_of_arrival_does_not_matter(order: list[Alert]) -> None:
    assert standing(order) == standing(sorted(order, key=lambda one: one.identifier))
