"""The exchange of reports of the demo: its peers, and a township's report that came as a file."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from app.db import Database
from app.org.accounts import viewer_of
from app.org.tables import Account
from app.reporting.exchange.actions import peers
from app.reporting.exchange.actions.receiving import Arrival, receive
from app.reporting.exchange.commands import PeerIn
from app.reporting.exchange.message import (
    FORMAT,
    MessageAddressee,
    MessageIncident,
    MessageReport,
    MessageSender,
    ReportMessage,
)
from app.reporting.exchange.rules.signing import digest
from app.stage.seed import STREAM

SHUANGHE, VILLAGE = "990181104000", "990181104203"
MINUTE = timedelta(minutes=1)
PEERS = (
    PeerIn(node="CG", name="县委县政府总值班室", means="file", phone="0799-5550001"),
    PeerIn(node="P", name="市应急管理局值班室", means="file", phone="0799-3330001"),
    PeerIn(node="T", name="双河镇值班室", means="file", phone="0799-5550115"),
)


async def share_reports(database: Database, now: datetime, zone: ZoneInfo) -> None:
    """Register three peers that exchange files, and take in a report of twenty minutes ago."""
    async with database.transaction() as tx:
        rows = await tx.execute(select(Account).where(col(Account.stream) == STREAM))
        people = {row.username: viewer_of(row) for row in rows.scalars()}
        for peer in PEERS:
            await peers.register(tx, people["shift"], peer, now - 30 * MINUTE, lambda _: False)
        message = _message(now)
        desk = people["wangjun"]
        how = Arrival(STREAM, f"{STREAM}000000", None, "file", digest(b"demo"), zone, desk)
        await receive(tx, how, message, {}, now - 20 * MINUTE)


def _message(now: datetime) -> ReportMessage:
    began = now - 55 * MINUTE
    return ReportMessage(
        format=FORMAT,
        id=str(UUID(int=0x5A5A << 64 | int(began.timestamp()))),
        sender=MessageSender(name="双河镇值班室", region_code=SHUANGHE),
        to=MessageAddressee(node="C", name="樟川市应急指挥中心"),
        report=MessageReport(
            number="双应信初〔2026〕1号",
            kind="initial",
            seq=0,
            version=1,
            title="双河镇陈家溪村山体滑坡阻断道路初报",
            text="陈家溪村至镇区道路因山体滑坡中断约30米,无人员伤亡,正在核实受影响户数。已设警戒并组织铲车清障。",
            secrecy="public",
            urgency="normal",
            author="双河镇值班员",
            contact="0799-5550115",
            signer="双河镇带班领导",
            signed_at=now - 25 * MINUTE,
            as_of=now - 30 * MINUTE,
        ),
        incident=MessageIncident(
            number="双-01",
            title="陈家溪村山体滑坡",
            event_code="11D01",
            event_name="滑坡",
            level=4,
            life_threat=False,
            restricted=False,
            region_code=VILLAGE,
            region_path="双河镇陈家溪村",
            address="陈家溪村至镇区道路",
            occurred_at=began,
            received_at=began + 5 * MINUTE,
        ),
        papers=[],
    )
