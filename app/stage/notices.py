"""What is known in the demo: a leak told differently (scenario S03), and notices that wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Database
from app.dispatch.actions.incidents import open_by_hand
from app.dispatch.commands import IncidentIn
from app.dispatch.figures.actions import tell_figure
from app.dispatch.figures.commands import FigureIn
from app.dispatch.inbox.actions import Sender, receive
from app.dispatch.inbox.commands import IntakeNoticeIn
from app.dispatch.inbox.facts import NoticeSource
from app.org import store as org
from app.stage.hands import hand_of
from app.stage.seed import STREAM

OFFICER = "chenjie"
FIGURES = (
    ("at_risk", 14, "园区值班室"),
    ("evacuated", 640, "园区值班室"),
    ("seriously_injured", 3, "园区值班室"),
    ("seriously_injured", 2, "120 调度"),
)
NOTICES: tuple[tuple[NoticeSource, str, str, str], ...] = (
    ("superior", "市应急局", "做好强降雨防范应对工作的通知", "今夜到明天有大到暴雨,请各乡镇加强值守。"),
    ("warning", "市气象台", "暴雨橙色预警", "预计未来3小时双河镇、永宁镇降雨量将达50毫米以上。"),
    ("village", "东岸村 李春生", "河堤渗水", "东岸大桥下游堤脚渗水,出水清。"),
)


async def tell_story(database: Database, now: datetime, zone: ZoneInfo) -> None:
    """Write one incident with conflicting figures and three notices, by the hand of an officer."""
    async with database.transaction() as tx:
        by = await hand_of(tx, OFFICER)
        park = next(row for row in await org.regions_of(tx, STREAM) if row.kind == "park")
        told = IncidentIn(
            event_code="12D02",
            title=f"{park.name}液氨泄漏",
            region_code=park.code,
            description="液氨罐区阀门泄漏,下风向三个村。",
            received_at=now - timedelta(minutes=18),
        )
        incident = await open_by_hand(tx, by, told, now, zone)
        for kind, value, source in FIGURES:
            figure = FigureIn(kind=kind, value=value, source=source)
            await tell_figure(tx, by, incident.id, figure, now)
        for source, name, title, words in NOTICES:
            notice = IntakeNoticeIn(title=title, text=words)
            await receive(tx, Sender(STREAM, source, name, by=by), notice, now)
