"""The coast on the day of a storm surge: 9 villages with 1,240 people, refuges, 60 boats, all posts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import httpx
from sqlalchemy import insert

from app.codecs import cn12379
from app.codecs.cn12379.notice import Place
from app.db import Tx
from app.dispatch.actions import intake
from app.dispatch.inbox.rules import signature
from app.dispatch.order.overseer import Overseer
from app.org.tables import Device, Person
from app.signals import Text
from tests.duty.spot_county import settle_23
from tests.response.callout_county import VILLAGES, Callout, settle
from tests.response.war_room import WarRoom, settle_departments
from tests.response.warning.bulletins import notice
from tests.shelters.refuges import SCHOOL, Refuges, build
from tests.world import EAST, STREAM, ZONE

COAST = VILLAGES[:9]
RESIDENTS = dict(zip(COAST, (138,) * 8 + (136,), strict=True))
FISHERIES = "市农业农村局"
BOATS = {"浙渔02117": "500611", "浙渔02230": "500612", "浙渔02458": "500613"}
FIRST_MASTER, FIRST_CARD = 71001, 71


@dataclass
class Surge:
    """The war room, the calls and the refuges of one county, on one clock."""

    room: WarRoom
    calls: Callout
    refuges: Refuges
    source: dict[str, Any]

    async def warned(self, colour: str, sent: datetime, codes: tuple[str, ...], of: datetime | None) -> int:
        """Let the platform push the bureau's storm-surge warning the moment it is sent."""
        base = notice(colour, sent, of=of, hours=24, event="11E02")
        (info,) = base.warnings
        told = replace(
            info,
            headline=info.headline.replace("暴雨", "风暴潮"),
            description="石湾站高潮位预计21日11时30分出现,潮位3.9米,超过黄色警戒潮位3.8米。",
            places=(Place("沿海乡镇", geocodes=codes),),
        )
        body = cn12379.write(replace(base, warnings=(told,)))
        stamp = str(int(self.room.world.clock.now().timestamp()))
        secret = self.source["secret"]
        heads = {
            "X-Zhishou-Timestamp": stamp,
            "X-Zhishou-Signature": signature(secret, stamp, body),
        }
        answer: httpx.Response = await self.room.desk.client.post(
            f"/api/warnings/intake/{self.source['key']}", content=body, headers=heads
        )
        assert answer.status_code in (200, 201, 202), answer.text
        return int(answer.json()["warning_id"])

    async def supervise(self) -> int:
        """Let the clock of orders look."""
        world = self.room.world
        return await Overseer(world.database, world.clock, STREAM, self.room.desk.house.order_series).look()

    async def texted(self, card: str, words: str) -> None:
        """Let a boat's Beidou card send a short message."""
        world = self.room.world
        device = await world.device(card)
        heard = Text(f"{card}-{words}", words, b"")
        await world.do(lambda tx: intake.hear_text(tx, device, heard, b"", world.clock.now()))

    async def unit(self, name: str) -> int:
        """Return a unit by its name."""
        (row,) = await self.room.world.rows("SELECT id FROM org_unit WHERE name_zh = :name", name=name)
        return int(row["id"])

    async def boats_asked(self) -> dict[str, Any]:
        """Ask the fisheries for the boats: how many are registered, in port, and which are missing."""
        told = {
            "title": "在册渔船回港核对",
            "questions": [
                {"kind": "number", "text": "在册渔船", "unit": "艘", "minimum": 0},
                {"kind": "number", "text": "已回港", "unit": "艘", "minimum": 0},
                {"kind": "text", "text": "未回港船名"},
            ],
            "recipients": {"unit_ids": [await self.unit(FISHERIES)]},
            "due_at": datetime(2025, 6, 21, 5, tzinfo=ZONE).isoformat(),
        }
        asked: dict[str, Any] = await self.room.do("officer", "/api/status-calls", told)
        return asked

    async def boats_told(self, call_id: int, missing: list[str]) -> dict[str, Any]:
        """Write down what the fisheries say over the telephone; return the round."""
        path = f"/api/status-calls/{call_id}"
        (unit,) = (await self.room.desk.read("officer", path))["units"]
        said = {
            "values": {"1": 60, "2": 60 - len(missing), "3": "、".join(missing)},
            "source": "phone",
            "told_by": "渔政值班员",
        }
        await self.room.do("officer", f"/api/status-calls/recipients/{unit['id']}/answers", said)
        found: dict[str, Any] = await self.room.desk.read("officer", path)
        return found


def masters() -> list[int]:
    """Return the masters of the three boats, in their order."""
    return [FIRST_MASTER + n for n in range(len(BOATS))]


async def _crew(tx: Tx) -> None:
    people = [
        {"id": FIRST_MASTER + n, "name_zh": f"{boat}船长", "post": "船长", "region_code": EAST, "phones": []}
        for n, boat in enumerate(BOATS)
    ]
    await tx.execute(insert(Person), people)
    cards = [
        {
            "id": FIRST_CARD + n,
            "stream": STREAM,
            "family": "rdss21",
            "number": card,
            "label": f"{boat}北斗",
            "region_code": EAST,
            "holder_id": FIRST_MASTER + n,
            "active": True,
            "facts": {},
        }
        for n, (boat, card) in enumerate(BOATS.items())
    ]
    await tx.execute(insert(Device), cards)


async def settle_surge(desk: Any) -> Surge:
    """Build the county on the afternoon before."""
    world = desk.world
    room = WarRoom(desk)
    at = room.at("2025-06-20 14:50")
    await world.run("UPDATE login_session SET expires_at = expires_at + interval '900 days'")
    await world.do(lambda tx: settle_23(tx, at))
    await world.do(settle_departments)
    await settle(world)
    await world.do(build)
    await world.run("UPDATE shelter SET capacity = 400 WHERE id = :school", school=SCHOOL)
    await world.run("UPDATE shift SET ends_at = ends_at + interval '3 days'")
    await world.do(_crew)
    refuges = Refuges(desk)
    for village, count in RESIDENTS.items():
        await refuges.settled(village, count)
    source = await desk.post("lead", "/api/warnings/sources", {"name": "12379"})
    return Surge(room, Callout(desk), refuges, source.json())
