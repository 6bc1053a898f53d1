"""What happened and cannot be asked for again is written down, however long the database is away."""

from __future__ import annotations

import pytest

from app.devices import inbox


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "BACKOFF_S", (0.0,))


async def test_a_note_waits_for_a_database_that_is_away() -> None:
    told: list[str] = []

    async def note() -> None:
        told.append("try")
        if len(told) < 4:
            raise ConnectionRefusedError

    await inbox.kept(note)
    assert len(told) == 4


async def test_a_note_that_is_wrong_in_itself_is_not_tried_for_ever() -> None:
    told: list[str] = []

    async def note() -> None:
        told.append("try")
        raise ValueError("no such step")

    with pytest.raises(ValueError, match="no such step"):
        await inbox.kept(note)
    assert told == ["try"]
