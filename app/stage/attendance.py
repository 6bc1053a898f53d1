"""The demo's people at their desks: the centre and three townships keep presence, today's shift is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlmodel import col

from app.db import Database
from app.demo.places import COUNTY_CODE
from app.duty.presence.tables import Attendance
from app.duty.roster.tables import Shift
from app.duty.tables import DutyPost, DutySeat

KEEPING = (COUNTY_CODE, "990181100000", "990181101000", "990181003000")  # 临溪镇、永宁镇、滨江街道
EARLY = timedelta(minutes=10)  # R8: the successor comes ten minutes before


async def be_present(database: Database, now: datetime) -> None:
    """Let these posts keep presence, and everybody of the shift that runs be on site."""
    async with database.transaction() as tx:
        kept = update(DutyPost).where(
            col(DutyPost.region_code).in_(KEEPING), col(DutyPost.kind) != "department"
        )
        await tx.execute(kept.values(keeps_presence=True))
        on_site = (
            select(Shift)
            .join(DutySeat, col(DutySeat.id) == col(Shift.seat_id))
            .join(DutyPost, col(DutyPost.id) == col(Shift.post_id))
            .where(
                col(DutyPost.keeps_presence),
                col(DutySeat.mode) == "on_site",
                col(Shift.state) == "planned",
                col(Shift.starts_at) <= now,
                col(Shift.ends_at) > now,
            )
        )
        shifts = (await tx.execute(on_site)).scalars().all()
        rows = [
            {
                "stream": shift.stream,
                "post_id": shift.post_id,
                "seat_id": shift.seat_id,
                "shift_id": shift.id,
                "person_id": shift.person_id,
                "arrived_at": shift.starts_at - EARLY,
                "means": "desk",
                "last_seen_at": now,
            }
            for shift in shifts
        ]
        await tx.execute(insert(Attendance), rows)
