"""A process that has imported the service once and forks it whenever a test asks: `python -m tests.zygote`.

Most of a start is the import of the program, and every page test starts it; most of what follows is built by
the first who wants it. So the program is imported here, and with the first fictional city it is rehearsed.
The child is the program itself: its own process and session, its own environment, `zhishou serve` from the
command line on. Only what tests of the start look at (how long the import takes, what it weighs) must take
the slow road: `Service(cold=True)`.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Forked:
    """A forked service, with as much of `subprocess.Popen` as a test needs. The zygote reaps it."""

    pid: int
    log: Path

    def poll(self) -> int | None:
        """Return None while it runs, then the status it ended with; -1 if a signal ended it."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            told = _status(self.log)
            return int(told.read_text()) if told.exists() else -1
        return None

    def send_signal(self, number: int) -> None:
        """Send it a signal; one that has ended already hears nothing."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return

    def wait(self, timeout: float) -> int:
        """Wait for its end; return its status. Raises TimeoutError."""
        until = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.pid} did not end")
            time.sleep(0.005)
        return status


class Zygote:
    """The one of this test process, started when the first service is wanted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def serve(self, environment: Mapping[str, str], log: Path) -> Forked:
        """Fork `zhishou serve` with an environment of its own; its output goes to the log."""
        _status(log).unlink(missing_ok=True)  # of the one before
        with self._lock:
            zygote = self._started()
            assert zygote.stdin is not None and zygote.stdout is not None
            zygote.stdin.write(json.dumps({"environment": dict(environment), "log": str(log)}) + "\n")
            zygote.stdin.flush()
            return Forked(int(zygote.stdout.readline()), log)

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.zygote"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            atexit.register(self._process.terminate)
        return self._process


def _status(log: Path) -> Path:
    """Return where a service that ends by itself says its status: nobody can wait for a zygote's child."""
    return log.with_suffix(".status")


def main() -> None:
    """Import the service; fork it for each line that is read, and answer with the number of its process."""
    import app.serving  # noqa: F401
    from tests.rehearsal import rehearse
    from tests.statements import compile_once

    compile_once()
    _keep_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the children
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the rehearsal logs is no answer
    rehearsed = False
    for line in sys.stdin:
        asked = json.loads(line)
        if not rehearsed and rehearse(asked["environment"]["DATABASE_URL"]):
            rehearsed = True
            _keep_all()
        pid = os.fork()
        if pid == 0:
            answers.close()
            _become(asked["environment"], asked["log"])
        answers.write(f"{pid}\n")
        answers.flush()


def _keep_all() -> None:
    """Let a child's collector leave alone what there is: looking at a page copies it."""
    gc.collect()
    gc.freeze()


def _become(environment: dict[str, str], log: str) -> NoReturn:
    """Be `zhishou serve` as a shell would have started it."""
    from app import cli

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, path, how in ((0, os.devnull, os.O_RDONLY), (1, log, os.O_WRONLY | os.O_APPEND)):
        opened = os.open(path, how)
        os.dup2(opened, number)
        os.close(opened)
    os.dup2(1, 2)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["zhishou", "serve"]
    status = 1
    try:
        cli.main()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001  the interpreter would print it; the zygote must not go on in here
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        _status(Path(log)).write_text(str(status))
        os._exit(status)


if __name__ == "__main__":
    main()
