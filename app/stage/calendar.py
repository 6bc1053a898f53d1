"""The county's own days in the demo: a holiday of its own, and the Sunday that is worked for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Database
from app.duty.county_days.actions import settle
from app.duty.county_days.commands import CountyDayIn
from app.stage.hands import hand_of

DAY = timedelta(days=1)
NOTICE = "市政府办公室放假通知"


async def settle_days(database: Database, now: datetime, zone: ZoneInfo) -> None:
    """Let the leader settle the Friday after next as a holiday and the Sunday after it as worked."""
    today = now.astimezone(zone).date()
    friday = today + DAY * (7 + (4 - today.weekday()) % 7)
    holiday = CountyDayIn(
        kind="statutory_holiday", name_zh="建市纪念日", name_en="Founding day", reason=NOTICE
    )
    worked = CountyDayIn(kind="makeup_workday", name_zh="建市纪念日补班", reason=NOTICE)
    async with database.transaction() as tx:
        by = await hand_of(tx, "leader")
        await settle(tx, by, friday, holiday, now)
        await settle(tx, by, friday + 2 * DAY, worked, now)
