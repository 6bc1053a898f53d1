"""`zhishou backup-key | backup | restore`: the county's memory in one encrypted file, and back again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_chain import extend_chain, journal_holds, restore_chain
from app.cli_saying import say, told, warn
from app.clock import SystemClock
from app.config import Settings
from app.preflight import CannotStart
from app.secret_file import write_secret

if TYPE_CHECKING:
    from app.backup.restoring import Restored

backup = typer.Typer()


@backup.command("backup-key")
def backup_key(
    file: Annotated[Path, typer.Argument(help="where the secret goes; keep it away from this machine")],
) -> None:
    """生成备份密钥 / make a key: the secret into a file, its recipient (age1…) on the screen."""
    from app.backup.archive import new_identity

    secret, recipient = new_identity()
    write_secret(file, f"# {recipient}\n{secret}\n")
    typer.echo(recipient)
    say(
        f"私钥在 {file},请抄到保险柜并从本机移走;上面一行填入 ZHISHOU_BACKUP_RECIPIENTS",
        "move the secret off this machine; put the line above into ZHISHOU_BACKUP_RECIPIENTS",
    )


@backup.command("backup")
def make_backup(
    folder: Annotated[Path | None, typer.Argument(help="else ZHISHOU_BACKUP_FOLDER")] = None,
    *,
    base: Annotated[bool, typer.Option("--base", help="a base of the whole server, for increments")] = False,
    increment: Annotated[bool, typer.Option("--increment", help="what changed since; a base if due")] = False,
    recipients: Annotated[str, typer.Option("--to", help="age1…,age1…; else ZHISHOU_BACKUP_RECIPIENTS")] = "",
    keep: Annotated[
        int | None, typer.Option(min=1, help="keep so many; else ZHISHOU_BACKUP_KEEP, 0 keeps all")
    ] = None,
) -> None:
    """备份 / one encrypted file of the database and its files, while the service goes on.

    --base 与 --increment:整个数据库服务器的基础与增量,配合 zhishou wal / a base, then only what changed.
    """
    from app.backup.making import Source, back_up
    from app.node_database import with_database

    settings = Settings()
    folder = folder or settings.backup_folder
    keys = [one.strip() for one in (recipients or settings.backup_recipients).split(",") if one.strip()]
    if folder is None or not keys:
        raise CannotStart(
            "请指定备份目录(ZHISHOU_BACKUP_FOLDER)和接收方公钥(ZHISHOU_BACKUP_RECIPIENTS,"
            "用 zhishou backup-key 生成):备份含个人信息,不写明文。\n"
            "Say where to (ZHISHOU_BACKUP_FOLDER) and for whom (ZHISHOU_BACKUP_RECIPIENTS, made by "
            "`zhishou backup-key`): a backup holds personal data and is never written in clear."
        )
    if base or increment:
        extend_chain(settings, folder, keys, base=base, keep=keep)
        return
    with told("备份未完成", "The backup was not made"), with_database(settings) as found:
        source = Source(found.database_url, found.data, found.stream, tuple(_settings_files(found)))
        kept = keep if keep is not None else settings.backup_keep or None
        now = SystemClock().now()
        done = asyncio.run(back_up(source, folder, keys, now, keep=kept, say=say))
    rows = sum(table.rows for table in done.manifest.contents.tables.values())
    files = len(done.manifest.files)
    typer.echo(
        f"{done.path}:{done.size:,} 字节,{rows:,} 行,{files:,} 个文件 / "
        f"{done.size:,} bytes, {rows:,} rows, {files:,} files"
    )
    for name in done.removed:
        typer.echo(f"已删除旧备份 / removed {name}")


@backup.command("restore")
def restore_backup(
    file: Annotated[Path, typer.Argument(help="zhishou-….age, or the folder of a chain")],
    *,
    key: Annotated[Path, typer.Option(help="the file that `zhishou backup-key` wrote")],
    drill: Annotated[bool, typer.Option(help="into a database of its own that is thrown away")] = False,
    until: Annotated[str, typer.Option(help="chain: this moment, 2026-11-28T02:13; else the last")] = "",
    start: Annotated[str, typer.Option("--from", help="chain: begin with this piece, not the newest")] = "",
    despite_gap: Annotated[bool, typer.Option(help="chain: as far as the log goes without a gap")] = False,
    pgdata: Annotated[Path | None, typer.Option(help="chain: folder of your own PostgreSQL")] = None,
) -> None:
    """恢复 / bring a backup back into an empty place and prove that it is equal, exit status 1 if not."""
    from app.backup.archive import identities_in
    from app.node_database import with_database
    from app.postgres import embedded

    with told("恢复未完成", "The backup was not restored"):
        identities = identities_in(key.read_text(encoding="utf-8"))
        if file.is_dir():
            whole = restore_chain(
                file,
                identities,
                until=until,
                start=start,
                despite_gap=despite_gap,
                drill=drill,
                pgdata=pgdata,
            )
        elif drill:
            with TemporaryDirectory(prefix="zhishou-drill-") as folder, embedded(Path(folder, "pg")) as url:
                whole = asyncio.run(_restore_and_prove(file, identities, url, Path(folder, "data")))
        else:
            with with_database(Settings()) as found:
                whole = asyncio.run(_restore_and_prove(file, identities, found.database_url, found.data))
    if not whole:
        raise typer.Exit(1)


async def _restore_and_prove(file: Path, identities: list[str], url: str, data: Path) -> bool:
    from app.backup.restoring import restore

    restored = await restore(file, identities, url, data, say=say)
    proved = await journal_holds(url)
    _tell(restored)
    return not restored.differences and proved


def _tell(restored: Restored) -> None:
    manifest = restored.manifest
    for one in restored.differences:
        warn(
            f"不一致:{one.kind} {one.name} 应为 {one.wanted},实为 {one.found}",
            f"unlike: {one.kind} {one.name} should be {one.wanted}, is {one.found}",
        )
    if not restored.differences:
        tables, files = manifest.contents.tables, manifest.files
        rows = sum(table.rows for table in tables.values())
        typer.echo(
            f"与 {manifest.made_at:%Y-%m-%d %H:%M:%SZ} 的备份完全一致:"
            f"{len(tables)} 张表 {rows:,} 行,{len(files):,} 个文件\n"
            f"Equal to the backup: {len(tables)} tables, {rows:,} rows, {len(files):,} files"
        )
    for stream, (seq, digest) in manifest.contents.heads.items():
        typer.echo(f"日志 {stream}:{seq} 条,末尾 {digest} / journal {stream}: {seq} rows, its end {digest}")


def _settings_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Name every file that settings point to, and the file of settings itself."""
    if Path(".env").is_file():
        yield ".env", Path(".env")
    for name, value in settings:
        if isinstance(value, Path) and value.is_file():
            yield f"{name}/{value.name}", value
