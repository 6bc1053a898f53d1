"""Responders: two phones a crew, both answer every order through every step, and press SOS now and then."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from chaos.person import Person
from chaos.screen import Screen

STEPS = ("acknowledge", "depart", "arrive", "finish", "return")


class Phone:
    """One phone of a crew: what its screen shows is answered."""

    def __init__(self, person: Person, team_id: int) -> None:
        self.person = person
        self.team_id = team_id
        self.screen = Screen(person, self._hear)
        self._orders: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def _hear(self, told: dict[str, Any]) -> None:
        if told["type"] == "assignment.dispatched" and told["assignment"]["team_id"] == self.team_id:
            self._orders.put_nowait(told)

    async def work(self) -> None:
        """Answer order after order until the watch is over."""
        await self.person.log_in()
        while not self.person.watch.over.is_set():
            if self.person.draw.random() < 0.02:
                await self._call_for_help()
            try:
                told = await asyncio.wait_for(self._orders.get(), 2)
            except TimeoutError:
                continue
            await self._answer(told)

    async def _answer(self, told: dict[str, Any]) -> None:
        assignment = told["assignment"]["id"]
        for delivery in told.get("deliveries", ()):
            mine = delivery["channel"] == "app" and delivery.get("assignment_id") == assignment
            if mine:
                path = f"/api/deliveries/{delivery['id']}/receipt"
                await self.person.command("receipt", path, {}, self.person.key(), delivery=delivery["id"])
        for step in STEPS:
            key = self.person.key()
            path = f"/api/assignments/{assignment}/steps"
            body = {"step": step, "reason": key}
            await self.person.command("step", path, body, key, assignment=assignment, step=step)
            if step == "arrive":
                await self._say(assignment)
            await asyncio.sleep(self.person.draw.uniform(0.05, 0.5))

    async def _say(self, assignment: int) -> None:
        key = self.person.key()
        body = {"text": key, "happened_at": datetime.now(UTC).isoformat()}
        path = f"/api/assignments/{assignment}/words"
        await self.person.command("words", path, body, key, assignment=assignment)

    async def _call_for_help(self) -> None:
        key = self.person.key()
        body = {"text": key, "happened_at": datetime.now(UTC).isoformat()}
        await self.person.command("sos", "/api/sos", body, key)
