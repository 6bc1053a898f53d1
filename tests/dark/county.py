"""Ten townships whose gateways beat once a minute, the way the outside world would make them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, text

from app.dispatch.contact.actions import watching
from app.org import store as org
from app.org.tables import Account, Device, LoginSession, Region
from tests.api.desk import Desk, token_of
from tests.world import COUNTY, STREAM, World

NIGHT = datetime(2025, 7, 2, 12, 30, tzinfo=UTC)  # 20:30 on 2 July 2025, Beijing time
NAMES = ("洲头乡", "洲尾乡", "洋田乡", "双河镇", "永宁镇", "观山镇", "临溪镇", "石湾镇", "古塘镇", "长岭镇")
TOWNSHIPS = {name: f"99018130{number}000" for number, name in enumerate(NAMES)}
HEAD, TAIL, FIELD = (TOWNSHIPS[name] for name in NAMES[:3])
HEAD_VILLAGES = (f"{HEAD[:9]}201", f"{HEAD[:9]}202")
GATEWAY, CARDS = 1000, {TAIL: "500921", FIELD: "500931"}


@dataclass
class Dark:
    """The county on its bad night, and the only things that may be done to it: time, signs, the API."""

    desk: Desk

    @property
    def world(self) -> World:
        return self.desk.world

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    async def beat(self, names: Iterable[str] = NAMES) -> None:
        """Let the gateways of these townships be heard now."""
        touched = {GATEWAY + NAMES.index(name): "mqtt" for name in names}
        await self.world.do(lambda tx: org.touch_devices(tx, touched, self.now))

    async def look(self) -> int:
        """Let the watch look once."""
        rules = self.desk.house.contact
        return await self.world.do(lambda tx: watching.look(tx, STREAM, rules, self.now))

    async def pass_by(self, seconds: float, beating: Iterable[str] = NAMES) -> None:
        """Let time go by a minute at a time, the watch looking and these gateways beating."""
        beating = tuple(beating)
        while seconds > 0:
            step = min(60.0, seconds)
            self.world.later(seconds=step)
            seconds -= step
            await self.beat(beating)
            await self.look()

    async def fall_silent(self, *names: str, minutes: float = 6) -> None:
        """Let some townships not be heard for a while, the others as ever."""
        await self.pass_by(minutes * 60, [name for name in NAMES if name not in names])

    async def board(self, who: str = "officer") -> dict[str, dict[str, Any]]:
        """Return the board's units by their name."""
        told = await self.desk.read(who, "/api/contact")
        return {unit["name_zh"]: unit for unit in told["units"]}

    async def post(self, path: str, told: Any = None, who: str = "officer", status: int = 201) -> Any:
        """Return what a command that must succeed says."""
        answer = await self.desk.post(who, path, told)
        assert answer.status_code == status, answer.text
        return answer.json()

    def at(self, clock_time: str) -> None:
        """Set the clock to a time of the night, Beijing time; after midnight it is the next day."""
        hour, minute = (int(part) for part in clock_time.split(":"))
        day = 2 if hour >= 12 else 3
        goal = datetime(2025, 7, day, hour, minute, tzinfo=UTC)
        goal = datetime.fromtimestamp(goal.timestamp() - 8 * 3600, UTC)
        assert goal >= self.now, "time does not run backwards"
        self.world.clock.advance(goal - self.now)


@pytest.fixture
async def dark(desk: Desk) -> Dark:
    """The county at 20:30, every gateway just heard."""
    world = desk.world
    world.clock.advance(NIGHT - world.clock.now())
    await world.do(_settle)
    one = Dark(desk)
    await one.beat()
    await one.look()
    return one


async def _settle(tx: Any) -> None:
    places = [_region(code, COUNTY, "township", name) for name, code in TOWNSHIPS.items()]
    places += [_region(code, HEAD, "village", f"洲头村{n}") for n, code in enumerate(HEAD_VILLAGES, 1)]
    await tx.execute(insert(Region), places)
    gateways = [
        _device(GATEWAY + number, "gateway", f"gw-{number}", "gateway", code)
        for number, code in enumerate(TOWNSHIPS.values())
    ]
    cards = [
        _device(1100 + number, "rdss21", card, "beidou_terminal", code)
        for number, (code, card) in enumerate(CARDS.items())
    ]
    await tx.execute(insert(Device), gateways + cards)
    account = {
        "id": 50,
        "username": "zhoutou",
        "password_hash": "x",
        "name_zh": "洲头值班员",
        "role": "township_officer",
        "stream": STREAM,
        "scope": HEAD[:9],
        "team_ids": [],
        "active": True,
    }
    await tx.execute(insert(Account), [account])
    session = {"token_hash": token_of("zhoutou"), "account_id": 50, "created_at": NIGHT, "expires_at": NIGHT}
    await tx.execute(insert(LoginSession), [session])
    await tx.execute(text("UPDATE login_session SET expires_at = expires_at + interval '60 days'"))


def _region(code: str, parent: str, kind: str, name: str) -> dict[str, Any]:
    return {
        "code": code,
        "parent_code": parent,
        "kind": kind,
        "name_zh": name,
        "name_en": name,
        "lon": 118.2,
        "lat": 28.5,
        "population": 0,
    }


def _device(key: int, family: str, number: str, kind: str, region: str) -> dict[str, Any]:
    return {
        "id": key,
        "stream": STREAM,
        "family": family,
        "number": number,
        "label": f"{kind} {number}",
        "kind": kind,
        "region_code": region,
        "team_id": None,
        "holder_id": None,
        "active": True,
        "facts": {},
    }
