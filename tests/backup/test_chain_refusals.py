"""Servers that cannot have a chain: each is told in both languages what to do, and nothing is left behind."""

from __future__ import annotations

import importlib.util
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from app.backup.chain import programs
from app.backup.chain.making import Made, Refused, extend
from app.backup.chain.place import Chain
from app.backup.chain.receiving import receive
from app.backup.chain.rules import Trouble
from app.clock import SystemClock
from tests.backup.own_server import Own, own_server
from tests.backup.test_archive import RECIPIENT, SECRET
from tests.backup.test_backup_and_restore import zhishou
from tests.backup.test_chain import Machine, lived, machine, quiet
from tests.journal.test_journal import STREAM

__all__ = ["machine"]

pytestmark = pytest.mark.database
EMBEDDED = 18
OLD = Path("/usr/lib/postgresql/15/bin")
BACKUPS = ("base", "increment")
EVERY = (*BACKUPS, "wal")


@pytest.fixture
def tools() -> Path:
    """The programs of the embedded server."""
    return programs.folder_of(EMBEDDED)


async def added(chain: Chain, *, base: bool = False) -> Made:
    """Add a piece to a chain."""
    every = timedelta(days=7)
    return await extend(chain, SystemClock(), base=base, base_every=every, keep=None, say=quiet)


async def refused(url: str, data: Path, command: str) -> str:
    """Ask for what must be refused; return what is said, a line of each language."""
    away = data / "away"
    chain = Chain(url, data, STREAM, away, [RECIPIENT], embedded=False)
    fetching = command == "wal"
    asking = receive(chain, SystemClock()) if fetching else added(chain, base=command == "base")
    with pytest.raises(Trouble) as told:
        await asking
    assert not list(away.rglob("*.age")), "nothing that looks like a backup stays"
    return f"{told.value.zh}\n{told.value.en}"


