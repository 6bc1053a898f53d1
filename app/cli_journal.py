"""`zhishou verify-journal | anchors | anchor-key`: prove the county's memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.config import Settings
from app.preflight import CannotStart
from app.secret_file import write_secret

if TYPE_CHECKING:
    from app.journal.anchor.rules import Anchor, Verdict
    from app.journal.proof import Proof

journal = typer.Typer()

_WRONG: dict[Verdict, tuple[str, str]] = {
    "altered": ("与日志不符:日志在此之前被重写", "does not fit: the journal before it was written anew"),
    "gone": ("所指的日志条目不存在", "names a row that is gone"),
    "forged": ("签名无效", "has a signature that is not its key's"),
}


@journal.command("verify-journal")
def verify_journal() -> None:
    """核验日志的哈希链和每日锚 / recompute the journal's chain and its anchors; exit status 1 if altered."""
    whole = True
    with _journal() as (proofs, anchors):
        for proof in proofs:
            if proof.broken_seq is None:
                typer.echo(f"{proof.stream}:{proof.whole} 条完整 / {proof.whole} rows whole{_by(proof)}")
                continue
            whole = False
            what = proof.broken_type or "缺失 / missing"
            _warn(
                f"{proof.stream}:第 {proof.broken_seq} 条被改动({what}),此前 {proof.whole} 条完整",
                f"{proof.stream}: row {proof.broken_seq} was altered ({what}), "
                f"{proof.whole} rows before it are whole",
            )
        for anchor, verdict in anchors:
            if verdict != "whole":
                whole = False
                zh, en = _WRONG[verdict]
                _warn(
                    f"{anchor.stream}:{anchor.day} 的锚{zh}",
                    f"{anchor.stream}: the anchor of {anchor.day} {en}",
                )
        signed = sum(1 for anchor, verdict in anchors if verdict == "whole" and anchor.public_key)
        typer.echo(f"锚 {len(anchors)} 个,签名有效 {signed} 个")
        typer.echo(f"{len(anchors)} anchors, {signed} with a valid signature")
    if not whole:
        raise typer.Exit(1)


@journal.command("anchors")
def anchors() -> None:
    """打印每日锚,交纪检或档案另存 / print the signed daily anchors, for another house to keep."""
    with _journal() as (_, found):
        for anchor, verdict in found:
            typer.echo(anchor.statement, nl=False)
            if anchor.public_key:
                typer.echo(
                    f"public_key {anchor.public_key.hex()}\n{anchor.signed_by} {anchor.signature.hex()}"
                )
            typer.echo(f"# {_named(anchor)}\n# {verdict}\n")


@journal.command("anchor-key")
def anchor_key(file: Annotated[Path, typer.Argument(help="where the key goes")]) -> None:
    """生成日志锚签名密钥,显示公钥 / make the key that signs anchors (of ZHISHOU_ANCHOR_SIGNATURE)."""
    from app.journal.anchor.rules import fingerprint
    from app.journal.anchor.seal import new_seal

    seal = new_seal(Settings().anchor_signature)
    write_secret(file, seal.written)
    typer.echo(f"{seal.public.hex()}\n# {seal.by} {fingerprint(seal.public)}")


def _by(proof: Proof) -> str:
    """Return by which algorithms the rows are chained."""
    from app.journal.chain import NAMES

    told = ", ".join(f"{NAMES[name]} {count}" for name, count in sorted(proof.by.items()))
    return f" ({told})" if told else ""


def _named(anchor: Anchor) -> str:
    """Return what people compare on paper: the algorithms, and the key by its fingerprint."""
    from app.journal.anchor.rules import fingerprint
    from app.journal.chain import NAMES

    signed = f"{anchor.signed_by} {fingerprint(anchor.public_key)}" if anchor.public_key else "unsigned"
    return f"{NAMES.get(anchor.algorithm, anchor.algorithm)}, {signed}"


@contextmanager
def _journal() -> Iterator[tuple[list[Proof], list[tuple[Anchor, Verdict]]]]:
    from app.node_database import with_database

    with with_database(Settings()) as settings:
        yield asyncio.run(_prove(settings.database_url))


async def _prove(url: str) -> tuple[list[Proof], list[tuple[Anchor, Verdict]]]:
    from app.db import Database
    from app.journal.anchor import store
    from app.journal.anchor.rules import judge
    from app.journal.anchor.seal import signs
    from app.journal.proof import prove

    database = Database(url, pool_size=1)
    try:
        proofs = await prove(database)
        async with database.snapshot() as tx:
            beside = await store.beside_journal(tx)
        return proofs, [(anchor, judge(anchor, found, signs)) for anchor, found in beside]
    except OSError as error:
        raise CannotStart(
            f"无法连接数据库:{error},请检查 DATABASE_URL。\n"
            f"The database cannot be reached: {error}. Check DATABASE_URL."
        ) from error
    finally:
        await database.close()


def _warn(zh: str, en: str) -> None:
    typer.secho(f"{zh}\n{en}", fg="red", err=True)
