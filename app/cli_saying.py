"""What the commands of backups say: progress, warnings, and trouble as one sentence of each language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from app.preflight import CannotStart


@contextmanager
def told(zh: str, en: str) -> Iterator[None]:
    """Say what the technician can mend as one sentence of each language."""
    import asyncpg

    from app.backup.archive import BadArchive
    from app.backup.chain.rules import Trouble
    from app.backup.dump import DumpFailed
    from app.backup.restoring import NotEmpty

    try:
        yield
    except NotEmpty as error:
        raise CannotStart(
            f"{zh}:{error} 里已有内容,请换成空的数据库和数据目录(什么也没有改动)。\n"
            f"{en}: {error} is not empty; give an empty database and data folder (nothing was changed)."
        ) from error
    except Trouble as error:
        raise CannotStart(f"{zh}:{error.zh}。\n{en}: {error.en}.") from error
    except BadArchive as error:
        raise CannotStart(
            f"{zh}:文件不是本系统的备份、已损坏,或密钥不对({error})。\n"
            f"{en}: the file is no backup, is damaged, or the key is another ({error})."
        ) from error
    except (OSError, ValueError, DumpFailed, asyncpg.PostgresError) as error:
        raise CannotStart(f"{zh}:{error}\n{en}: {error}") from error


def say(zh: str, en: str) -> None:
    """Say how far it is."""
    typer.echo(f"· {zh} / {en}", err=True)


def warn(zh: str, en: str) -> None:
    """Say what is wrong."""
    typer.secho(f"!! {zh}\n!! {en}", fg="red", err=True)
