"""The life of incidents in the demo: one merged pair, one planned event, one headquarters in command."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlmodel import col, select

from app.db import Database, Tx
from app.dispatch.actions.incidents import open_by_hand
from app.dispatch.command_body.actions.command import activate
from app.dispatch.command_body.actions.register import register
from app.dispatch.command_body.commands import ActivateIn, CommandBodyIn, CommandHolderIn
from app.dispatch.commands import CallerIn, IncidentIn
from app.dispatch.lifecycle.actions.merge import merge
from app.dispatch.lifecycle.actions.schedule import plan
from app.dispatch.lifecycle.commands import MergeIn, PlannedIncidentIn
from app.dispatch.store import incidents
from app.org import store as org
from app.org.rules.access import Viewer
from app.org.tables import OrgUnit
from app.stage.hands import hand_of
from app.stage.seed import STREAM

# domain/rules A1.10: the headquarters of the county, by the beginnings of the codes they answer for.
BODIES = (
    ("樟川市应急救援总指挥部", "general", ()),
    ("防汛抗旱指挥部", "special", ("11A", "11B")),
    ("森林防灭火指挥部", "special", ("11G", "11F")),
    ("安全生产(危化)专项指挥部", "special", ("12A", "12B", "12D")),
    ("自然灾害救助指挥部", "special", ("11",)),
    ("抗震救灾指挥部", "special", ("11C",)),
    ("地质灾害应急指挥部", "special", ("11D",)),
    ("道路交通事故应急指挥部", "special", ("12H",)),
    ("火灾事故应急指挥部", "special", ("12G",)),
    ("城镇燃气事故应急指挥部", "special", ("12U",)),
    ("突发环境事件应急指挥部", "special", ("12Q",)),
    ("低温雨雪冰冻灾害应急指挥部", "special", ("11B04", "11B05", "11B21")),
)
LEAK, MEMBERS = "12D02", 6


async def live_on(database: Database, now: datetime, zone: ZoneInfo) -> None:
    """Write them by the hands of the shift lead and an officer; the leak of the story is commanded."""
    async with database.transaction() as tx:
        lead, officer = await hand_of(tx, "shift"), await hand_of(tx, "chenjie")
        units = await tx.execute(
            select(OrgUnit.id)
            .where(col(OrgUnit.kind) == "department")
            .order_by(col(OrgUnit.id))
            .limit(MEMBERS)
        )
        members = [id_ for id_ in units.scalars() if id_ is not None]
        bodies = {}
        for name, kind, hazards in BODIES:
            told = CommandBodyIn(
                kind=kind,
                name_zh=name,
                hazards=list(hazards),
                posts=[
                    CommandHolderIn(post="commander", name="沈立"),
                    CommandHolderIn(post="deputy", name="周敏"),
                    CommandHolderIn(post="office", name="指挥部办公室"),
                ],
                member_unit_ids=members,
            )
            bodies[name] = (await register(tx, lead, told, now)).id
        open_ = await incidents.by_state(tx, officer, "open")
        leak = next(seen.fact for seen in open_ if seen.fact.event_code == LEAK)
        asked = ActivateIn(
            body_id=bodies["安全生产(危化)专项指挥部"],
            site="园区管委会",
            reason="液氨泄漏,启动专项指挥",
            happened_at=now - timedelta(minutes=10),
        )
        await activate(tx, officer, leak.id, asked, now)
        villages = [row for row in await org.regions_of(tx, STREAM) if row.kind == "village"]
        await _pair(tx, officer, villages[0], now, zone)
        fair = PlannedIncidentIn(
            event_code="12Y00",
            region_code=villages[1].code,
            title=f"{villages[1].name}龙舟赛安保",
            description="预计三千人观赛,沿河布设救生力量。",
            scheduled_for=now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=20),
        )
        await plan(tx, officer, fair, now, zone)


async def _pair(tx: Tx, by: Viewer, village: Row[Any], now: datetime, zone: ZoneInfo) -> None:
    """Two callers tell of one flooded road; the second is merged into the first."""
    opened = []
    for minutes, name, phone, words in (
        (26, "李春生", "13907950011", "村口漫水,车过不去"),
        (19, "王小梅", "13907950012", "桥头路面积水,有车熄火"),
    ):
        told = IncidentIn(
            event_code="11A02",
            region_code=village.code,
            title=f"{village.name}村口道路积水",
            callers=[CallerIn(name=name, phone=phone, words=words)],
            received_at=now - timedelta(minutes=minutes),
        )
        opened.append(await open_by_hand(tx, by, told, now, zone))
    first, second = opened
    same = MergeIn(into_id=first.id, reason="两人报的是同一处积水")
    await merge(tx, by, second.id, same, now)
