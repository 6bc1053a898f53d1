"""A weather bureau on the national platform 12379 that pushes a warning, its update and its cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from app.clock import SystemClock
from app.codecs import cn12379
from app.codecs.cn12379.notice import Method, Notice, Place, WarningInfo
from app.codecs.colours import BY_COLOUR, Colour
from app.dispatch.inbox.rules import signature
from app.outward.address import read_address
from app.outward.call import Asked, call

log = structlog.get_logger()
ZONE = ZoneInfo("Asia/Shanghai")
UNIT, ISSUER = "99018141600000", "樟川市气象台"
DEMO_KEY, DEMO_SECRET = "demo12379", "the-secret-of-the-demo-source-of-warnings"
SHUANGHE, YONGNING = "990181104000", "990181101000"
WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Hazard:
    """What is warned of: the code of CN-EVENT-5, its name, the words."""

    code: str
    name: str
    text: str
    instruction: str


RAINSTORM = Hazard(
    "11B03",
    "暴雨",
    "预计未来3小时,双河镇、永宁镇降雨量将达100毫米以上,伴有短时强降水,山洪、地质灾害、城乡内涝风险极高。",
    "停止户外作业和集会,危险区域人员立即转移,巡查水库、山塘和山洪沟,不要经过漫水桥。",
)
GALE = Hazard("11B06", "大风", "预计未来12小时,全市平均风力6级以上,阵风8级。", "加固棚架,停止高空作业。")


def message(
    hazard: Hazard,
    colour: Colour,
    at: datetime,
    places: Sequence[tuple[str, str]],
    *,
    first: datetime | None = None,
    cancel: bool = False,
    status: str = "Actual",
    hours: float = 6,
) -> bytes:
    """Return a message of 12379; `places` are code and name, `first` is when its first issue was sent."""
    at = at.astimezone(ZONE).replace(microsecond=0)
    headline = f"{ISSUER}{'解除' if cancel else '发布'}{hazard.name}{BY_COLOUR[colour].zh}预警"
    names = "、".join(name for _, name in places)
    kind = "Cancel" if cancel else "Update" if first else "Alert"
    warning = WarningInfo(
        event_type=hazard.code,
        severity=BY_COLOUR[colour].cn12379,
        effective=at,
        expires=at + timedelta(hours=hours),
        sender_name=ISSUER,
        headline=headline,
        description=f"{headline}。{'' if cancel else hazard.text}",
        instruction="" if cancel else hazard.instruction,
        places=(Place(names, geocodes=tuple(code for code, _ in places)),),
    )
    return cn12379.write(
        Notice(
            identifier=_identifier(at),
            sender=ISSUER,
            sender_code=UNIT,
            send_time=at,
            status=status,
            msg_type=kind,
            scope="Public",
            methods=(
                Method("SPEAKER", f"各位村民请注意:{headline}。{'' if cancel else hazard.instruction}"),
            ),
            classification="None",
            references=_identifier(first) if first else "",
            warnings=(warning,),
        )
    )


def _identifier(at: datetime) -> str:
    return f"{UNIT}_{at.astimezone(ZONE):%Y%m%d%H%M%S}"


async def push(address: str, key: str, secret: str, body: bytes, now: datetime) -> int:
    """Push one message, signed, to a centre; return the status it answers. Raises OSError, ValueError."""
    there = read_address(address)
    if there is None:
        raise ValueError(address)
    stamp = str(int(now.timestamp()))
    heads = {
        "Content-Type": "application/xml",
        "X-Zhishou-Timestamp": stamp,
        "X-Zhishou-Signature": signature(secret, stamp, body),
    }
    asked = Asked("POST", f"/api/warnings/intake/{key}", body, heads)
    async with asyncio.timeout(WAIT_S):
        answer = await call(there, asked, 65_536)
    log.info(
        "simulated_warning_pushed", status=answer.status, answer=answer.body[:300].decode(errors="replace")
    )
    return answer.status


async def push_chain(address: str, key: str, secret: str, pause_s: float, status: str = "Actual") -> None:
    """Push a red rainstorm for two townships, lower it to yellow for one, lift it (scenario S12)."""
    clock = SystemClock()
    both = ((SHUANGHE, "双河镇"), (YONGNING, "永宁镇"))
    first = clock.now()
    steps = (
        (Colour.RED, both, False),
        (Colour.YELLOW, both[:1], False),
        (Colour.YELLOW, both[:1], True),
    )
    for number, (colour, places, cancel) in enumerate(steps):
        if number:
            await asyncio.sleep(max(pause_s, 1.0))
        now = clock.now()
        body = message(
            RAINSTORM,
            colour,
            now,
            places,
            first=first if number else None,
            cancel=cancel,
            status=status,
        )
        await push(address, key, secret, body, now)
