"""The room in which orders are given: short ways to the public API, on the clock of the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from app.dispatch.order.overseer import Overseer
from tests.api.desk import Desk, problem
from tests.duty.spot_county import EAST_POST, WEST_POST
from tests.world import STREAM, ZONE, World

EAST_UNIT, WEST_UNIT = EAST_POST, WEST_POST
ORDERS = "/api/orders"


@dataclass
class Room:
    """Everybody's desk, and the clock that watches orders."""

    desk: Desk

    @property
    def world(self) -> World:
        """The county."""
        return self.desk.world

    @property
    def overseer(self) -> Overseer:
        """A watcher as it starts: it knows nothing but the rows."""
        house = self.desk.house
        return Overseer(self.world.database, self.world.clock, STREAM, house.order_series)

    def at(self, clock: str) -> datetime:
        """Let the clock of the county show `11:20` or `02:17:30` of this day."""
        now = self.world.clock.now().astimezone(ZONE)
        wanted = time.fromisoformat(clock)
        told = now.replace(hour=wanted.hour, minute=wanted.minute, second=wanted.second, microsecond=0)
        self.world.clock.advance(told - now)
        return self.world.clock.now()

    async def look(self, clock: str) -> int:
        """Let a watcher look at this time."""
        self.at(clock)
        return await self.overseer.look()

    async def do(self, by: str, path: str, told: Any = None, method: str = "POST") -> Any:
        """Carry out a command that must succeed."""
        answer = await self.desk.ask(by, method, path, told if told is not None else {})
        assert answer.status_code in (200, 201, 204), answer.text
        return answer.json() if answer.content else None

    async def refused(self, by: str, path: str, status: int, code: str, told: Any = None) -> dict[str, Any]:
        """Try a command that must be refused."""
        return problem(await self.desk.post(by, path, told), status, code)

    async def order(self, by: str = "officer", **changes: Any) -> dict[str, Any]:
        """Draft an order to the east and the west and issue it on the leader's oral consent."""
        told = {**ORDER, **changes}
        drafted = await self.do(by, ORDERS, told)
        return await self.issue(drafted, by)

    async def issue(self, drafted: dict[str, Any], by: str = "officer") -> dict[str, Any]:
        """Issue a draft on the leader's oral consent."""
        consent = {
            "revision": drafted["revision"],
            "issued_as": "oral_consent",
            "consent_of": "周敏",
            "consent_at": self.world.clock.now().isoformat(),
        }
        issued: dict[str, Any] = await self.do(by, f"{ORDERS}/{drafted['id']}/issue", consent)
        return issued

    async def parts(self, order_id: int, by: str = "officer") -> list[dict[str, Any]]:
        """Return the recipients of an order as this person sees them."""
        found: list[dict[str, Any]] = (await self.desk.read(by, f"{ORDERS}/{order_id}"))["parts"]
        return found

    async def part(self, order_id: int, unit_id: int) -> dict[str, Any]:
        """Return one unit's part of an order."""
        return next(part for part in await self.parts(order_id) if part["unit_id"] == unit_id)


ORDER: dict[str, Any] = {
    "title": "加强值守巡查",
    "recipients": [{"unit_id": EAST_UNIT}, {"unit_id": WEST_UNIT}],
    "tasks": [{"kind": "action", "text": "逐一巡查山塘水库"}],
}
