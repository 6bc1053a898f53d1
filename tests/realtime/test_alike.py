"""What equal eyes are shown is worked out once, and never shown to others or after it changed."""

from __future__ import annotations

from dataclasses import replace

from app.dispatch.secrecy.sealed import NOTHING, Sealed
from app.org.rules.access import Concern
from app.realtime.alike import Alike, shown
from app.realtime.audience import Audience
from tests.realtime.floor import ELSEWHERE, PLACE, row, viewer

DESK = Audience.of(viewer())
TOWNSHIP = Audience.of(viewer("township_officer", scope="990181100", account_id=2))
ROWS = [row(1), row(2, Concern((ELSEWHERE,))), row(3)]


def test_each_audience_is_shown_its_own_and_the_same_again() -> None:
    alike = Alike()
    for audience in (DESK, TOWNSHIP, DESK):
        assert alike(ROWS, audience, NOTHING) == shown(ROWS, audience, NOTHING)
    assert alike(ROWS, DESK, NOTHING) != alike(ROWS, TOWNSHIP, NOTHING)
    assert alike(ROWS, DESK, NOTHING) is alike(ROWS, DESK, NOTHING)


def test_other_rows_of_the_same_numbers_are_not_taken_for_them() -> None:
    alike = Alike()
    alike(ROWS, DESK, NOTHING)
    restored = [row(1, text='{"seq":1,"x":1}'), row(2), row(3, text='{"seq":3,"x":1}')]
    assert alike(restored, DESK, NOTHING) == shown(restored, DESK, NOTHING)


def test_what_became_need_to_know_is_not_shown_from_memory() -> None:
    alike, rows = Alike(), [row(1), row(2, Concern((PLACE,)))]
    alike(rows, TOWNSHIP, NOTHING)
    rows[1] = replace(rows[1], incident_id=7)
    alike(rows, TOWNSHIP, NOTHING)
    sealed = Sealed({7: Concern((PLACE,), restricted=True)})
    assert alike(rows, TOWNSHIP, sealed) == rows[0].frame


def test_who_was_named_is_asked_for_himself() -> None:
    alike = Alike()
    named = [row(1, Concern((PLACE,), readers=("account:1",)))]
    other = Audience.of(viewer(account_id=5))
    assert other == DESK
    assert alike(named, DESK, NOTHING) == named[0].frame
    assert alike(named, other, NOTHING) == b""
