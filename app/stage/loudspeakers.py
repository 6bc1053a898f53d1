"""The other side of the demo's broadcasts: a simulated county platform with the loudspeakers of the register.

It listens on the loopback of this machine and signs with the public trial key, as the demo's centre does.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from app.broadcast.settings import sender_code
from app.broadcast.store.wire import STATES
from app.broadcast.tables import BroadcastResult, BroadcastTerminal
from app.broadcast.wire.actions import peers
from app.broadcast.wire.commands import WirePeerIn
from app.broadcast.wire.keys import Keys
from app.broadcast.wire.store import wires
from app.broadcast.wire.terms import WireTerms
from app.codecs.ebm import trial
from app.db import Database, Tx
from app.org.accounts import viewer_of
from app.org.tables import Account
from app.simulators.broadcast_command import TRIAL_KEY
from app.stage.broadcast import PLATFORM, PLATFORM_CODE, PLATFORM_NAME, STREAM

PORT = 8089
KEY = "demo"
MUTE_EVERY = 40
"""Of so many terminals one says that it runs and plays nothing, besides those that failed before."""


@dataclass(frozen=True, slots=True)
class Loudspeakers:
    """What the demo writes for both sides: our key, and the terminals the platform has."""

    keys: Path
    register: Path


async def connect(database: Database, data: Path, port: int, now: datetime) -> Loudspeakers:
    """Register the platform at the port it has this time, and write what both sides need into `data`."""
    found = Loudspeakers(data / "broadcast.keys", data / "loudspeakers.csv")
    found.keys.touch(mode=0o600)
    found.keys.write_text(f"{KEY} = {TRIAL_KEY.hex()} {trial.PLATFORM.hex()}\n", encoding="ascii")
    async with database.transaction() as tx:
        await _reach(tx, f"http://127.0.0.1:{port}/EB/ebdsvc.html", now)
        rows = await _terminals(tx)
    with found.register.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return found


async def _reach(tx: Tx, url: str, now: datetime) -> None:
    """Have the platform reached where it listens; it is written again only when that has changed."""
    account = (await tx.execute(select(Account).where(col(Account.username) == "shift"))).scalar_one()
    by, terms = viewer_of(account), WireTerms(Keys(), trials=True)
    known = await wires.one(tx, STREAM, PLATFORM)
    told = WirePeerIn(
        name=PLATFORM_NAME,
        resource_code=PLATFORM_CODE,
        region_code=f"{STREAM}000000",
        for_drills=True,
        our_resource_code=sender_code(STREAM),
        url=url,
        allowed=["127.0.0.1"],
        authorities=[trial.CA.hex()],
        certificates=[trial.PLATFORM.hex()],
        key_id=KEY,
    )
    if known is None:
        await peers.register(tx, by, told, terms, now)
    elif known.wire.url != url:
        await peers.amend(tx, by, PLATFORM, told, terms, now)


async def _terminals(tx: Tx) -> list[tuple[str, str, float | None, float | None, int, str]]:
    """Return number, name, place, StateCode and whether it plays, of every loudspeaker of the platform."""
    failed = (
        select(col(BroadcastResult.terminal_id))
        .where(col(BroadcastResult.terminal_id) == col(BroadcastTerminal.id), col(BroadcastResult.state) == 4)
        .exists()
    )
    found = await tx.execute(
        select(BroadcastTerminal, failed)
        .where(
            col(BroadcastTerminal.stream) == STREAM,
            col(BroadcastTerminal.peer_id) == PLATFORM,
            col(BroadcastTerminal.kind) != "station",
        )
        .order_by(col(BroadcastTerminal.resource_code))
    )
    return [
        (
            row.resource_code,
            row.name,
            row.lon,
            row.lat,
            STATES.index(row.state),
            "mute" if has_failed or n % MUTE_EVERY == 0 else "plays",
        )
        for n, (row, has_failed) in enumerate(found, start=1)
    ]
