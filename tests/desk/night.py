"""A night at the desk: one random action after another, refused or not, by anybody and any device."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome, Step
from app.dispatch.actions import alarms, answer, dismissal, incidents, intake, standby
from app.dispatch.actions.assign import assign
from app.dispatch.commands import AlarmConfirmIn, AssignIn, IncidentIn, IncidentPatch, StepIn
from app.dispatch.escalator import Escalator
from app.org import accounts
from app.org.rules.access import Viewer
from app.refusals import Refusal
from app.signals import Distress, Fix, Text
from tests.world import (
    CARD,
    EAST_BANK,
    EAST_HILL,
    LIMITS,
    LONE_CARD,
    OPEN_KIND,
    PASSWORD,
    SECRET_KIND,
    TRUCK,
    WEST_LAKE,
    WEST_TRUCK,
    ZONE,
    World,
)

Act = Callable[[], Awaitable[object]]
_PLACES = (EAST_BANK, EAST_HILL, WEST_LAKE)
_KINDS = (OPEN_KIND, OPEN_KIND, SECRET_KIND)
_NUMBERS = (TRUCK, CARD, LONE_CARD, WEST_TRUCK)
_STEPS = {
    "dispatched": ("acknowledge", "acknowledge", "decline", "depart", "arrive", "finish"),
    "acknowledged": ("decline", "depart", "arrive", "arrive", "acknowledge"),
    "en_route": ("arrive", "arrive", "cancel", "depart"),
    "on_scene": ("finish", "finish", "cancel", "arrive"),
}
_FEEDBACK: tuple[Step, ...] = ("accept", "accept", "deliver", "fail", "lose", "retry")


class Night:
    """Chooses actions by a seed, so that a bad night can be lived through again."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._pick = random.Random(seed)
        self._serial = 0
        self._acts: list[tuple[int, Act]] = [
            (6, self.distress),
            (4, self.words),
            (4, self.acknowledge_alarm),
            (6, self.confirm_alarm),
            (3, self.dismiss_alarm),
            (5, self.open),
            (9, self.amend),
            (12, self.assign),
            (16, self.step),
            (6, self.escalate),
            (30, self.message),
            (3, self.give_up),
            (3, self.receipt),
            (3, self.standby),
            (5, self.close),
            (3, self.log_in),
        ]

    async def act(self) -> str:
        """Do one thing; return its name, with "refused" when the house said no."""
        self._world.later(seconds=self._pick.choice((0, 1, 3, 12, 40)))
        weights, acts = zip(*self._acts, strict=True)
        (act,) = self._pick.choices(acts, weights)
        name = getattr(act, "__name__", "act")
        try:
            await act()
        except Refusal as refusal:
            return f"{name} refused: {refusal.code}"
        return name

    @property
    def _now(self) -> Any:
        return self._world.clock.now()

    def _anybody(self) -> Viewer:
        names = ("officer", "second", "lead", "leader", "officer", "officer", "east", "west", "crew")
        return self._world.people[self._pick.choice(names)]

    async def _one(self, query: str) -> int:
        rows = await self._world.rows(query)
        return int(self._pick.choice(rows)["id"]) if rows else 1

    async def _do(self, work: Callable[[Tx], Awaitable[object]]) -> None:
        await self._world.do(work)

    async def distress(self) -> None:
        device = await self._world.device(self._pick.choice(_NUMBERS))
        if self._pick.random() < 0.7:
            self._serial += 1
        fix = Fix(118.2, 28.5) if self._pick.random() < 0.5 else None
        call = Distress(f"sos-{self._serial}", self._now, fix)
        for _ in range(self._pick.choice((1, 1, 3))):
            await self._do(lambda tx: intake.hear_distress(tx, device, call, b"raw", self._now))

    async def words(self) -> None:
        device = await self._world.device(self._pick.choice(_NUMBERS))
        said = self._pick.choice(("1", "2", "3", "4", "5", "桥断了", "SOS 118.2345,28.5432"))
        self._serial += self._pick.choice((0, 1))
        heard = Text(f"text-{self._serial}", said, said.encode())
        await self._do(lambda tx: intake.hear_text(tx, device, heard, b"raw", self._now))

    async def acknowledge_alarm(self) -> None:
        id_ = await self._one("SELECT id FROM alarm WHERE state IN ('open', 'acknowledged')")
        await self._do(lambda tx: alarms.acknowledge(tx, self._anybody(), id_, self._now))

    async def confirm_alarm(self) -> None:
        id_ = await self._one("SELECT id FROM alarm WHERE state IN ('open', 'acknowledged')")
        told = AlarmConfirmIn(
            event_code=self._pick.choice(_KINDS), region_code=self._pick.choice((None, *_PLACES))
        )
        await self._do(lambda tx: alarms.confirm(tx, self._anybody(), id_, told, self._now, ZONE))

    async def dismiss_alarm(self) -> None:
        id_ = await self._one("SELECT id FROM alarm")
        await self._do(lambda tx: dismissal.dismiss(tx, self._anybody(), id_, "误触", self._now))
        await self._do(lambda tx: dismissal.confirm(tx, self._anybody(), id_, self._now))

    async def open(self) -> None:
        told = IncidentIn(event_code=self._pick.choice(_KINDS), region_code=self._pick.choice(_PLACES))
        by = self._anybody()
        await self._do(lambda tx: incidents.open_by_hand(tx, by, told, self._now, ZONE))

    async def amend(self) -> None:
        id_ = await self._one("SELECT id FROM incident WHERE state = 'open'")
        rows = await self._world.rows("SELECT version FROM incident WHERE id = :id", id=id_)
        changes: dict[str, Any] = self._pick.choice(
            (
                {"title": f"改名 {self._serial}"},
                {"event_code": SECRET_KIND},
                {"event_code": OPEN_KIND},
                {"region_code": self._pick.choice(_PLACES)},
                {"region_code": self._pick.choice(_PLACES), "event_code": self._pick.choice(_KINDS)},
                {"lon": 118.3, "lat": 28.4, "casualties": {"trapped": 3}},
            )
        )
        patch = IncidentPatch(version=rows[0]["version"] if rows else 1, reason="核实", **changes)
        await self._do(lambda tx: incidents.amend(tx, self._anybody(), id_, patch, self._now))

    async def assign(self) -> None:
        id_ = await self._one("SELECT id FROM incident WHERE state = 'open'")
        order = AssignIn(team_id=self._pick.randint(1, 4), text="速去")
        await self._do(lambda tx: assign(tx, self._anybody(), id_, order, self._now, LIMITS))

    async def step(self) -> None:
        rows = await self._world.rows(
            "SELECT id, state FROM assignment WHERE state NOT IN ('task_done', 'declined', 'cancelled')"
        )
        row = self._pick.choice(rows or [{"id": 1, "state": "dispatched"}])
        id_, name = int(row["id"]), self._pick.choice(_STEPS[row["state"]])
        told = StepIn(step=name, channel=self._pick.choice(("app", "radio")), reason="原因")
        await self._do(lambda tx: answer.step(tx, self._anybody(), id_, told, self._now))

    async def escalate(self) -> None:
        self._world.later(minutes=self._pick.choice((1, 3, 5)))
        await Escalator(self._world.database, self._world.clock, LIMITS).look()

    async def message(self) -> None:
        id_ = await self._one(
            "SELECT id FROM delivery WHERE state IN ('queued', 'submitted', 'accepted', 'unknown')"
        )
        # Mostly what can happen to it now, now and then a late or doubled answer.
        likely: dict[str, tuple[Step, ...]] = {
            "queued": ("submit",),
            "submitted": _FEEDBACK,
            "unknown": ("retry", "deliver"),
        }

        async def move(tx: Tx) -> None:
            row = await deliveries.locked(tx, id_)
            if row is None:
                return
            step: Step = self._pick.choice(likely.get(row.state, ("deliver", "accept", "fail")))
            if step == "submit":
                await delivery.submit(tx, row, "wire:1", self._pick.randint(1, 3), self._now)
            elif step == "accept" and row.state == "submitted":
                await delivery.accept_part(tx, row, timedelta(seconds=1), self._now)
            else:
                wait = timedelta(seconds=9) if self._pick.random() < 0.5 else None
                await delivery.report(tx, row, Outcome(step, "说明", wait), self._now)

        await self._do(move)

    async def give_up(self) -> None:
        self._world.later(minutes=self._pick.choice((0, 1, 31)))
        await self._do(lambda tx: delivery.give_up_waiting(tx, self._now))

    async def receipt(self) -> None:
        id_ = await self._one("SELECT id FROM delivery WHERE channel = 'app' AND state = 'queued'")
        by = self._world.people[self._pick.choice(("crew", "boatman"))]
        await self._do(lambda tx: standby.receipt(tx, by, id_, self._now))

    async def standby(self) -> None:
        team, on = self._pick.randint(1, 4), self._pick.random() < 0.5
        await self._do(lambda tx: standby.set_standby(tx, self._anybody(), team, on, self._now))

    async def close(self) -> None:
        id_ = await self._one("SELECT id FROM incident WHERE state = 'open'")
        await self._do(lambda tx: incidents.close(tx, self._anybody(), id_, "已处置", self._now))

    async def log_in(self) -> None:
        password = PASSWORD if self._pick.random() < 0.5 else "wrong"
        database, lifetime = self._world.database, timedelta(hours=1)
        await accounts.log_in(database, accounts.Told("crew", password), "10.0.0.1", self._now, lifetime)
