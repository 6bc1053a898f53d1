"""`python -m chaos.shifted OFFSET_FILE serve`: the service as it is, on a machine whose clock can be jumped.

The house asks one place for the time (`app.clock.SystemClock`); here that place adds the seconds that
stand in a file of eight bytes, which the harness writes.
"""

from __future__ import annotations

import mmap
import struct
import sys
from datetime import datetime, timedelta
from pathlib import Path

from app import cli
from app.clock import SystemClock


def shift(file: Path) -> None:
    """Let the machine's clock be wrong by what the file says, from now on."""
    with file.open("rb") as opened:
        told = mmap.mmap(opened.fileno(), 8, access=mmap.ACCESS_READ)
    true = SystemClock.now

    def now(clock: SystemClock) -> datetime:
        (seconds,) = struct.unpack("<d", told[:8])
        return true(clock) + timedelta(seconds=seconds)

    setattr(SystemClock, "now", now)  # noqa: B010  a method is not to be assigned, says mypy


if __name__ == "__main__":
    shift(Path(sys.argv.pop(1)))
    sys.argv[0] = "zhishou"
    cli.main()
