"""The fictional city as its people meet it: the public API, a set clock, watchers that look when told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import insert, text

from app.api.house import House
from app.api.route import COOKIE
from app.clock import SetClock
from app.desk.handover.keeper import Keeper
from app.dispatch.escalator import Escalator
from app.dispatch.order.overseer import Overseer
from app.org.accounts import token_hash
from app.org.tables import LoginSession
from app.reporting.watcher import ReportWatch
from tests.api.desk import problem
from tests.world import STREAM, ZONE


@dataclass
class Night:
    """One scenario: everybody is logged in; `at` sets the clock and lets the watchers look on the way."""

    app: FastAPI
    client: httpx.AsyncClient
    clock: SetClock

    @property
    def house(self) -> House:
        """What the process consists of."""
        house: House = self.app.state.house
        return house

    @property
    def now(self) -> datetime:
        """What the clock of the county shows."""
        return self.clock.now().astimezone(ZONE)

    def moment(self, clock: str, days: int = 0) -> datetime:
        """Return `02:14:40` of this day, or of one so many days later."""
        day = self.now.date() + timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(clock), ZONE)

    async def at(self, clock: str, days: int = 0) -> datetime:
        """Let the clock show this time; whoever watches clocks looks every minute until then, and at it."""
        wanted = self.moment(clock, days)
        assert wanted >= self.now, "a scenario goes forward"
        while self.now < wanted:
            self.clock.advance(min(timedelta(minutes=1), wanted - self.now))
            await self.look()
        return self.now

    async def look(self) -> None:
        """Let the house look at its clocks once."""
        database = self.house.database
        await Escalator(database, self.clock, self.house.dispatch).look()
        await Overseer(database, self.clock, STREAM, self.house.order_series).look()
        await Keeper(database, self.clock, STREAM, ZONE).look()
        await ReportWatch(database, self.clock, STREAM, self.house.reporting).look()

    async def ask(self, who: str | None, method: str, path: str, told: Any = None) -> httpx.Response:
        """Send one request as somebody, or as a stranger."""
        headers = {} if who is None else {"Cookie": f"{COOKIE}=token-{who}"}
        body = {} if told is None else {"json": told}
        return await self.client.request(method, path, headers=headers, **body)

    async def read(self, who: str, path: str, **query: Any) -> Any:
        """Return what a reading that must succeed says."""
        answer = await self.ask(who, "GET", str(httpx.URL(path, params=query)) if query else path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def do(self, who: str, path: str, told: Any = None, method: str = "POST") -> Any:
        """Carry out a command that must succeed."""
        answer = await self.ask(who, method, path, told if told is not None else {})
        assert answer.status_code in (200, 201, 204), answer.text
        return answer.json() if answer.content else None

    async def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Return what a query finds, for what the outside world would see (messages on their way)."""
        async with self.house.database.transaction() as tx:
            return [dict(row) for row in (await tx.execute(text(query), values)).mappings()]

    async def refused(self, who: str, path: str, status: int, code: str, told: Any = None) -> dict[str, Any]:
        """Try a command that must be refused."""
        return problem(await self.ask(who, "POST", path, told if told is not None else {}), status, code)

    async def dues(
        self, who: str, incident: str, kind: str = "initial"
    ) -> dict[tuple[str, str, str], list[Any]]:
        """Return the dues of a kind by sender, addressee and channel, round by round."""
        told = await self.read(who, f"{incident}/reporting")
        found: dict[tuple[str, str, str], list[Any]] = {}
        for due in sorted(told["dues"], key=lambda due: due["round"]):
            if due["kind"] == kind:
                found.setdefault((due["sender"], due["receiver"], due["channel"]), []).append(due)
        return found

    def is_at(self, told: str, clock: str, days: int = 0) -> bool:
        """Whether an instant of the API is this time of the county."""
        return datetime.fromisoformat(told) == self.moment(clock, days)


async def log_everybody_in(house: House, now: datetime) -> None:
    """Give every account of the city a session, as a login would."""
    async with house.database.transaction() as tx:
        known = (await tx.execute(text("SELECT id, username FROM account"))).all()
        sessions = [
            {
                "token_hash": token_hash(f"token-{row.username}"),
                "account_id": row.id,
                "created_at": now,
                "expires_at": now + timedelta(hours=36),
            }
            for row in known
        ]
        await tx.execute(insert(LoginSession), sessions)


def beijing(day: str, clock: str) -> datetime:
    """Return an instant of the county as the clock takes it."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE).astimezone(UTC)
