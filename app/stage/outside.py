"""Who was called in the demo: teams from outside, a whistle's departments, and what is measured at a leak."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, select

from app.db import Database, Tx
from app.dispatch.outside_help import actions as outside
from app.dispatch.outside_help.commands import OutsideStepIn, OutsideTeamIn
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer
from app.org.tables import OrgUnit
from app.response.release import actions as release
from app.response.release.commands import ReleaseReadingIn, ReleaseSectorIn
from app.stage.hands import hand_of
from app.stage.seed import STREAM
from app.task import actions as tasks
from app.task.commands import LoopIn, TaskArrivalIn

GATHERING = "990181100204"
AMMONIA_LIMIT_PPM = 25.0


async def call_others(database: Database, now: datetime) -> None:
    """Let one team from outside be here and one on its way; blow a whistle; measure beside the leak."""
    async with database.transaction() as tx:
        officer = await hand_of(tx, "chenjie")
        await _teams(tx, officer, now)
        await _whistle(tx, officer, now)
        await _leak(tx, officer, now)


async def _teams(tx: Tx, officer: Viewer, now: datetime) -> None:
    for name, origin, leader, strength, here in (
        ("省消防总队水域救援分队", "省消防救援总队", "秦川", 24, True),
        ("邻县青溪矿山救护队", "青溪县", "何山", 12, False),
    ):
        told = OutsideTeamIn(
            name=name,
            origin=origin,
            leader_name=leader,
            leader_phone="13800000077",
            strength=strength,
            equipment="冲锋舟 3 艘、照明车 1 台" if here else "",
            region_code=GATHERING,
            expected_at=now + timedelta(hours=2),
        )
        team = await outside.announce(tx, officer, told, now - timedelta(hours=3))
        if here:
            came = OutsideStepIn(step="arrive", revision=team.revision, people=strength - 1)
            await outside.step(tx, officer, team.id, came, now - timedelta(minutes=40))


async def _whistle(tx: Tx, officer: Viewer, now: datetime) -> None:
    asked = select(OrgUnit).where(col(OrgUnit.kind) == "department").order_by(col(OrgUnit.id)).limit(3)
    called = list((await tx.execute(asked)).scalars())
    began = now - timedelta(minutes=100)
    told = LoopIn(
        kind="whistle",
        title="东岸村污水管爆裂",
        region_code=GATHERING,
        urgent=True,
        units=[one.id for one in called if one.id is not None],
    )
    whistle = await tasks.find(tx, officer, told, began)
    first = whistle.arrivals[0]
    came = TaskArrivalIn(unit_id=first.unit_id, name="赵敏", at=began + timedelta(minutes=35))
    await tasks.arrive(tx, officer, whistle.id, came, began + timedelta(minutes=36))


async def _leak(tx: Tx, officer: Viewer, now: datetime) -> None:
    asked = select(Incident.id).where(
        col(Incident.stream) == STREAM, col(Incident.title).contains("液氨泄漏")
    )
    leak = (await tx.execute(asked)).scalars().first()
    assert leak is not None
    sector = ReleaseSectorIn(
        substance="液氨",
        size="small",
        basis="企业应急预案",
        wind_from_deg=315,
        wind_mps=2.5,
        isolate_m=150,
        evacuate_m=800,
        protect_m=2500,
    )
    await release.draw(tx, officer, leak, sector, now - timedelta(minutes=15))
    for minutes, value in ((14, 180.0), (11, 96.0), (8, 41.0), (5, 22.0), (2, 12.0)):
        reading = ReleaseReadingIn(
            point="厂区东门",
            substance="氨",
            value=value,
            unit="ppm",
            normal_to=AMMONIA_LIMIT_PPM,
            measured_at=now - timedelta(minutes=minutes),
            source="便携式检测仪",
        )
        await release.measure(tx, officer, leak, reading, now - timedelta(minutes=minutes))
