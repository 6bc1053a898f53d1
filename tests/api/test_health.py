"""Is it well? And the whole house, started and stopped as one process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.api.house import House
from app.db import Database
from app.main import create_app
from app.migrations import SchemaBehind
from tests.api.desk import Desk, settings_of
from tests.world import World

pytestmark = pytest.mark.database


class Part:
    def __init__(self, *, ok: bool) -> None:
        self._ok = ok

    def health(self) -> dict[str, object]:
        return {"ok": self._ok}


async def test_a_well_house_says_ok_and_how_far_its_journal_reaches(desk: Desk) -> None:
    await desk.world.incident()
    answer = await desk.get(None, "/api/health")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["database"], told["journal_seq"]) == ("ok", "ok", 1)
    assert told["at"].startswith("2025-06-17T18:13:20")


async def test_a_part_that_is_not_well_degrades_the_house_which_still_serves(desk: Desk) -> None:
    desk.house.parts.update(sender=Part(ok=True), escalator=Part(ok=False))
    answer = await desk.get(None, "/api/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["parts"] == {"sender": {"ok": True}, "escalator": {"ok": False}}


async def test_without_its_database_the_house_is_down(desk: Desk) -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/nothing")
    desk.house.database = gone
    answer = await desk.get(None, "/api/health")
    await gone.close()
    assert answer.status_code == 503
    told = answer.json()
    assert (told["status"], told["database"], told["journal_seq"]) == ("down", "unreachable", None)
    assert "nobody" not in answer.text  # no secrets


async def test_ready_says_why_a_node_wants_nobody_new_and_alive_asks_nobody(desk: Desk) -> None:
    desk.house.parts.update(realtime=Part(ok=True), sender=Part(ok=False))
    assert (await desk.get(None, "/api/ready")).json() == {"status": "ready"}  # ill in part is not away
    told = []
    desk.house.parts.update(realtime=Part(ok=False))
    told.append(await desk.get(None, "/api/ready"))
    gone, there = Database("postgresql://nobody@127.0.0.1:1/nothing"), desk.house.database
    desk.house.database = gone
    told.append(await desk.get(None, "/api/ready"))
    assert (await desk.get(None, "/api/alive")).json() == {"status": "alive"}
    desk.house.database, desk.house.leaving = there, True
    told.append(await desk.get(None, "/api/ready"))
    await gone.close()
    assert [one.status_code for one in told] == [503] * 3
    assert [one.json()["status"] for one in told] == ["realtime", "database", "leaving"]


async def test_prometheus_gets_its_counters(desk: Desk) -> None:
    desk.house.parts.update(sender=Part(ok=True), escalator=Part(ok=False))
    answer = await desk.get(None, "/metrics")
    assert answer.status_code == 200
    assert "zhishou_device_readings_total" in answer.text
    assert 'zhishou_part_ok{part="sender"} 1.0' in answer.text
    assert 'zhishou_part_ok{part="escalator"} 0.0' in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


async def test_the_whole_house_starts_serves_and_stops_in_order(world: World, tmp_path: Path) -> None:
    app = create_app(settings_of(world.database, tmp_path), world.clock)
    house: House = app.state.house
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
            told = (await client.get("/api/health")).json()
            assert told["status"] == "ok", told
            assert set(told["parts"]) == {
                "realtime",
                "screen_times",
                "leader",
                "escalator",
                "coverage",
                "handover",
                "positions",
                "jt808",
                "sender",
                "device_tests",
                "device_watch",
                "roll_calls",
                "readiness",
                "orders",
                "drills",
                "whistles",
                "status_calls",
                "meetings",
                "call_and_respond",
                "supplies",
                "responses",
                "reporting",
                "exchange",
                "broadcasts",
                "broadcast_wire",
                "anchors",
                "broadcast_links",
                "warnings",
                "history",
                "nearby",
                "network",
                "contact",
                "messengers",
                "reconciliation",
                "paper_sheet",
                "self_watch",
                "clock",
                "archive",
            }
        port = told["parts"]["jt808"]["port"]
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await writer.wait_closed()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port)
    assert house.disconnect is not None


async def test_a_database_that_misses_migrations_is_not_served(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    app = create_app(settings_of(database, tmp_path))
    with pytest.raises(SchemaBehind, match="zhishou migrate"):
        async with app.router.lifespan_context(app):
            pass
