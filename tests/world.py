"""A tiny county for tests: two townships, three villages, four teams, their devices, an account of each role.

| team | township | app | device that carries text |
|---|---|---|---|
| RIVER | east | crew | JT/T 808 |
| HILL | east | – | Beidou card |
| LAKE | west | boatman | – |
| FOREST | west | – | – |
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, text

from app.clock import SetClock
from app.db import Database, Tx
from app.delivery.tables import Delivery
from app.dispatch.actions import incidents
from app.dispatch.actions.assign import assign
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.commands import AssignIn, IncidentIn
from app.dispatch.facts import IncidentFact
from app.dispatch.settings import load_dispatch_rules
from app.dispatch.tables import EventType
from app.journal import store as journal
from app.org import store as org
from app.org.accounts import viewer_of
from app.org.rules.access import Role, Viewer
from app.org.store import DeviceFact
from app.org.tables import Account, Device, LoginSession, OrgUnit, Person, Region, Team, UnitKind

T = TypeVar("T")

STREAM = "990181"
COUNTY = "990181000000"
EAST, WEST = "990181100000", "990181200000"
EAST_BANK, EAST_HILL, WEST_LAKE = "990181100201", "990181100202", "990181200201"
RIVER, HILL, LAKE, FOREST = 1, 2, 3, 4
TRUCK, CARD, LONE_CARD, WEST_TRUCK = "13900000001", "500201", "500301", "13900000002"
OPEN_KIND, SECRET_KIND = "12Y00", "14A00"
LIMITS = load_dispatch_rules()
ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "a-long-enough-password"
# argon2 of PASSWORD with the smallest cost there is: a login in a test need not be slow.
PASSWORD_HASH = (
    "$argon2id$v=19$m=8,t=1,p=1$Kh1AL++xAvGYAPtYKJwSoQ$Y/25srLuY6A4auVdNXJi4nvlB6GfWmBujGJGmXhbFd8"
)

_ACCOUNTS: tuple[tuple[str, str, Role, str, list[int]], ...] = (
    ("leader", "带班领导", "centre_leader", STREAM, []),
    ("lead", "值班长", "shift_lead", STREAM, []),
    ("officer", "值班员甲", "duty_officer", STREAM, []),
    ("second", "值班员乙", "duty_officer", STREAM, []),
    ("east", "东镇值班员", "township_officer", EAST[:9], []),
    ("west", "西镇值班员", "township_officer", WEST[:9], []),
    ("crew", "江队队员", "responder", EAST[:9], [RIVER]),
    ("boatman", "湖队队员", "responder", WEST[:9], [LAKE]),
    ("admin", "设备管理员", "device_admin", STREAM, []),
    ("auditor", "审计员", "auditor", STREAM, []),
)


@dataclass
class World:
    """The county with its people, a clock to set and one way to act."""

    database: Database
    clock: SetClock
    people: dict[str, Viewer]

    async def do(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run one action in a transaction of its own."""
        async with self.database.transaction() as tx:
            return await work(tx)

    async def events(self, after: int = 0) -> list[dict[str, Any]]:
        """Return what the journal holds after a cursor."""
        rows = await self.do(lambda tx: journal.read_after(tx, STREAM, after, 10_000))
        return [json.loads(row.wire) for row in rows]

    async def types(self, after: int = 0) -> list[str]:
        """Return the names of what happened after a cursor."""
        return [str(event["type"]) for event in await self.events(after)]

    async def head(self) -> int:
        """Return the journal's last number."""
        return await self.do(lambda tx: journal.head(tx, STREAM))

    async def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Return what a query finds."""
        found = await self.do(lambda tx: tx.execute(text(query), values))
        return [dict(row) for row in found.mappings()]

    async def run(self, statement: str, **values: Any) -> None:
        """Change rows behind the house's back."""
        await self.do(lambda tx: tx.execute(text(statement), values))

    async def device(self, number: str) -> DeviceFact:
        """Return a device of the register."""
        families = ("jt808", "rdss21")
        found = await self.do(lambda tx: org.device_by_number(tx, families, number))
        assert found is not None
        return found

    async def incident(self, by: str = "officer", **changes: Any) -> IncidentFact:
        """Open an incident on the east bank."""
        told = IncidentIn(
            **{
                "event_code": OPEN_KIND,
                "region_code": EAST_BANK,
                "lon": 118.21,
                "lat": 28.51,
                "title": "东岸村溺水",
                **changes,
            }
        )
        return await self.do(
            lambda tx: incidents.open_by_hand(tx, self.people[by], told, self.clock.now(), ZONE)
        )

    async def send(
        self, team: int = RIVER, incident_id: int | None = None, by: str = "officer"
    ) -> AssignmentFact:
        """Send a team, to a new incident unless told where."""
        where = incident_id if incident_id is not None else (await self.incident()).id
        order = AssignIn(team_id=team, text="速去东岸")
        return await self.do(lambda tx: assign(tx, self.people[by], where, order, self.clock.now(), LIMITS))

    async def deliveries(self) -> list[Delivery]:
        """Return every outgoing message, oldest first."""
        found = await self.do(
            lambda tx: tx.execute(Delivery.__table__.select().order_by(text("id")))  # type: ignore[attr-defined]
        )
        return [Delivery(**row) for row in found.mappings()]

    def later(self, **by: float) -> None:
        """Move the clock."""
        self.clock.advance(timedelta(**by))


@pytest.fixture
async def world(county: Database, clock: SetClock) -> World:
    """The county at 02:13:20, everybody in place, nothing happened yet."""
    return await inhabited(county, clock)


