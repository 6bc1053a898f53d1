"""Messages of warnings for tests: a weather bureau's 12379, anybody's CAP; written by the codecs' writers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.codecs import cap, cn12379
from app.codecs.cap.alert import Alert, Area, Info
from app.codecs.cn12379.notice import Method, Notice, Place, WarningInfo
from app.db import Tx
from app.response.warning.actions.intake import Arrival, receive
from app.response.warning.facts import WarningReceipt
from tests.world import EAST, STREAM, WEST, ZONE, World

BUREAU = "99018141600000"
ISSUER = "樟川市气象局"
AT = datetime(2025, 6, 18, 2, 13, 20, tzinfo=ZONE)  # where the clock of the tests stands
ZH = {"Red": "红色", "Orange": "橙色", "Yellow": "黄色", "Blue": "蓝色"}


def identifier(at: datetime) -> str:
    return f"{BUREAU}_{at.astimezone(ZONE):%Y%m%d%H%M%S}"


def notice(
    colour: str = "Red",
    at: datetime = AT,
    *,
    of: datetime | None = None,
    kind: str = "",
    codes: Sequence[str] = (EAST, WEST),
    status: str = "Actual",
    hours: float = 6,
    event: str = "11B03",
) -> Notice:
    """A rainstorm warning of the bureau; `of` is when its first issue was sent."""
    msg_type = kind or ("Update" if of else "Alert")
    verb = "解除" if msg_type == "Cancel" else "发布"
    headline = f"{ISSUER}{verb}暴雨{ZH[colour]}预警"
    return Notice(
        identifier=identifier(at),
        sender=ISSUER,
        sender_code=BUREAU,
        send_time=at,
        status=status,
        msg_type=msg_type,
        scope="Public",
        methods=(Method("SPEAKER", f"村民注意:{headline}。"),),
        classification="None",
        references=identifier(of) if of else "",
        warnings=(
            WarningInfo(
                event_type=event,
                severity=colour,
                effective=at,
                expires=at + timedelta(hours=hours),
                sender_name=ISSUER,
                headline=headline,
                description="预计未来三小时降雨量将达100毫米以上。",
                instruction="请做好防范。",
                places=(Place("受影响乡镇", geocodes=tuple(codes)),),
            ),
        ),
    )


def xml(*args: Any, **told: Any) -> bytes:
    """The bytes of `notice(…)`."""
    return cn12379.write(notice(*args, **told))


def alert(at: datetime = AT, **changes: Any) -> Alert:
    """A CAP alert of a neighbour's bureau for a polygon."""
    area = changes.pop("area", Area("东镇沿河", geocodes=(("CN-REGION", EAST),)))
    info = Info(
        categories=("Met",),
        event="暴雨",
        urgency="Expected",
        severity="Severe",
        certainty="Likely",
        language="zh-CN",
        headline="邻县气象台发布暴雨橙色预警",
        effective=at,
        expires=at + timedelta(hours=3),
        sender_name="邻县气象台",
        areas=(area,),
    )
    base = Alert("N-1", "neighbour@example.org", at, "Actual", "Alert", "Public", infos=(info,))
    return replace(base, **changes)


def cap_xml(at: datetime = AT, **changes: Any) -> bytes:
    return cap.write(alert(at, **changes))


def push(name: str = "12379 省级平台") -> Arrival:
    return Arrival(STREAM, "push", name)


async def take(world: World, data: bytes, how: Arrival | None = None) -> WarningReceipt:
    """Let a message come in."""

    async def work(tx: Tx) -> WarningReceipt:
        return await receive(tx, how or push(), data, world.clock.now())

    return await world.do(work)
