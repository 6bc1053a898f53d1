"""Call-and-respond through the public API: two townships with 18 villages each, their people, a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from app.db import Tx
from app.org import store as org
from app.response.call_and_respond.watcher import Callouts
from app.signals import Text
from tests.api.desk import Desk, problem
from tests.world import COUNTY, EAST, EAST_BANK, EAST_HILL, STREAM, WEST, WEST_LAKE, ZONE, World

MAYOR, DIRECTOR = 70001, 70002
HEADS = {EAST: 70011, WEST: 70012}
SILENT_VILLAGE = WEST_LAKE[:9] + "218"
VILLAGES = [
    *(EAST[:9] + f"{n}" for n in range(201, 219)),
    *(WEST[:9] + f"{n}" for n in range(201, 219)),
]
PHONE_OF_A = "13700000000"
WARNING: dict[str, Any] = {
    "cause_kind": "warning",
    "cause_id": 11,
    "title": "暴雨红色预警",
    "colour": "red",
    "hazard": "3小时雨量100毫米以上",
    "expected": "02:40至08:00",
    "area": "东镇、西镇",
    "harm": "山洪、滑坡",
    "region_codes": [EAST, WEST],
}


def a_of(village: str) -> int:
    """Return the number of a village's contact A; B is the next, the head, then the grid member."""
    return 80000 + VILLAGES.index(village) * 10


@dataclass
class Callout:
    """One round of calls, on the clock of the county."""

    office: Desk
    id: int = 0
    targets: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The county."""
        return self.office.world

    def at(self, clock: str) -> None:
        """Let the clock of the county show `03:10` of this day."""
        now = self.world.clock.now().astimezone(ZONE)
        wanted = now.replace(hour=int(clock[:2]), minute=int(clock[3:5]), second=0, microsecond=0)
        self.world.clock.advance(wanted - now)

    def moment(self, clock: str) -> str:
        """Return an instant of this day as the API takes it."""
        day = self.world.clock.now().astimezone(ZONE).date()
        return datetime.combine(day, time.fromisoformat(clock), ZONE).isoformat()

    async def start(self, **changes: Any) -> dict[str, Any]:
        """Start a round for the red rainstorm."""
        told: dict[str, Any] = await self.do("officer", "/api/call-and-respond", {**WARNING, **changes})
        self.id = told["id"]
        await self.look()
        return told

    async def look(self, by: str = "officer") -> dict[str, Any]:
        """Return the round, and remember its targets: leaders by name, places by code."""
        told: dict[str, Any] = await self.office.read(by, f"/api/call-and-respond/{self.id}")
        self.targets = {
            one["name"] if one["tier"] == "county" else one["region_code"]: one for one in told["targets"]
        }
        return told

    def path(self, key: str) -> str:
        """Return the path of a target."""
        return f"/api/call-and-respond/targets/{self.targets[key]['id']}"

    async def detail(self, key: str, by: str = "officer") -> dict[str, Any]:
        """Return a target with its people and calls."""
        told: dict[str, Any] = await self.office.read(by, self.path(key))
        return told

    async def call(
        self, key: str, by: str = "officer", role: str = "", result: str = "answered", **more: Any
    ) -> dict[str, Any]:
        """Write down a call to the person of a role (the first of the list if none is named)."""
        people = (await self.detail(key, by))["people"]
        who = next(one for one in people if not role or one["role"] == role)
        body = {"person_row_id": who["id"], "result": result, **more}
        told: dict[str, Any] = await self.do(by, f"{self.path(key)}/calls", body)
        return told

    async def tick(self) -> int:
        """Let the house look at its rounds."""
        return await Callouts(self.world.database, self.world.clock, STREAM, ZONE).look()

    async def text(self, words: str, device: int, ref: str) -> bool:
        """Let a device of the register send a text; return whether it answered a call."""
        from app.response.call_and_respond.actions import texts

        async def hear(tx: Tx) -> bool:
            known = await org.device_by_id(tx, STREAM, device)
            assert known is not None
            return await texts.hear_text(tx, known, Text(ref, words, b""), self.world.clock.now())

        return await self.world.do(hear)

    def count(self, told: dict[str, Any], tier: str, township: str | None = None) -> dict[str, Any]:
        """Return the counts of a tier."""
        found: dict[str, Any] = next(
            one for one in told["counts"] if (one["tier"], one["township_code"]) == (tier, township)
        )
        return found

    async def do(self, by: str, path: str, told: Any = None, method: str = "POST") -> Any:
        """Carry out a command that must succeed."""
        answer = await self.office.ask(by, method, path, told if told is not None else {})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def refused(self, by: str, path: str, status: int, code: str, told: Any = None) -> dict[str, Any]:
        """Try a command that must be refused."""
        return problem(await self.office.post(by, path, told), status, code)


async def settle(world: World) -> None:
    """Let 36 villages have A, B, head and grid member, two townships their heads, the county its leaders."""
    await _found_villages(world)
    await _enlist(world)
    for kind, k in (("contact_a", 0), ("contact_b", 1), ("village_head", 2)):
        for code in VILLAGES:
            await world.run(
                "INSERT INTO office (stream, kind, title, region_code, person_id)"
                " VALUES (:stream, :kind, :kind, :code, :person)",
                stream=STREAM,
                kind=kind,
                code=code,
                person=a_of(code) + k,
            )
    listed = [(MAYOR, "county_head", COUNTY), (DIRECTOR, "bureau_head", COUNTY)]
    listed += [(person, "township_head", town) for town, person in HEADS.items()]
    for n, (person, role, code) in enumerate(listed, start=1):
        await world.run(
            "INSERT INTO callout_listed (stream, region_code, ordinal, role, person_id)"
            " VALUES (:stream, :code, :n, :role, :person)",
            stream=STREAM,
            code=code,
            n=n,
            role=role,
            person=person,
        )


async def _found_villages(world: World) -> None:
    for code in VILLAGES:
        if code in (EAST_BANK, EAST_HILL, WEST_LAKE):
            continue
        name = "青石村" if code == SILENT_VILLAGE else f"{'东' if code < WEST else '西'}{code[-2:]}村"
        await world.run(
            "INSERT INTO region (code, parent_code, kind, name_zh, name_en, lon, lat, population)"
            " VALUES (:code, :town, 'village', :name, :name, 118.2, 28.5, 900)",
            code=code,
            town=code[:9] + "000",
            name=name,
        )


async def _enlist(world: World) -> None:
    people = [(MAYOR, "沈立", "指挥长", COUNTY), (DIRECTOR, "何志强", "市应急管理局局长", COUNTY)]
    people += [
        (person, f"{'东' if town == EAST else '西'}镇长", "镇长", town) for town, person in HEADS.items()
    ]
    posts = (("甲", "应急管理员A角"), ("乙", "应急管理员B角"), ("支书", "村支书"), ("格员", "网格员"))
    people += [
        (a_of(code) + k, f"{name}{code[-6:]}", post, code)
        for code in VILLAGES
        for k, (name, post) in enumerate(posts)
    ]
    for person, name, post, code in people:
        await world.run(
            "INSERT INTO person (id, name_zh, post, region_code, phones, phone_labels)"
            " VALUES (:id, :name, :post, :code, ARRAY[:phone], ARRAY['mobile'])",
            id=person,
            name=name,
            post=post,
            code=code,
            phone=str(int(PHONE_OF_A) + person),
        )