async def inhabited(county: Database, clock: SetClock) -> World:
    """Put everybody in place in a database that has the schema and nothing in it."""
    async with county.transaction() as tx:
        await journal.open_stream(tx, STREAM)
        for table, rows in _rows().items():
            await tx.execute(insert(table), rows)
        for name in ("org_unit", "person", "team", "device", "account"):
            await tx.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
            )
    people = {row["username"]: viewer_of(Account(**row)) for row in _accounts()}
    return World(county, clock, people)


def _rows() -> dict[Any, list[dict[str, Any]]]:
    return {
        Region: [
            _region(COUNTY, None, "county", "樟川市", 118.2, 28.5),
            _region(EAST, COUNTY, "township", "东镇", 118.21, 28.51),
            _region(WEST, COUNTY, "township", "西镇", 118.1, 28.4),
            _region(EAST_BANK, EAST, "village", "东岸村", 118.212, 28.512),
            _region(EAST_HILL, EAST, "village", "东山村", 118.23, 28.53),
            _region(WEST_LAKE, WEST, "village", "西湖村", 118.11, 28.41),
        ],
        UnitKind: [
            {"code": "centre", "name_zh": "中心", "name_en": "Centre"},
            {
                "code": "township",
                "name_zh": "乡镇",
                "name_en": "Township",
                "min_posts": 6,
                "min_full_time": 2,
            },
        ],
        OrgUnit: [
            {
                "id": 1,
                "kind": "centre",
                "name_zh": "樟川市应急指挥中心",
                "name_en": "Zhangchuan Emergency Operations Centre",
                "region_code": COUNTY,
            }
        ],
        Person: [
            _person(1, "江队长", EAST, "13800000001"),
            _person(2, "山队长", EAST, "13800000002"),
            _person(3, "湖队长", WEST, "13800000003"),
            _person(4, "林队长", WEST, "13800000004"),
            _person(5, "护林员老周", EAST_HILL, "13800000005"),
        ],
        Team: [
            _team(RIVER, "江河救援队", "江一", EAST, 118.215, 28.515, ["search_rescue", "boat"]),
            _team(HILL, "东山民兵", "山一", EAST, 118.23, 28.53, ["search_rescue"]),
            _team(LAKE, "西湖救援队", "湖一", WEST, 118.11, 28.41, ["search_rescue", "medical"]),
            _team(FOREST, "西镇扑火队", "林一", WEST, 118.1, 28.4, ["forest_fire", "search_rescue"]),
        ],
        Device: [
            _device(1, "jt808", TRUCK, "江一车载", EAST, RIVER, 1),
            _device(2, "rdss21", CARD, "山一北斗", EAST, HILL, 2),
            _device(3, "rdss21", LONE_CARD, "老周北斗", EAST_HILL, None, 5),
            _device(4, "jt808", WEST_TRUCK, "西镇巡逻车", WEST, None, None),
        ],
        EventType: [
            _kind(OPEN_KIND, "其他事故", "Other accident", secret=False),
            _kind(SECRET_KIND, "群体性事件", "Mass incident", secret=True),
        ],
        Account: _accounts(),
        LoginSession: [_phone(name) for name in ("crew", "boatman")],
    }


def _region(code: str, parent: str | None, kind: str, name: str, lon: float, lat: float) -> dict[str, Any]:
    return {
        "code": code,
        "parent_code": parent,
        "kind": kind,
        "name_zh": name,
        "name_en": name,
        "lon": lon,
        "lat": lat,
        "population": 0,
    }


def _person(key: int, name: str, region: str, phone: str) -> dict[str, Any]:
    return {"id": key, "name_zh": name, "post": "", "region_code": region, "phones": [phone]}


def _team(
    key: int, name: str, call_sign: str, region: str, lon: float, lat: float, able: list[str]
) -> dict[str, Any]:
    return {
        "id": key,
        "stream": STREAM,
        "name_zh": name,
        "name_en": name,
        "call_sign": call_sign,
        "kind": "rescue",
        "region_code": region,
        "leader_id": key,
        "lon": lon,
        "lat": lat,
        "strength": 12,
        "standby_strength": 6,
        "speed_kmh": 40.0,
        "capabilities": able,
        "standby": True,
        "dispatchable": True,
    }


def _device(
    key: int, family: str, number: str, label: str, region: str, team: int | None, holder: int | None
) -> dict[str, Any]:
    return {
        "id": key,
        "stream": STREAM,
        "family": family,
        "number": number,
        "label": label,
        "region_code": region,
        "team_id": team,
        "holder_id": holder,
        "active": True,
        "facts": {},
    }


def _phone(username: str) -> dict[str, Any]:
    """A field phone that is logged in: what is not logged in gets no orders."""
    (account,) = (row["id"] for row in _accounts() if row["username"] == username)
    started = datetime(2025, 6, 17, tzinfo=UTC)
    return {
        "token_hash": f"phone-of-{username}",
        "account_id": account,
        "created_at": started,
        "expires_at": started + timedelta(days=365),
    }


def _kind(code: str, zh: str, en: str, *, secret: bool) -> dict[str, Any]:
    return {
        "scheme": "CN-EVENT-5",
        "code": code,
        "name_zh": zh,
        "name_en": en,
        "category": "test",
        "restricted": secret,
    }


def _accounts() -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "username": username,
            "password_hash": PASSWORD_HASH,
            "name_zh": name,
            "role": role,
            "stream": STREAM,
            "scope": scope,
            "team_ids": teams,
            "active": True,
        }
        for number, (username, name, role, scope, teams) in enumerate(_ACCOUNTS, start=1)
    ]
