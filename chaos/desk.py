"""Dispatchers: they open, send, step, close, judge alarms, and race each other for one team."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any

from chaos.county import County
from chaos.person import Person

PLACES = ("990181001001", "990181100204", "990181101000", "990181107000")
KINDS = ("12G00", "11A01", "11B01", "12Y00", "14B00")  # the last is need-to-know
STEPS = ("acknowledge", "depart", "arrive", "finish", "return")
OVER = frozenset({"returned", "declined", "cancelled"})
CREW_S = 25.0


@dataclass
class Dispatcher:
    """One officer of the desk who works through cases until the watch is over."""

    person: Person
    county: County
    kinds: tuple[str, ...]

    @property
    def _draw(self) -> random.Random:
        return self.person.draw

    async def work(self) -> None:
        """Work case after case."""
        await self.person.log_in()
        while not self.person.watch.over.is_set():
            await self._case()
            await asyncio.sleep(self._draw.uniform(0.1, 0.8))

    async def _case(self) -> None:
        incident = await self.open()
        if incident is None:
            return
        if self._draw.random() < 0.4:
            await self._amend(incident)
        crew = self._draw.choice(self.county.crews)
        sent = await self.send(incident["id"], crew.team_id)
        if sent is not None:
            await self._until_over(incident["id"], sent)
        await self.close(incident["id"])

    async def open(self) -> dict[str, Any] | None:
        """Open an incident; its description is the key."""
        key = self.person.key()
        told = {
            "event_code": self._draw.choice(self.kinds),
            "region_code": self._draw.choice(PLACES),
            "description": key,
        }
        return await self.person.command("incident.open", "/api/incidents", told, key)

    async def send(self, incident: int, team: int) -> dict[str, Any] | None:
        """Send a team; the order's text is the key."""
        key = self.person.key()
        path = f"/api/incidents/{incident}/assignments"
        told = {"team_id": team, "text": key}
        return await self.person.command("assign", path, told, key, incident=incident, team=team)

    async def step(self, assignment: int, step: str) -> dict[str, Any] | None:
        """Enter a step on a team's behalf; the reason is the key."""
        key = self.person.key()
        told = {"step": step, "channel": "radio", "reason": key}
        path = f"/api/assignments/{assignment}/steps"
        return await self.person.command("step", path, told, key, assignment=assignment, step=step)

    async def close(self, incident: int) -> None:
        """Close an incident; the reason is the key."""
        key = self.person.key()
        await self.person.command(
            "incident.close", f"/api/incidents/{incident}/close", {"reason": key}, key, incident=incident
        )

    async def _amend(self, incident: dict[str, Any]) -> None:
        key = self.person.key()
        told = {"version": incident["version"], "title": key}
        path = f"/api/incidents/{incident['id']}"
        await self.person.command("incident.amend", path, told, key, "PATCH", incident=incident["id"])

    async def _until_over(self, incident: int, sent: dict[str, Any]) -> None:
        """Leave the team to its crew for a while, then bring it home on its behalf."""
        until = asyncio.get_running_loop().time() + CREW_S
        while asyncio.get_running_loop().time() < until and not self.person.watch.over.is_set():
            await asyncio.sleep(self._draw.uniform(0.5, 1.5))
            listed = await self.person.ask(f"/api/incidents/{incident}/assignments") or []
            if any(one["id"] == sent["id"] and one["state"] in OVER for one in listed):
                return
        for step in (*STEPS, "cancel"):
            await self.step(sent["id"], step)


async def race(one: Dispatcher, other: Dispatcher, team: int) -> None:
    """Let two officers send one team to two incidents in the same instant; release it afterwards."""
    incidents = [await desk.open() for desk in (one, other)]
    if None in incidents:
        return
    sent = await asyncio.gather(
        *(desk.send(told["id"], team) for desk, told in zip((one, other), incidents, strict=True) if told)
    )
    winners = [told["id"] for told in sent if told is not None]
    one.person.notes.note("race", team=team, winners=winners)
    for desk, told in zip((one, other), sent, strict=True):
        if told is not None:
            await desk.step(told["id"], "cancel")
    for desk, incident in zip((one, other), incidents, strict=True):
        assert incident is not None
        await desk.close(incident["id"])


async def races(one: Dispatcher, other: Dispatcher) -> None:
    """Race until the watch is over, for each team in turn."""
    await asyncio.gather(one.person.log_in(), other.person.log_in())
    round_ = 0
    while not one.person.watch.over.is_set():
        await race(one, other, one.county.raced[round_ % len(one.county.raced)])
        round_ += 1
        await asyncio.sleep(one.person.draw.uniform(0.2, 1.0))


async def judge(person: Person, alarms: asyncio.Queue[dict[str, Any]]) -> None:
    """Judge the calls that a screen shows: take note, then confirm, or ask to dismiss. Two officers do so."""
    await person.log_in()
    while not person.watch.over.is_set():
        try:
            alarm = await asyncio.wait_for(alarms.get(), 1)
        except TimeoutError:
            continue
        if alarm["kind"] != "sos":
            continue
        path = f"/api/alarms/{alarm['id']}"
        about = {"alarm": alarm["id"]}
        await person.command("alarm.acknowledge", f"{path}/acknowledge", {}, person.key(), **about)
        await asyncio.sleep(person.draw.uniform(0, 0.3))
        key = person.key()
        if alarm["id"] % 2:
            told = await person.command(
                "alarm.confirm", f"{path}/confirm", {"description": key}, key, **about
            )
            if told is not None:
                closing = person.key()
                incident = told["id"]
                where = f"/api/incidents/{incident}/close"
                await person.command("incident.close", where, {"reason": closing}, closing, incident=incident)
        else:
            await person.command("alarm.dismiss", f"{path}/dismiss", {"reason": key}, key, **about)