async def asked(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_an_older_server_is_refused_and_plain_backups_are_named(tmp_path: Path) -> None:
    if not (OLD / "postgres").exists():
        pytest.skip(f"there is no PostgreSQL 15 in {OLD} (Debian: postgresql-15)")
    with own_server(OLD) as old:
        for command in EVERY:
            said = await refused(old.url(), tmp_path, command)
            assert "数据库是 PostgreSQL 15,增量备份要 17 及以上;请用 zhishou backup 整体备份" in said
            assert "PostgreSQL 15 makes no increments, 17 does: use plain `zhishou backup`" in said
        settings = {"ZHISHOU_BACKUP_FOLDER": str(tmp_path), "ZHISHOU_BACKUP_RECIPIENTS": RECIPIENT}
        said_there = await zhishou("backup", "--increment", url=old.url(), data=tmp_path, **settings)
        assert said_there.returncode == 1 and "Traceback" not in said_there.stderr
        assert said_there.stderr.splitlines() == [
            "备份未完成:数据库是 PostgreSQL 15,增量备份要 17 及以上;请用 zhishou backup 整体备份。",
            "The backup was not made: PostgreSQL 15 makes no increments, 17 does: "
            "use plain `zhishou backup`.",
        ]


LINES = "ALTER SYSTEM SET wal_level = replica"
SETTINGS: list[tuple[tuple[str, ...], dict[str, str], tuple[str, ...]]] = [
    ((), {"wal_level": "minimal", "max_wal_senders": "0"}, (LINES, "max_wal_senders", "重启")),
    ((), {"max_wal_senders": "0"}, (LINES, "max_wal_senders", "restart it")),
    ((), {"max_replication_slots": "0"}, (LINES, "max_replication_slots")),
    (("--wal-segsize=32",), {}, ("32MB", "16MB", "请用 zhishou backup", "use plain `zhishou backup`")),
    ((), {"standby": "on"}, ("备机,请连接主机", "of the primary server")),
]


@pytest.mark.parametrize(
    ("made", "settings", "told"), SETTINGS, ids=["minimal", "senders", "slots", "segments", "standby"]
)
async def test_a_server_that_is_not_set_up_for_it_is_told_how(
    tools: Path, tmp_path: Path, made: tuple[str, ...], settings: dict[str, str], told: tuple[str, ...]
) -> None:
    with own_server(tools, *made, **settings) as own:
        for command in EVERY:
            said = await refused(own.url(), tmp_path, command)
            assert all(part in said for part in told), said


async def test_a_login_that_may_not_is_told_what_an_administrator_does(tools: Path, tmp_path: Path) -> None:
    with own_server(tools) as own:
        await asked(own.url(), "CREATE ROLE nobody LOGIN", "CREATE ROLE backer LOGIN REPLICATION")
        for command in EVERY:
            said = await refused(own.url("nobody"), tmp_path, command)
            assert said.count("ALTER ROLE nobody REPLICATION") == 2
            assert said.count("ZHISHOU_BACKUP_DATABASE_URL") == 2
        for command in BACKUPS:
            said = await refused(own.url("backer"), tmp_path, command)
            assert said.count("ALTER SYSTEM SET summarize_wal = on; SELECT pg_reload_conf();") == 2
            assert "数据库没有开启 summarize_wal" in said and "does not note what changes" in said
        said = await refused(own.url("backer"), tmp_path, "wal")
        assert said.count("zhishou backup --base") == 2


async def test_a_server_whose_list_lets_nobody_replicate_is_told_which_line_is_missing(
    tools: Path, tmp_path: Path
) -> None:
    with own_server(tools, hba="local all all trust\n", summarize_wal="on") as own:
        await _with_journal(own)
        said = await refused(own.url(), tmp_path, "base")
        assert said.count("pg_hba.conf") == 2 and said.count("SELECT pg_reload_conf();") == 2
        assert "不允许复制连接" in said and "add a line for replication" in said


async def _with_journal(own: Own) -> None:
    await asked(own.url(), "CREATE TABLE journal_head (stream text, seq bigint, hash bytea)")


async def test_a_chain_goes_on_only_when_changes_are_noted_again(tools: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"

    def chain(url: str) -> Chain:
        return Chain(url, tmp_path, STREAM, away, [RECIPIENT], embedded=False)

    with own_server(tools) as own:
        await _with_journal(own)
        await asked(
            own.url(), "CREATE ROLE backer LOGIN REPLICATION", "GRANT SELECT ON journal_head TO backer"
        )
        assert (await added(chain(own.url()))).is_base  # a superuser's login sets summarize_wal itself
        off = ("ALTER SYSTEM SET summarize_wal = off", "SELECT pg_reload_conf()")
        await asked(own.url(), *off, "CREATE TABLE meanwhile AS SELECT generate_series(1, 1000)")

        with pytest.raises(Refused, match="SET summarize_wal = on"):
            await added(chain(own.url("backer")))
        await receive(chain(own.url("backer")), SystemClock())  # the log needs no notes of what changes
        assert len(list(away.rglob("*.base.age"))) == 1 and not list(away.rglob("*.increment.age"))

        assert not (await added(chain(own.url()))).is_base
        assert len(list(away.rglob("*.increment.age"))) == 1


async def test_a_moment_that_cannot_be_brought_back_is_told_and_nothing_is_put_there(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(machine)
    key, data = tmp_path / "key", tmp_path / "data"
    key.write_text(SECRET)
    arguments = ("restore", str(machine.life), "--key", str(key), "--until")
    said = await zhishou(*arguments, "2199-01-01T00:00", url="", data=data)
    assert said.returncode == 1 and "Traceback" not in said.stderr
    assert "请改早 --until" in said.stderr and "give an earlier --until" in said.stderr
    said = await zhishou(*arguments, "2026-11-28T02:13", url="postgresql://x@/x", data=data)
    assert said.returncode == 1 and "say by --pgdata" in said.stderr and "请用 --pgdata" in said.stderr

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)  # no embedded server here
    monkeypatch.setenv("PATH", str(OLD))
    with pytest.raises(programs.NoProgram) as told:
        await machine.back(machine.held[2][0])
    assert f"PostgreSQL {EMBEDDED} 的程序" in told.value.zh and "请安装同一大版本" in told.value.zh
    assert f"PostgreSQL {EMBEDDED}" in told.value.en and "install those" in told.value.en
    assert machine.has_nothing()
