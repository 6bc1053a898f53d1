"""`zhishou wal`, and what `backup --base | --increment` and `restore FOLDER` do: up to the last minute."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_saying import say, told, warn
from app.clock import SystemClock
from app.config import Settings
from app.preflight import CannotStart

if TYPE_CHECKING:
    from app.backup.chain.place import Chain

chain = typer.Typer()


@chain.command("wal")
def fetch_log(
    folder: Annotated[Path | None, typer.Argument(help="else ZHISHOU_BACKUP_FOLDER")] = None,
    *,
    recipients: Annotated[str, typer.Option("--to", help="age1…,age1…; else ZHISHOU_BACKUP_RECIPIENTS")] = "",
) -> None:
    """日志 / seal the database's log and new files up to now: by a timer, every minute. Needs a base."""
    from app.backup.chain.receiving import receive
    from app.node_database import with_database

    settings = _with_login(Settings())
    where = folder or settings.backup_folder
    keys = [one.strip() for one in (recipients or settings.backup_recipients).split(",") if one.strip()]
    if where is None or not keys:
        raise CannotStart(
            "请设置 ZHISHOU_BACKUP_FOLDER 和 ZHISHOU_BACKUP_RECIPIENTS,先运行 zhishou backup --base。\n"
            "Set ZHISHOU_BACKUP_FOLDER and ZHISHOU_BACKUP_RECIPIENTS, and run `zhishou backup --base` first."
        )
    with told("日志未归档", "The log was not put away"), with_database(settings) as found:
        done = asyncio.run(receive(_chain(settings, found, where, keys), SystemClock()))
    typer.echo(
        f"日志 {done.whole} 个整文件,新附件 {done.files} 个,{done.size:,} 字节 / "
        f"{done.whole} whole files of the log, {done.files} new files, {done.size:,} bytes"
    )


def extend_chain(settings: Settings, folder: Path, keys: list[str], *, base: bool, keep: int | None) -> None:
    """Make a base or an increment and say what it is."""
    from app.backup.chain.making import extend
    from app.node_database import with_database

    settings = _with_login(settings)
    kept = keep if keep is not None else settings.backup_bases or None
    every = timedelta(days=settings.backup_base_days)
    with told("备份未完成", "The backup was not made"), with_database(settings) as found:
        ours = _chain(settings, found, folder, keys)
        done = asyncio.run(extend(ours, SystemClock(), base=base, base_every=every, keep=kept, say=say))
    zh, en = ("基础", "a base") if done.is_base else ("增量", "an increment")
    typer.echo(
        f"{done.path}:{zh},{done.size:,} 字节,{done.files:,} 个文件 / "
        f"{en}, {done.size:,} bytes, {done.files:,} files"
    )


def restore_chain(
    folder: Path,
    identities: list[str],
    *,
    until: str,
    start: str,
    despite_gap: bool,
    drill: bool,
    pgdata: Path | None,
) -> bool:
    """Bring a moment back and prove its journal; False where something is not as it was noted."""
    from app.backup.chain.restoring import Wish

    settings = Settings()
    moment = datetime.fromisoformat(until) if until else None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=settings.zone)
    if settings.database_url and pgdata is None and not drill:
        raise CannotStart(
            "使用自己的数据库(DATABASE_URL)时,请用 --pgdata 指定恢复到哪个空的数据目录。\n"
            "With a database of your own (DATABASE_URL), say by --pgdata into which empty folder its data go."
        )
    wish = Wish(identities, moment, start or None, despite_gap)
    with TemporaryDirectory(prefix="zhishou-drill-") if drill else nullcontext(None) as away:
        data = Path(away, "data") if away else settings.data
        data.mkdir(parents=True, exist_ok=True)
        place = data / "postgres" if pgdata is None or away else pgdata
        whole = asyncio.run(_bring_back(folder, place.absolute(), data.absolute(), wish))
        if pgdata is None:
            place.with_name(f"{place.name}.complete").touch()
    return whole


async def _bring_back(folder: Path, place: Path, data: Path, wish: object) -> bool:
    from app.backup.chain.restoring import Wish, brought_back

    assert isinstance(wish, Wish)
    async with brought_back(folder, place, data, wish, say=say) as copy:
        proved = await journal_holds(copy.url)
        for one in copy.lacks:
            warn(f"副本缺少当时的日志末尾:{one}", f"the copy lacks an end of the journal: {one}")
        for name in copy.plan.missing:
            warn(f"日志间断,只恢复到间断之前:wal/{name}", f"a gap of the log, ended before it: wal/{name}")
    if proved and not copy.lacks:
        typer.echo(
            f"已恢复:{len(copy.plan.pieces)} 份备份,{len(copy.plan.log)} 个日志文件"
            f"(到 {copy.reaches:%Y-%m-%d %H:%M:%SZ}),"
            "日志哈希链完整\n"
            f"Restored from {len(copy.plan.pieces)} pieces and {len(copy.plan.log)} files of the log "
            f"(up to {copy.reaches:%Y-%m-%d %H:%M:%SZ}); the journal's chain holds"
        )
    return proved and not copy.lacks


async def journal_holds(url: str) -> bool:
    """Recompute every chain of the journal; warn of the first row that was altered."""
    from app.db import Database
    from app.journal.proof import prove

    say("核验日志的哈希链", "proving the journal")
    database = Database(url, pool_size=1)
    try:
        broken = [proof for proof in await prove(database) if proof.broken_seq is not None]
    finally:
        await database.close()
    for proof in broken:
        warn(
            f"日志 {proof.stream} 第 {proof.broken_seq} 条被改动",
            f"journal {proof.stream}: row {proof.broken_seq} was altered",
        )
    return not broken


def _with_login(settings: Settings) -> Settings:
    url = settings.backup_database_url or settings.database_url
    return settings.model_copy(update={"database_url": url})


def _chain(settings: Settings, found: Settings, folder: Path, keys: list[str]) -> Chain:
    from app.backup.chain.place import Chain

    embedded = not settings.database_url
    return Chain(found.database_url, found.data, found.stream, folder, keys, embedded)
