"""The warnings of the demo: a red rainstorm in force for two townships, a gale that is over; their source."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, select

from app.codecs.colours import Colour
from app.db import Database, Tx
from app.org.accounts import viewer_of
from app.org.tables import Account
from app.response.warning.actions import desk
from app.response.warning.actions.intake import Arrival, receive
from app.response.warning.tables import WarningSource
from app.simulators.warnings import (
    DEMO_KEY,
    DEMO_SECRET,
    GALE,
    RAINSTORM,
    SHUANGHE,
    YONGNING,
    message,
)
from app.stage.seed import STREAM

OFFICER, LEAD = "chenjie", "刘海"
TOWNSHIPS = ((SHUANGHE, "双河镇"), (YONGNING, "永宁镇"))
COUNTY = ((f"{STREAM}000000", "樟川市"),)


async def warn(database: Database, now: datetime) -> None:
    """Write the source, yesterday's gale with its end, tonight's rainstorm; the desk has seen both."""
    async with database.transaction() as tx:
        source = WarningSource(
            stream=STREAM,
            key=DEMO_KEY,
            name="12379 省级平台",
            means="push",
            secret=DEMO_SECRET,
            made_by=LEAD,
            made_at=now - timedelta(days=30),
            heard_at=now,
        )
        tx.add(source)
        await tx.flush()
        how = Arrival(STREAM, "push", source.name, source.id)
        gale = now - timedelta(hours=36)
        await _seen(tx, how, message(GALE, Colour.YELLOW, gale, COUNTY, hours=12), gale)
        over = gale + timedelta(hours=9)
        end = message(GALE, Colour.YELLOW, over, COUNTY, first=gale, cancel=True)
        await _seen(tx, how, end, over)
        rain = now - timedelta(minutes=50)
        await _seen(tx, how, message(RAINSTORM, Colour.RED, rain, TOWNSHIPS, hours=8), rain)


async def _seen(tx: Tx, how: Arrival, data: bytes, at: datetime) -> None:
    """Let a message come in, and the officer acknowledge it two minutes later."""
    found = await tx.execute(select(Account).where(col(Account.username) == OFFICER))
    by = viewer_of(found.scalar_one())
    came = await receive(tx, how, data, at)
    if came.warning_id is not None:
        await desk.acknowledge(tx, by, came.warning_id, at + timedelta(minutes=2))
