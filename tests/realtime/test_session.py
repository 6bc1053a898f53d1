from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from app.org.rules.access import Concern
from app.realtime.audience import Audience
from app.realtime.messages import Resync
from app.realtime.session import DONE, POLICY, Close, Limits, Output, Send, Session
from tests.realtime.floor import AT, ELSEWHERE, PLACE, row, told, viewer

DESK = Audience.of(viewer())
HELLO = {"type": "hello", "head": 100, "at": "2025-06-17T18:13:20Z"}
RESYNC = {"type": "resync", "reason": "too_far_behind"}


def said(outputs: Sequence[Output]) -> list[Any]:
    """What the screen gets: messages, and the goodbye as (code, reason)."""
    heard: list[Any] = []
    for output in outputs:
        heard += told(output.frames) if isinstance(output, Send) else [(output.code, output.reason)]
    return heard


def session(after: int | None = 100, **limits: Any) -> Session:
    opened = Session(after, Limits(**limits))
    opened.open(100, AT)
    return opened


def test_a_screen_without_a_cursor_begins_at_the_head() -> None:
    fresh = Session(None)
    assert said(fresh.open(100, AT)) == [HELLO]
    assert fresh.cursor == 100


@pytest.mark.parametrize("after", [95, 100])
def test_a_screen_within_reach_is_greeted_and_keeps_its_cursor(after: int) -> None:
    back = Session(after, Limits(resume_rows=5))
    assert said(back.open(100, AT)) == [HELLO]
    assert (back.cursor, back.closed) == (after, False)


@pytest.mark.parametrize("after", [0, 94, 101])
def test_a_screen_too_far_behind_or_ahead_of_a_restored_database_starts_over(after: int) -> None:
    lost = Session(after, Limits(resume_rows=5))
    assert said(lost.open(100, AT)) == [HELLO, RESYNC, (DONE, "resync")]
    assert lost.closed


def test_missed_rows_come_once_and_in_order_whatever_pages_overlap() -> None:
    back = session(after=97)
    assert [m["seq"] for m in said(back.catch_up([row(97), row(98), row(99)], DESK))] == [98, 99]
    assert [m["seq"] for m in said(back.catch_up([row(98), row(99), row(100)], DESK))] == [100]
    assert back.cursor == 100


def test_rows_for_other_eyes_move_the_cursor_and_say_nothing() -> None:
    back = session(after=98)
    assert (
        back.catch_up([row(99, Concern((PLACE,), audience="audit")), row(100, stream="990182")], DESK) == []
    )
    assert back.cursor == 100


def test_a_township_gets_its_own_rows_only() -> None:
    back = session(after=98)
    township = Audience.of(viewer("township_officer", scope="990181100"))
    rows = [row(99, Concern((ELSEWHERE,))), row(100)]
    assert [m["seq"] for m in said(back.catch_up(rows, township))] == [100]


@pytest.mark.parametrize("rows", [[row(99), row(101)], [row(102)], []], ids=["inside", "before", "nothing"])
def test_a_hole_in_the_rows_is_never_passed_over(rows: list[Any]) -> None:
    back = session(after=98)
    assert said(back.catch_up(rows, DESK)) == [RESYNC, (DONE, "resync")]
    assert back.closed


def test_a_ping_is_answered_with_its_number() -> None:
    assert said(session().received('{"type":"ping","id":7}', 0.0)) == [{"type": "pong", "id": 7}]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", "only a ping is understood"),
        ("ping", "only a ping is understood"),
        ('{"type":"ping"}', "only a ping is understood"),
        ('{"type":"ping","id":-1}', "only a ping is understood"),
        ('{"type":"ping","id":"7"}', "only a ping is understood"),
        ('{"type":"ping","id":true}', "only a ping is understood"),
        ('{"type":"ping","id":7,"more":1}', "only a ping is understood"),
        ('{"type":"subscribe","id":7}', "only a ping is understood"),
        ("[" * 4_000, "only a ping is understood"),
        ("值" * 1_366, "message too long"),
        (b'{"type":"ping","id":7}', "text messages only"),
    ],
)
def test_anything_but_a_short_ping_ends_the_conversation(message: str | bytes, reason: str) -> None:
    rude = session()
    assert rude.received(message, 0.0) == [Close(POLICY, reason)]
    assert rude.closed


def test_a_message_may_be_as_long_as_the_limit() -> None:
    message = json.dumps({"type": "ping", "id": 7}).ljust(4_096)
    assert said(session().received(message, 0.0)) == [{"type": "pong", "id": 7}]


def test_more_than_twenty_messages_within_a_second_are_too_many() -> None:
    hasty = session()
    for n in range(20):
        assert len(hasty.received('{"type":"ping","id":1}', n / 100)) == 1
    assert hasty.received('{"type":"ping","id":1}', 0.99) == [Close(POLICY, "too many messages")]


def test_twenty_messages_every_second_are_fine() -> None:
    steady = session()
    for n in range(100):
        assert not isinstance(steady.received('{"type":"ping","id":1}', n // 20)[0], Close)


def test_after_goodbye_nothing_is_said() -> None:
    over = session()
    assert over.close(DONE, "bye") == [Close(DONE, "bye")]
    assert over.close(DONE, "bye") == []
    assert over.received('{"type":"ping","id":1}', 0.0) == []


def test_a_screen_whose_rights_changed_starts_over() -> None:
    changed = session()
    message = Resync(reason="access_changed")
    assert said(changed.resync(message)) == [{"type": "resync", "reason": "access_changed"}, (DONE, "resync")]
