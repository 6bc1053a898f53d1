"""The demo has a platform on the other side of its broadcasts, with the loudspeakers of the register."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.broadcast.wire.keys import Keys
from app.db import Database
from app.simulators.broadcast_command import speakers_in
from app.stage.broadcast import broadcast
from app.stage.loudspeakers import KEY, connect
from app.stage.seed import seed

pytestmark = pytest.mark.database
NOW = datetime(2025, 6, 18, 0, 10, tzinfo=UTC)


async def test_the_platform_is_reached_where_it_listens_and_has_every_loudspeaker(
    database_url: str, tmp_path: Path
) -> None:
    database = Database(database_url)
    try:
        await seed(database, NOW)
        await broadcast(database, ZoneInfo("Asia/Shanghai"), NOW)
        first = await connect(database, tmp_path, 4001, NOW)
        again = await connect(database, tmp_path, 4002, NOW)
        await connect(database, tmp_path, 4002, NOW)
        assert again == first
        assert Keys(first.keys, trials=True).knows(KEY)
        assert first.keys.stat().st_mode & 0o077 == 0, "a key is the service's alone, the trial key too"
        with pytest.raises(ValueError, match="测试密钥"):
            Keys(first.keys)
        async with database.transaction() as tx:
            (url,) = (await tx.execute(text("SELECT url FROM broadcast_wire"))).scalars()
            told = await tx.scalar(text("SELECT count(*) FROM journal WHERE type LIKE 'broadcast_peer.%'"))
            failed = set(
                (
                    await tx.execute(
                        text(
                            "SELECT resource_code FROM broadcast_terminal t JOIN broadcast_result r"
                            " ON r.terminal_id = t.id WHERE r.state = 4"
                        )
                    )
                ).scalars()
            )
        assert url == "http://127.0.0.1:4002/EB/ebdsvc.html"
        assert told == 2, "written anew only when its place has changed"
    finally:
        await database.close()
    speakers, mute = speakers_in(first.register)
    assert len(speakers) == len({one.code for one in speakers}) == 600
    assert {one.state for one in speakers} == {1, 2, 3}, "what stands still or is broken says so"
    assert failed and failed < mute, "what failed before fails again"
