"""What a screen in a meeting may say: its shapes, its size, its rate."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.meeting.messages import MOST_BYTES, Describe, Leave, Shows
from app.realtime.session import POLICY, Close
from app.realtime.signalling.talk import Talk, TalkLimits

OFFER = {"type": "describe", "to": "a" * 32, "kind": "offer", "sdp": "v=0"}


def test_what_is_understood_is_returned_as_what_is_asked() -> None:
    talk = Talk()
    assert talk.received(json.dumps(OFFER), 0) == Describe(**OFFER)
    assert talk.received('{"type":"shows","camera":true,"microphone":false}', 0) == Shows(
        type="shows", camera=True, microphone=False
    )
    assert talk.received('{"type":"leave"}', 0) == Leave(type="leave")


@pytest.mark.parametrize(
    "said",
    [
        b'{"type":"leave"}',
        "",
        "[]",
        '{"type":"welcome"}',
        json.dumps({**OFFER, "to": "everybody"}),
        json.dumps({**OFFER, "kind": "candidate"}),
        json.dumps({**OFFER, "sdp": "a\x00b"}),
        json.dumps({**OFFER, "more": 1}),
        json.dumps({**OFFER, "sdp": "x" * MOST_BYTES}),
        '{"type":"leave","pad":"' + "x" * MOST_BYTES + '"}',
    ],
)
def test_anything_else_ends_the_conversation(said: str | bytes) -> None:
    answer = Talk().received(said, 0)
    assert isinstance(answer, Close) and answer.code == POLICY


@given(st.text() | st.binary())
def test_no_noise_ever_raises(said: str | bytes) -> None:
    assert isinstance(Talk().received(said, 0), Close)


def test_more_than_so_many_a_second_ends_it_and_a_calm_screen_may_go_on() -> None:
    calm, hasty = Talk(TalkLimits(frames_per_s=3)), Talk(TalkLimits(frames_per_s=3))
    for at in range(10):
        assert not isinstance(calm.received('{"type":"leave"}', at / 2), Close)
    said = [hasty.received('{"type":"leave"}', at / 10) for at in range(4)]
    assert [isinstance(one, Close) for one in said] == [False, False, False, True]
