from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from app.realtime.frames import frame, texts


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536])
def test_a_frame_is_what_the_websockets_library_would_write(size: int) -> None:
    text = "x" * size
    assert frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


@given(st.lists(st.text(), max_size=5))
def test_joined_frames_come_apart_as_they_were(said: list[str]) -> None:
    assert list(texts(b"".join(map(frame, said)))) == said


def test_lengths_at_the_borders_come_apart_too() -> None:
    said = ["值" * 41, "x" * 126, "x" * 65_535, "x" * 65_536]
    assert list(texts(b"".join(map(frame, said)))) == said
