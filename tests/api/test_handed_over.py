"""In the house as it is put together, what a request commits goes to the screens without being read back."""

from __future__ import annotations

import pytest

from app.journal import store
from tests.api.desk import Desk
from tests.realtime.floor import until
from tests.world import EAST_HILL, OPEN_KIND

pytestmark = pytest.mark.database


async def test_what_a_request_commits_is_passed_on_though_nobody_can_read_the_journal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unread(*_: object) -> list[store.JournalRow]:
        raise ConnectionError("nobody reads now")

    async with desk.app.router.lifespan_context(desk.app):
        hub = desk.house.database.listeners[0].__self__  # type: ignore[attr-defined]
        await until(lambda: hub.listening)
        before = hub.cursor
        monkeypatch.setattr(store, "read_after", unread)
        told = {"event_code": OPEN_KIND, "region_code": EAST_HILL}
        answer = await desk.post("officer", "/api/incidents", told)
        assert answer.status_code == 201, answer.text
        await until(lambda: hub.cursor > before)
