"""Emergency broadcast in the demo: a county platform, two loudspeakers a village, a set at each township.

One warning was broadcast to three townships and missed three villages; another waits for its approval.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlmodel import SQLModel, col, select

from app.broadcast import ports
from app.broadcast.actions import after, approving, drafting
from app.broadcast.commands import (
    BroadcastApprovalIn,
    BroadcastDrawIn,
    BroadcastHeardIn,
    BroadcastIn,
    BroadcastRevisionIn,
)
from app.broadcast.settings import load_terms
from app.broadcast.store import delivery, messages
from app.broadcast.tables import BroadcastMessage, BroadcastPeer, BroadcastTerminal
from app.db import Database, Tx
from app.demo.city import City
from app.org.accounts import viewer_of
from app.org.rules.access import Viewer
from app.org.tables import Account

STREAM = "990181"
PLATFORM = 1
PLATFORM_NAME = "樟川市应急广播平台(模拟)"
PLATFORM_CODE = f"4{STREAM}0000000101010101"
TOWNS = ["990181100000", "990181107000", "990181108000"]  # 临溪镇、观山镇、义门镇
WAITS = ["990181101000"]
DRILLED = "990181100"
_VILLAGES = frozenset({"village", "community"})
_DEAD = ("stopped", "fault")
Row = dict[str, Any]


def terminals(city: City, stream: str, now: datetime) -> Iterator[tuple[type[SQLModel], list[Row]]]:
    """Yield the platform and the terminals: 600 of villages, 22 sets at stations (rules A3.4 to A3.6)."""
    county = f"{stream}000000"
    yield (
        BroadcastPeer,
        [
            {
                "id": PLATFORM,
                "stream": stream,
                "name": PLATFORM_NAME,
                "resource_code": PLATFORM_CODE,
                "region_code": county,
                "drills": True,  # it is simulated: nothing real sounds
                "active": True,
            }
        ],
    )
    rng = np.random.default_rng([city.seed, 82])
    rows: list[Row] = []
    for place in city.regions:
        if place.kind in _VILLAGES:
            rows += [_speaker(stream, place, n, now, rng) for n in (1, 2)]
        elif place.kind not in ("city", "park"):
            rows.append({**_speaker(stream, place, 1, now, rng), "kind": "station", "state": "running"})
    yield BroadcastTerminal, [{"id": n, **row} for n, row in enumerate(rows, start=1)]


def _speaker(stream: str, place: Any, n: int, now: datetime, rng: np.random.Generator) -> Row:
    level = "6" if place.kind in _VILLAGES else "5"
    east, north = rng.normal(0, 0.002, 2)
    state = "running"
    if n == 2 and rng.random() < 0.05:
        state = _DEAD[int(rng.integers(2))]
    drills = place.code.startswith(DRILLED) and place.code[9:] in ("200", "201", "202")
    return {
        "stream": stream,
        "resource_code": f"{level}{place.code}03140104{n:02d}",
        "name": f"{place.name_zh}{'村部' if n == 1 else '路口'}大喇叭",
        "region_code": place.code,
        "lon": round(place.lon + float(east), 6),
        "lat": round(place.lat + float(north), 6),
        "kind": "column" if n == 2 else "loudspeaker",
        "peer_id": PLATFORM,
        "state": state,
        "state_words": {"stopped": "离线", "fault": "功放故障"}.get(state, ""),
        "state_at": now - timedelta(minutes=int(rng.integers(2, 40))),
        "return_capable": True,
        "real": False,
        "drills": drills,
    }


async def broadcast(database: Database, zone: ZoneInfo, now: datetime) -> None:
    """Broadcast a warning of two hours ago to three townships, and leave another one to be approved."""
    terms = load_terms("", STREAM, zone, None)
    async with database.transaction() as tx:
        rows = await tx.execute(select(Account).where(col(Account.stream) == STREAM))
        people = {row.username: viewer_of(row) for row in rows.scalars()}
        author, approver = people["wangjun"], people["leader"]
        at = now - timedelta(hours=2)
        told = _sheet("demo-flash-flood", "11A51", "orange", "山洪灾害橙色预警", TOWNS)
        told = told.model_copy(update={"cause_words": "市气象台、水利局山洪灾害气象橙色预警"})
        number = await drafting.draft(tx, author, told, at)
        at += timedelta(minutes=2)
        await drafting.submit(tx, author, number, BroadcastRevisionIn(revision=1), at)
        await approving.approve(tx, approver, number, BroadcastApprovalIn(revision=2), at, terms)
        await _play(tx, number, at)
        await _verify(tx, author, number, at + timedelta(minutes=40))
        waits = _sheet("demo-rainstorm", "11B03", "yellow", "暴雨黄色预警", WAITS)
        second = await drafting.draft(tx, author, waits, now - timedelta(minutes=6))
        await drafting.submit(tx, author, second, BroadcastRevisionIn(revision=1), now - timedelta(minutes=5))


def _sheet(press: str, event: str, colour: str, title: str, areas: list[str]) -> BroadcastIn:
    texts = {
        "11A51": "樟川市应急指挥中心发布山洪灾害橙色预警。沿河沟、低洼地带群众马上做好转移,老人、儿童和行动"
        "不便人员先行撤离,不在河道停留。如遇险情请拨打119或村委会值班电话。",
        "11B03": "樟川市应急指挥中心发布暴雨黄色预警。请减少外出,检查排水沟渠,山边、河边群众注意雨情变化。",
    }
    return BroadcastIn.model_validate(
        {
            "press": press,
            "event_type": event,
            "colour": colour,
            "title": title,
            "text": texts[event],
            "areas": areas,
            "template": {"11A51": "flash_flood"}.get(event, "rainstorm"),
        }
    )


async def _play(tx: Tx, number: int, at: datetime) -> None:
    """Speak as the platform would: taken, playing, a part failed."""
    row = await tx.get(BroadcastMessage, number)
    assert row is not None and row.ebmid is not None
    for handed in await ports.take_handovers(tx, STREAM, at):
        await ports.note_handover(tx, handed.id or 0, "receipted", "已接收", at)
    await ports.note_message_state(tx, row.ebmid, 2, "播发中", at + timedelta(minutes=1))
    villages = await messages.targets(tx, number)
    found = list(
        (
            await tx.execute(
                select(BroadcastTerminal).where(
                    col(BroadcastTerminal.region_code).in_(villages), col(BroadcastTerminal.kind) != "station"
                )
            )
        ).scalars()
    )
    silent = await _silenced(tx, found)
    done = at + timedelta(minutes=3)
    rows = [
        ports.TerminalResult(
            one.resource_code,
            4 if one.region_code in silent else 3,
            "功放无输出" if one.region_code in silent else "",
            at + timedelta(seconds=40),
            done,
            0 if one.region_code in silent else 3,
        )
        for one in found
        if one.state == "running"
    ]
    await ports.note_results(tx, row.ebmid, rows, done)
    await ports.note_message_state(tx, row.ebmid, 4, "部分终端播发失败", done + timedelta(seconds=5))


async def _silenced(tx: Tx, found: list[BroadcastTerminal]) -> set[str]:
    """Return three villages none of whose terminals will play: their second one stands still already."""
    silent = sorted({one.region_code for one in found})[2::9][:3]
    for one in found:
        if one.region_code in silent and one.kind == "column":
            one.state, one.state_words = "stopped", "离线"
    await tx.flush()
    return set(silent)


async def _verify(tx: Tx, by: Viewer, number: int, at: datetime) -> None:
    await after.draw(tx, by, number, BroadcastDrawIn(count=2), at)
    for one in await delivery.verifications(tx, number, ""):
        heard = BroadcastHeardIn(answer="heard", person="村支书", words="听得清楚")
        await after.answered(tx, by, number, one.region_code, heard, at + timedelta(minutes=2))
