"""Loudspeakers for tests: a platform of the county, two terminals a village, a set at the east station.

| village | terminals | for drills |
|---|---|---|
| EAST_BANK | 1, 2 | both |
| EAST_HILL | 3, 4 | the first only |
| WEST_LAKE | 5, 6 | none |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, text

from app.broadcast import ports
from app.broadcast.actions import approving, drafting, stopping, viewing
from app.broadcast.commands import BroadcastApprovalIn, BroadcastIn, BroadcastRevisionIn, BroadcastStopIn
from app.broadcast.facts import BroadcastFact
from app.broadcast.settings import BroadcastTerms, load_terms
from app.broadcast.tables import BroadcastHandover, BroadcastPeer, BroadcastTerminal
from app.broadcast.watcher import BroadcastWatch
from app.db import Tx
from app.dispatch.tables import EventType
from tests.world import COUNTY, EAST, EAST_BANK, EAST_HILL, OPEN_KIND, STREAM, WEST_LAKE, ZONE, World

PLATFORM, SIMULATOR = 1, 2
TERMS: BroadcastTerms = load_terms("", STREAM, ZONE, None)
FLASH_FLOOD = "11A51"


def code(village: str, n: int = 1) -> str:
    """Return the EBRID of the nth terminal of a village."""
    return f"6{village}03140104{n:02d}"


def speaker(number: int, village: str, n: int, **changes: Any) -> dict[str, Any]:
    """Return a row of the register."""
    return {
        "id": number,
        "stream": STREAM,
        "resource_code": code(village, n),
        "name": f"{village}大喇叭{n}",
        "region_code": village,
        "kind": "loudspeaker",
        "peer_id": PLATFORM,
        "state": "running",
        "state_words": "",
        "return_capable": True,
        "real": False,
        "drills": False,
        **changes,
    }


async def install(tx: Tx) -> None:
    """Write the platform and the terminals."""
    await tx.execute(
        insert(BroadcastPeer),
        [
            {
                "id": PLATFORM,
                "stream": STREAM,
                "name": "樟川市应急广播平台",
                "resource_code": f"4{COUNTY}0101010101",
                "region_code": COUNTY,
                "drills": False,
                "active": True,
            }
        ],
    )
    await tx.execute(
        insert(BroadcastTerminal),
        [
            speaker(1, EAST_BANK, 1, drills=True),
            speaker(2, EAST_BANK, 2, drills=True),
            speaker(3, EAST_HILL, 1, drills=True),
            speaker(4, EAST_HILL, 2),
            speaker(5, WEST_LAKE, 1),
            speaker(6, WEST_LAKE, 2),
            speaker(7, EAST, 1, kind="station"),
        ],
    )
    await tx.execute(
        insert(EventType),
        [
            {
                "scheme": "CN-EVENT-5",
                "code": FLASH_FLOOD,
                "name_zh": "山洪灾害",
                "name_en": "flash flood",
                "category": "natural",
                "restricted": False,
            }
        ],
    )
    await tx.execute(
        text(
            "SELECT setval(pg_get_serial_sequence('broadcast_terminal', 'id'), 1000),"
            " setval(pg_get_serial_sequence('broadcast_peer', 'id'), 1000)"
        )
    )


async def drill_peer(tx: Tx) -> None:
    """Write a second platform, marked for drills, that carries the east bank from now on."""
    await tx.execute(
        insert(BroadcastPeer),
        [
            {
                "id": SIMULATOR,
                "stream": STREAM,
                "name": "演练平台",
                "resource_code": f"4{COUNTY}0101020101",
                "region_code": COUNTY,
                "drills": True,
                "active": True,
            }
        ],
    )
    await tx.execute(
        text("UPDATE broadcast_terminal SET peer_id = 2 WHERE region_code = :c"), {"c": EAST_BANK}
    )


@dataclass
class Speakers:
    """What people and the wire do, each in a transaction of its own."""

    world: World
    presses: int = 0

    def sheet(self, **changes: Any) -> BroadcastIn:
        """Return a sheet for both eastern villages, a new press each time."""
        self.presses += 1
        told = {
            "press": f"press-{self.presses:04d}",
            "event_type": FLASH_FLOOD,
            "colour": "orange",
            "title": "山洪灾害橙色预警",
            "text": "请沿河群众立即向高处转移,不要返回取物。",
            "areas": [EAST],
            **changes,
        }
        return BroadcastIn.model_validate(told)

    async def see(self, number: int, by: str = "lead") -> BroadcastFact:
        """Return a sheet as a person sees it."""
        return await self.world.do(lambda tx: viewing.sheet(tx, self.world.people[by], number))

    async def draft(self, by: str = "officer", **changes: Any) -> int:
        """Write a sheet."""
        told = self.sheet(**changes)
        now = self.world.clock.now()
        return await self.world.do(lambda tx: drafting.draft(tx, self.world.people[by], told, now))

    async def submit(self, by: str = "officer", **changes: Any) -> int:
        """Write a sheet and hand it in."""
        number = await self.draft(by, **changes)
        told, now = BroadcastRevisionIn(revision=1), self.world.clock.now()
        await self.world.do(lambda tx: drafting.submit(tx, self.world.people[by], number, told, now))
        return number

    async def approve(self, number: int, by: str = "lead", audible: int | None = None) -> None:
        """Let a sheet go."""
        told = BroadcastApprovalIn(revision=(await self.see(number)).revision, audible=audible)
        now = self.world.clock.now()
        await self.world.do(lambda tx: approving.approve(tx, self.world.people[by], number, told, now, TERMS))

    async def send(self, **changes: Any) -> int:
        """Write a sheet, hand it in, let it go."""
        number = await self.submit(**changes)
        await self.approve(number)
        return number

    async def stop(self, number: int, by: str = "second") -> None:
        """Press stop."""
        now = self.world.clock.now()
        await self.world.do(
            lambda tx: stopping.stop(
                tx, self.world.people[by], number, BroadcastStopIn(reason="误播"), now, TERMS
            )
        )

    async def take(self) -> list[BroadcastHandover]:
        """Take what is to be handed over, as the wire does."""
        now = self.world.clock.now()
        return await self.world.do(lambda tx: ports.take_handovers(tx, STREAM, now))

    async def receipt(self, *rows: BroadcastHandover) -> None:
        """Tell that a platform has taken these."""
        now = self.world.clock.now()
        for row in rows:
            await self.world.do(
                lambda tx, row=row: ports.note_handover(tx, row.id or 0, "receipted", "1", now)  # type: ignore[misc]
            )

    async def play(self, ebmid: str, results: dict[str, int], words: str = "") -> ports.Noted:
        """Tell what terminals made of a message: BrdStateCode by resource code."""
        now = self.world.clock.now()
        rows = [
            ports.TerminalResult(one, state, words, now - timedelta(seconds=60), now, 3)
            for one, state in results.items()
        ]
        return await self.world.do(lambda tx: ports.note_results(tx, ebmid, rows, now, now=now))

    async def says(self, ebmid: str, state: int) -> ports.Noted:
        """Tell the state a platform gives the whole message."""
        now = self.world.clock.now()
        return await self.world.do(lambda tx: ports.note_message_state(tx, ebmid, state, "", now, now=now))

    async def look(self) -> int:
        """Let the clock of broadcasts look once."""
        return await BroadcastWatch(self.world.database, self.world.clock, STREAM, TERMS).look()

    async def handovers(self, number: int) -> Sequence[dict[str, Any]]:
        """Return the outbox of a message."""
        return await self.world.rows(
            "SELECT peer_id, state, attempts, payload FROM broadcast_handover "
            "WHERE message_id = :id ORDER BY 1",
            id=number,
        )


__all__ = ["COUNTY", "EAST", "EAST_BANK", "EAST_HILL", "OPEN_KIND", "WEST_LAKE", "Speakers", "install"]
