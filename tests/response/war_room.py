"""The room in which a response is led: short ways to the public API, on the clock of the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text

from app.db import Tx
from app.dispatch.status_call.watcher import RoundUps
from app.dispatch.tables import EventType
from app.org.tables import OrgUnit
from app.response.level.watcher import ResponseWatch
from app.response.plan.shipped import shipped_cards
from tests.api.desk import Desk, problem
from tests.world import COUNTY, STREAM, ZONE, World

PLANS, RUNS, RESPONSES = "/api/plans", "/api/plan-runs", "/api/responses"
LEAK, SURGE, FIRE = "12D02", "11E02", "11G01"
DEPARTMENTS = (
    "市公安局",
    "市消防救援大队",
    "市卫生健康委员会",
    "市水利局",
    "市自然资源局",
    "市林业局",
    "市气象局",
    "市交通运输局",
    "市住房和城乡建设局",
    "市生态环境局",
    "市农业农村局",
    "市民政局",
    "市教育体育局",
    "市供电公司",
    "市燃气公司",
    "市通信发展办公室",
    "市红十字会",
    "市人民武装部",
    "市融媒体中心",
    "市商务局",
    "樟川工业园区应急管理中心",
)
FIRST_DEPARTMENT = 101
CARDED = {
    "general": ("general", "樟川市突发事件总体应急预案", []),
    "hazardous_chemicals": ("special", "樟川市危险化学品事故应急预案", ["12D"]),
    "flood": ("special", "樟川市防汛抗旱应急预案", ["11A", "11B", "11E"]),
    "forest_fire": ("special", "樟川市森林草原火灾应急预案", ["11G"]),
}


async def settle_departments(tx: Tx) -> None:
    """Write the member units by their real names, and the kinds of events the scenarios need."""
    rows = [
        {
            "id": FIRST_DEPARTMENT + n,
            "kind": "department",
            "name_zh": name,
            "name_en": name,
            "region_code": COUNTY,
        }
        for n, name in enumerate(DEPARTMENTS)
    ]
    await tx.execute(insert(OrgUnit), rows)
    await tx.execute(
        text("SELECT setval(pg_get_serial_sequence('org_unit', 'id'), (SELECT max(id) FROM org_unit))")
    )
    kinds = ((LEAK, "危险化学品泄漏"), (SURGE, "风暴潮"), (FIRE, "境内森林火灾"), ("11B03", "暴雨"))
    await tx.execute(
        insert(EventType),
        [
            {
                "scheme": "CN-EVENT-5",
                "code": code,
                "name_zh": name,
                "name_en": name,
                "category": "natural",
                "restricted": False,
            }
            for code, name in kinds
        ],
    )


@dataclass
class WarRoom:
    """Everybody's desk, and the clock."""

    desk: Desk

    @property
    def world(self) -> World:
        """The county."""
        return self.desk.world

    def at(self, local: str) -> datetime:
        """Let the clock of the county show a local time, e.g. 2025-06-20 23:00."""
        wanted = datetime.fromisoformat(local).replace(tzinfo=ZONE)
        self.world.clock.advance(wanted - self.world.clock.now())
        return self.world.clock.now()

    async def look(self) -> int:
        """Let the watchers look as they would after a start: they know nothing but the rows."""
        house = self.desk.house
        done = await ResponseWatch(self.world.database, self.world.clock, STREAM, house.readiness).look()
        await RoundUps(self.world.database, self.world.clock, STREAM, ZONE).look()
        return done

    async def do(self, by: str, path: str, told: Any = None, method: str = "POST") -> Any:
        """Carry out a command that must succeed."""
        answer = await self.desk.ask(by, method, path, told if told is not None else {})
        assert answer.status_code in (200, 201, 204), answer.text
        return answer.json() if answer.content else None

    async def refused(self, by: str, path: str, status: int, code: str, told: Any = None) -> dict[str, Any]:
        """Try a command that must be refused."""
        return problem(await self.desk.post(by, path, told), status, code)

    async def carded(self, card: str, by: str = "leader") -> int:
        """Enter a plan with its shipped card; return its number."""
        kind, name, hazards = CARDED[card]
        told = {
            "kind": kind,
            "name_zh": name,
            "hazards": hazards,
            "owner_name": "市应急管理局",
            "region_code": COUNTY,
        }
        plan = await self.do(by, PLANS, told)
        await self.do(by, f"{PLANS}/{plan['id']}/card", {"text": shipped_cards()[card], "version": 0}, "PUT")
        return int(plan["id"])

    async def respond(self, level: int = 3, by: str = "officer", **changes: Any) -> dict[str, Any]:
        """Propose a response and return it."""
        told = {"event_code": SURGE, "level": level, "cause_words": "风暴潮橙色预警", **changes}
        made: dict[str, Any] = await self.do(by, RESPONSES, told)
        return made

    async def decide(
        self, response: dict[str, Any], by: str = "leader", verdict: str = "accept", **changes: Any
    ) -> dict[str, Any]:
        """Decide on the open proposal of a response as its commander."""
        step = next(one["step"] for one in response["steps"] if one["state"] == "open")
        told = {"verdict": verdict, "decided_as": "commander", **changes}
        path = f"{RESPONSES}/{response['id']}/steps/{step}/decision"
        made: dict[str, Any] = await self.do(by, path, told)
        return made

    async def run(self, run_id: int, by: str = "officer") -> dict[str, Any]:
        """Return a card in force with its tasks."""
        found: dict[str, Any] = await self.desk.read(by, f"{RUNS}/{run_id}")
        return found

    async def acknowledge(self, task: dict[str, Any], by: str = "officer") -> None:
        """Write down the receipts of a task, told by telephone."""
        for receipt in task["receipts"]:
            told = {"channel": "telephone", "voucher": "值班员"}
            await self.do(by, f"/api/orders/recipients/{receipt['recipient_id']}/acknowledge", told)
