"""Years that are over: rows of a journal as a county writes them, poured in with a chain that holds."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import asyncpg

_VILLAGES = ("东岸", "西坡", "洲头", "洲尾", "洋田", "青石", "观山", "梅溪", "石湾", "后坑", "上坪", "下坪")
_MATTERS = (
    "山塘巡查正常",
    "转移群众到安置点",
    "道路塌方已封路",
    "通信中断",
    "雨量超警戒",
    "森林火情扑灭",
    "来电核实无异常",
)
_COLUMNS = (
    *("stream", "seq", "at", "type", "region_codes", "team_ids", "restricted", "readers", "audience"),
    *("incident_id", "actor_id", "body", "hash"),
)
PART = 20_000


def bodies(count: int, start: datetime, end: datetime, seed: int = 20) -> Iterator[tuple[datetime, str]]:
    """Yield instants evenly over the time, with the body of what a duty officer wrote then."""
    pick = random.Random(seed)  # noqa: S311  a made-up past
    step = (end - start) / max(1, count)
    for n in range(count):
        at = start + n * step
        village, people = pick.choice(_VILLAGES), pick.randrange(1, 400)
        text = f"{village}村{pick.choice(_MATTERS)},涉及{people}人,第{n}号记录"
        when = at.isoformat()
        entry = {
            "id": n,
            "post_id": 1,
            "text": text,
            "action": "",
            "source": "telephone",
            "source_name": "",
            "lines": [],
            "occurred_at": when,
            "told_at": when,
            "entered_at": when,
            "entered_by": "值班员",
            "incident_id": None,
            "corrects_seq": None,
        }
        told = {"type": "duty_log.entered", "at": when, "entry": entry}
        yield at, json.dumps(told, ensure_ascii=False)


async def pour(url: str, stream: str, region: str, count: int, start: datetime, end: datetime) -> int:
    """COPY rows behind the end of a journal; return how many. The chain goes on over the exact texts."""
    connection: Any = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://"))
    try:
        async with connection.transaction():
            head = await connection.fetchrow(
                "SELECT seq, hash FROM journal_head WHERE stream = $1 FOR UPDATE", stream
            )
            seq, digest = head["seq"], head["hash"]
            rows: list[tuple[Any, ...]] = []
            for at, body in bodies(count, start, end):
                seq += 1
                digest = hashlib.sha256(digest + body.encode()).digest()
                rows.append(
                    (
                        stream,
                        seq,
                        at,
                        "duty_log.entered",
                        [region],
                        [],
                        False,
                        [],
                        "desk",
                        None,
                        None,
                        body,
                        digest,
                    )
                )
                if len(rows) == PART:
                    await connection.copy_records_to_table("journal", records=rows, columns=_COLUMNS)
                    rows.clear()
            await connection.copy_records_to_table("journal", records=rows, columns=_COLUMNS)
            await connection.execute(
                "UPDATE journal_head SET seq = $2, hash = $3 WHERE stream = $1", stream, seq, digest
            )
        await connection.execute("ANALYZE journal")
    finally:
        await connection.close()
    return count


A_YEAR = timedelta(days=365)
