"""Round-ups through the public API: 23 units (22 townships, a bureau of the county), everybody on duty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from app.db import Tx
from app.dispatch.actions import intake
from app.dispatch.status_call.watcher import RoundUps
from app.org import store as org
from app.signals import Text
from tests.api.desk import Desk, problem
from tests.duty.spot_county import EAST_POST, WEST_POST
from tests.world import COUNTY, STREAM, ZONE, World

QUESTIONS: list[dict[str, Any]] = [
    {"kind": "number", "text": "转移人数", "unit": "人", "minimum": 0, "of_people": True, "cumulative": True},
    {"kind": "number", "text": "在岗人数", "unit": "人", "minimum": 0},
    {"kind": "lacking", "text": "缺什么", "optional": True},
]
BUREAU = 90
BUREAU_HEAD = 90001


@dataclass
class RoundUp:
    """One round-up, on the clock of the county."""

    office: Desk
    id: int = 0
    units: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The county."""
        return self.office.world

    def at(self, clock: str) -> None:
        """Let the clock of the county show `10:30` of this day, or of the next when it is past."""
        now = self.world.clock.now().astimezone(ZONE)
        wanted = now.replace(hour=int(clock[:2]), minute=int(clock[3:5]), second=0, microsecond=0)
        self.world.clock.advance(wanted - now)

    def moment(self, clock: str) -> str:
        """Return an instant of this day as the API takes it."""
        day = self.world.clock.now().astimezone(ZONE).date()
        return datetime.combine(day, time.fromisoformat(clock), ZONE).isoformat()

    async def ask(self, **changes: Any) -> dict[str, Any]:
        """Ask the 22 townships and the bureau three things, due at 11:00."""
        told = {
            "title": "各乡镇转移和在岗情况",
            "asked_by": "沈立",
            "questions": QUESTIONS,
            "recipients": {"region_codes": [COUNTY], "unit_ids": [BUREAU]},
            "due_at": self.moment("11:00"),
            **changes,
        }
        asked: dict[str, Any] = await self.do("officer", "/api/status-calls", told)
        self.id = asked["id"]
        await self.look_at()
        return asked

    async def look_at(self, by: str = "officer") -> dict[str, Any]:
        """Return the round, and remember its units."""
        told: dict[str, Any] = await self.office.read(by, f"/api/status-calls/{self.id}")
        self.units = {row["unit_id"]: row for row in told["units"]}
        return told

    def recipient(self, unit: int) -> str:
        """Return the path of a unit's line."""
        return f"/api/status-calls/recipients/{self.units[unit]['id']}"

    async def answer(self, unit: int, by: str, *values: Any, **told: Any) -> dict[str, Any]:
        """Answer for a unit."""
        body = {"values": {str(n): value for n, value in enumerate(values, start=1)}, **told}
        answered: dict[str, Any] = await self.do(by, f"{self.recipient(unit)}/answers", body)
        return answered

    async def told(self, unit: int, *values: Any, **more: Any) -> dict[str, Any]:
        """Write down what a unit told over the telephone."""
        about = {"source": "phone", "told_by": f"值班{unit}", **more}
        return await self.answer(unit, "officer", *values, **about)

    async def tick(self) -> int:
        """Let the house look at its round-ups."""
        return await RoundUps(self.world.database, self.world.clock, STREAM, ZONE).look()

    async def text(self, words: str, device: int, ref: str) -> None:
        """Let a device of the register send a text."""

        async def hear(tx: Tx) -> None:
            known = await org.device_by_id(tx, STREAM, device)
            assert known is not None
            await intake.hear_text(tx, known, Text(ref, words, b""), b"", self.world.clock.now())

        await self.world.do(hear)

    async def sent(self) -> list[Any]:
        """Return every outgoing message."""
        return await self.world.deliveries()

    async def do(self, by: str, path: str, told: Any = None, method: str = "POST") -> Any:
        """Carry out a command that must succeed."""
        answer = await self.office.ask(by, method, path, told if told is not None else {})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def refused(self, by: str, path: str, status: int, code: str, told: Any = None) -> dict[str, Any]:
        """Try a command that must be refused."""
        return problem(await self.office.post(by, path, told), status, code)


async def settle_bureau(world: World) -> None:
    """Found a bureau of the county without a duty post, and let people live where they are asked."""
    await world.run(
        "INSERT INTO org_unit (id, kind, name_zh, name_en, region_code, active)"
        " VALUES (:id, 'department', '市水利局', 'Water Bureau', :county, true)",
        id=BUREAU,
        county=COUNTY,
    )
    await world.run(
        "INSERT INTO person (id, name_zh, post, region_code, unit_id, phones)"
        " VALUES (:id, '水局长', '局长', :county, :unit, ARRAY['13866660001'])",
        id=BUREAU_HEAD,
        county=COUNTY,
        unit=BUREAU,
    )
    await world.run("UPDATE region SET population = 4200 WHERE kind = 'township'")
    await world.run(
        "UPDATE person SET phones = ARRAY['139' || lpad(id::text, 8, '0')] WHERE id < 90000 AND id > 999"
    )
    await world.run("UPDATE account SET scope = left(scope, 9) WHERE username IN ('east', 'west')")


TOWNSHIPS = [post for post in range(2, 24) if post not in (EAST_POST, WEST_POST)]
