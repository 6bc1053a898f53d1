"""Once an hour the sheet is put into a folder, so that it lies there when power fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.background import Lookout, Turn, alongside, always
from app.clock import Clock
from app.db import Database, Tx
from app.delivery.network import store as networks
from app.desk.papersheet import store
from app.desk.papersheet.paper import Sheet, proof_line, sheet_of
from app.duty.ownership.store import centre_owner_at
from app.journal.chain import End
from app.journal.ends import store as ends

LOOK_EVERY_S = 20.0
SETTLED_AFTER_S = 120.0  # cutting fonts takes seconds of a core: a house that starts has better things to do
_NETWORK = {"online": "公网正常", "suspected": "公网疑似中断", "offline": "公网中断"}


async def sheet_now(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> Sheet:
    """Return the sheet of this instant."""
    network = await networks.current(tx, stream, now)
    owner = await centre_owner_at(tx, stream, now)
    said = _NETWORK[network.state]
    if network.state != "online":
        said += f"({network.since.astimezone(zone):%H:%M}起)"
    found = await store.open_things(tx, stream)
    whose = f"{owner.lead_name} {owner.lead_phone}" if owner else ""
    ended = (await ends.streams(tx)).get(stream, End())
    return replace(sheet_of(found, said, whose, now, zone), proof=proof_line(stream, ended))


class PaperKeeper(Lookout):
    """One a process, each into its own folder: DAY/HOUR.pdf; those older than `keep_hours` are removed."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        stream: str,
        zone: ZoneInfo,
        folder: Path,
        fonts: str,
        keep_hours: int,
    ) -> None:
        super().__init__("paper_sheet", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._zone = zone
        self._folder = folder
        self._fonts = fonts
        self._keep = timedelta(hours=keep_hours)

    @asynccontextmanager
    async def running(self, turn: Turn = always) -> AsyncIterator[PaperKeeper]:
        """Print while the block lasts."""
        async with alongside(self._when_settled(turn)):
            yield self

    async def _when_settled(self, turn: Turn) -> None:
        await asyncio.sleep(SETTLED_AFTER_S)
        async with self._rounds.walked(self.look, turn):
            await asyncio.Event().wait()

    async def look(self) -> Path | None:
        """Print this hour's sheet unless it lies there; return its path when it is new."""
        from app.desk.papersheet.pdf import sheet_pdf

        now = self._clock.now()
        path = path_of(self._folder, now, self._zone)
        if path.exists():
            return None
        async with self._database.snapshot() as tx:
            sheet = await sheet_now(tx, self._stream, now, self._zone)
        content = await asyncio.to_thread(sheet_pdf, sheet, self._fonts)
        await asyncio.to_thread(_put, path, content)
        await asyncio.to_thread(_clear, self._folder, now - self._keep, self._zone)
        return path


def path_of(folder: Path, at: datetime, zone: ZoneInfo) -> Path:
    """Return where the sheet of an hour lies."""
    local = at.astimezone(zone)
    return folder / f"{local:%Y-%m-%d}" / f"{local:%H}.pdf"


def _put(path: Path, content: bytes) -> None:
    """Write whole or not at all: half a sheet would look like a whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_bytes(content)
    half.replace(path)


def _clear(folder: Path, before: datetime, zone: ZoneInfo) -> None:
    oldest = before.astimezone(zone)
    for path in folder.glob("????-??-??/??.pdf"):
        if (path.parent.name, path.stem) < (f"{oldest:%Y-%m-%d}", f"{oldest:%H}"):
            path.unlink(missing_ok=True)
    for day in folder.glob("????-??-??"):
        if day.is_dir() and not any(day.iterdir()):
            day.rmdir()
