"""The county's LiveKit as one process knows it: passes are made here, rooms end there.

Its RoomService is asked by HTTP (Twirp with JSON, https://docs.livekit.io/reference/server/server-apis).
Nobody waits for it longer than five seconds, and no meeting: who sits where stands in our rows in any case.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from app.background import Rounds
from app.clock import Clock
from app.db import Database
from app.dispatch.meeting.facts import RoomFact
from app.dispatch.meeting.room.passes import own_pass, pass_of
from app.dispatch.meeting.store import meetings as store
from app.outward.address import Address
from app.outward.call import Asked, Garbled, call

log = structlog.get_logger()
PATIENCE_S = 5.0
LOOKED_EVERY_S = 10.0
MOST_ANSWER = 512 * 1024


class RoomTrouble(Exception):
    """It did not do what it was asked; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LiveKit:
    """A LiveKit. `running()` looks now and then whether it answers, and ends rooms whose meeting is over."""

    name = "livekit"

    def __init__(
        self,
        url: str,
        api: Address,
        key: str,
        secret: str,
        stream: str,
        clock: Clock,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """`url`: where browsers find it, ws(s)://host[:port]; `api`: where we do."""
        self.url = url
        self._api, self._key, self._secret = api, key, secret
        self._stream, self._clock, self._patience_s = stream, clock, patience_s
        self._trouble = ""
        self._rooms = 0
        self._rounds = Rounds("livekit", LOOKED_EVERY_S)

    @property
    def trouble(self) -> str:
        """What was wrong when it was last looked at; empty: nothing."""
        return self._trouble

    def seat(self, meeting_id: int, member_id: int, name: str) -> RoomFact:
        """Return where a member finds the room and the pass that lets him in."""
        told = pass_of(
            self._key, self._secret, self.room_of(meeting_id), str(member_id), name, self._clock.now()
        )
        return RoomFact(url=self.url, token=told)

    def room_of(self, meeting_id: int) -> str:
        """Return the name of a meeting's room."""
        return f"zhishou-{self._stream}-{meeting_id}"

    async def end(self, meeting_id: int) -> None:
        """End the room of a meeting. What does not come about now, a later look brings about."""
        await self._calmly("DeleteRoom", self.room_of(meeting_id), {})

    async def put_out(self, meeting_id: int, member_id: int) -> None:
        """Let a member's screen go."""
        await self._calmly("RemoveParticipant", self.room_of(meeting_id), {"identity": str(member_id)})

    @asynccontextmanager
    async def running(self, database: Database) -> AsyncIterator[LiveKit]:
        """Look while the block lasts."""

        async def look() -> None:
            async with database.glance() as tx:
                still = {self.room_of(one) for one in await store.open_ids(tx, self._stream)}
            await self.look(still)

        async with self._rounds.walked(look):
            yield self

    def health(self) -> dict[str, object]:
        """Return whether it answers, what is wrong if not, and how many of our rooms it has."""
        return {"ok": not self._trouble, "trouble": self._trouble, "rooms": self._rooms}

    async def look(self, still: set[str]) -> None:
        """Look whether it answers; end rooms of ours that are not among those that go on."""
        try:
            rooms = (await self._ask("ListRooms", "", {})).get("rooms", [])
            ours = [str(one.get("name", "")) for one in rooms if isinstance(one, dict)]
        except RoomTrouble as trouble:
            if not self._trouble:
                log.warning("livekit_failed", code=trouble.code)
            self._trouble = trouble.code
            return
        self._trouble = ""
        ours = [name for name in ours if name.startswith(self.room_of(0)[:-1])]
        self._rooms = len(ours)
        for name in ours:
            if name not in still:
                await self._calmly("DeleteRoom", name, {})

    async def _calmly(self, what: str, room: str, told: dict[str, Any]) -> None:
        try:
            await self._ask(what, room, told)
        except RoomTrouble as trouble:
            log.warning("livekit_not_done", what=what, code=trouble.code)

    async def _ask(self, what: str, room: str, told: dict[str, Any]) -> dict[str, Any]:
        bearer = own_pass(self._key, self._secret, self._clock.now(), room)
        body = json.dumps({**told, **({"room": room} if room else {})}).encode()
        asked = Asked(
            "POST", f"/twirp/livekit.RoomService/{what}", body, {"Authorization": f"Bearer {bearer}"}
        )
        try:
            async with asyncio.timeout(self._patience_s):
                answer = await call(self._api, asked, MOST_ANSWER)
        except TimeoutError:
            raise RoomTrouble("silent") from None
        except (OSError, Garbled):
            raise RoomTrouble("unreachable") from None
        if answer.status in (401, 403):
            raise RoomTrouble("refuses")
        if answer.status == 404 and room:
            return {}  # it has ended, or nobody ever came
        try:
            said = json.loads(answer.body)
        except (ValueError, RecursionError):
            raise RoomTrouble("nonsense") from None
        if answer.status != 200 or not isinstance(said, dict):
            raise RoomTrouble("nonsense")
        return said
