"""The demo shows what is known of incidents, and notices that wait."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.api.house import House
from app.clock import SetClock
from app.config import Settings
from app.db import Database
from app.dispatch.attachments import vault
from app.stage.documents import fill_archive
from app.stage.lifecycle import live_on
from app.stage.notices import tell_story
from app.stage.orders import give_orders
from app.stage.plan_files import file_texts
from app.stage.seed import seed

pytestmark = pytest.mark.database
NOW = datetime(2025, 6, 18, 0, 10, tzinfo=UTC)


async def test_the_demo_has_a_leak_told_differently_and_notices_that_wait(database_url: str) -> None:
    database = Database(database_url)
    try:
        await seed(database, NOW)
        await tell_story(database, NOW, ZoneInfo("Asia/Shanghai"))
        async with database.transaction() as tx:
            (grading,) = (await tx.execute(text("SELECT grading FROM incident"))).one()
            assert len(grading["larger_risk"]) == 2
            assert await tx.scalar(text("SELECT count(*) FROM intake_notice WHERE state = 'waiting'")) == 3
        await live_on(database, NOW, ZoneInfo("Asia/Shanghai"))
        async with database.transaction() as tx:
            for table, where, count in (
                ("incident", "merged_into_id IS NOT NULL", 1),
                ("incident", "state = 'scheduled'", 1),
                ("command_activation", "stood_down_at IS NULL", 1),
                ("command_body", "retired_at IS NULL", 12),
            ):
                found = await tx.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))
                assert found == count, table
    finally:
        await database.close()


async def test_the_archive_of_the_demo_holds_papers_with_numbers(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    house = House(Settings(data=tmp_path), database, SetClock(NOW))
    try:
        await seed(database, NOW)
        await tell_story(database, NOW, ZoneInfo("Asia/Shanghai"))
        await give_orders(database, house.order_series, NOW)
        await fill_archive(house)
        assert (await file_texts(house), await file_texts(house)) == (4, 0), "the carded plans, once"
        async with database.transaction() as tx:
            held = (await tx.execute(text("SELECT * FROM plan_version WHERE sha256 <> ''"))).all()
        for row in held:
            content = vault.read(tmp_path, row.sha256)
            assert content is not None and content.startswith(b"%PDF") and len(content) == row.size
            assert row.file_name.startswith("樟川市") and row.size < 100_000
        async with database.transaction() as tx:
            filed = (await tx.execute(text("SELECT kind, number FROM document ORDER BY id"))).all()
        assert [row.kind for row in filed] == ["call_record", "order", "duty_log"]
        assert all(row.number for row in filed[:2])
    finally:
        await database.close()
