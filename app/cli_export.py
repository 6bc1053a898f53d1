"""`zhishou check-export`: is a sheet what the house once gave out?"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.config import Settings
from app.refusals import InvalidInput

if TYPE_CHECKING:
    from app.journal.export.proof import Checked, Verdict

export = typer.Typer()

_SAID: dict[Verdict, tuple[str, str]] = {
    "whole": ("完整:各行与证明相符", "whole: its rows are those of its proof"),
    "altered": ("被改动:各行与证明不符", "altered: its rows are not those of its proof"),
    "forged": ("证明被改动:签名无效", "its proof was altered: the signature is not its key's"),
    "unproved": ("没有导出证明", "it carries no proof"),
}
_MAX_BYTES = 64 * 1024 * 1024


@export.command("check-export")
def check_export(
    file: Annotated[Path, typer.Argument(help="a workbook (.xlsx) or CSV file from here")],
    *,
    journal: Annotated[bool, typer.Option(help="日志里也核对 / compare with the journal here too")] = False,
) -> None:
    """核对导出的表格(Excel、CSV)/ check a sheet that was exported here; exit status 1 if it is not whole."""
    from app.journal.export.proof import check

    try:
        if file.stat().st_size > _MAX_BYTES:
            raise ValueError("文件过大 / the file is too large")
        found = check(file.read_bytes())
    except (OSError, ValueError, InvalidInput) as error:
        said = f"{error.fields[0].zh} / {error.fields[0].en}" if isinstance(error, InvalidInput) else error
        _say(f"读不了 {file}:{said}", f"{file} cannot be read: {said}", wrong=True)
        raise typer.Exit(1) from error
    _tell(found)
    whole = found.verdict == "whole"
    if whole and journal:
        whole = _in_journal(found)
    if not whole:
        raise typer.Exit(1)


def _tell(found: Checked) -> None:
    from app.journal.export.rules import LABELS

    for key in ("exported_at", "exported_by", "asked", "rows", "journal", "journal_hash"):
        if found.parts.get(key):
            typer.echo(f"{LABELS[key]}: {found.parts[key]}")
    _say(*_SAID[found.verdict], wrong=found.verdict != "whole")
    if found.key:
        own = _own_key()
        whose = {
            True: ("本中心的密钥", "this house's key"),
            False: ("不是本中心的密钥", "not this house's key"),
        }
        zh, en = whose[own == found.parts["public_key"]] if own else ("请与中心公布的比对", "compare it")
        _say(f"已签名,公钥指纹 {found.key}({zh})", f"signed; the key's fingerprint is {found.key} ({en})")
    elif found.verdict == "whole":
        _say(
            "未签名:有意改动的人也能重做证明;设 ZHISHOU_ANCHOR_KEY_FILE 后导出的才有签名",
            "unsigned: who alters it on purpose can make it anew; ZHISHOU_ANCHOR_KEY_FILE signs the next",
        )


def _own_key() -> str:
    from app.journal.anchor.seal import load_seal

    settings = Settings()
    try:
        seal = load_seal(settings.anchor_key_file, settings.anchor_signature)
    except (OSError, ValueError):
        return ""
    return seal.public.hex() if seal else ""


def _in_journal(found: Checked) -> bool:
    from app.node_database import with_database

    stream, _, number = found.parts.get("journal", "").partition(" ")
    with with_database(Settings()) as settings:
        held = asyncio.run(_hash(settings.database_url, stream, int(number) if number.isdigit() else -1))
    same = held == found.parts.get("journal_hash")
    if same:
        _say("所记的日志位置与本中心的日志相符", "the place in the journal that it names is in this journal")
    else:
        _say("所记的日志位置不在本中心的日志里", "the place it names is not in this journal", wrong=True)
    return same


async def _hash(url: str, stream: str, seq: int) -> str:
    from app.db import Database
    from app.journal import store

    database = Database(url, pool_size=1)
    try:
        async with database.snapshot() as tx:
            row = await store.read_one(tx, stream, seq)
    finally:
        await database.close()
    if row is None:
        return "sha256 " if seq == 0 else ""
    return f"{row.algorithm} {row.hash.hex()}"


def _say(zh: str, en: str, *, wrong: bool = False) -> None:
    typer.secho(f"{zh}\n{en}", fg="red" if wrong else None, err=wrong)
