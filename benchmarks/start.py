"""P6: `zhishou serve` on the fictional city from the start of its process to healthy, and what it then holds.

The limit of the same run is the bare server of the same parts (`benchmarks.bare`), started in turn with ours.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from app.db import Database
from app.stage.seed import seed
from benchmarks.result import Result, middle
from tests.node import free_port
from tests.zygote import ROOT

ROUNDS = 7
PATIENCE_S = 60
LIMIT_MIB = 250


async def measure(url: str) -> list[Result]:
    """Return the seconds to healthy and the resident MiB, each beside the bare server's."""
    database = Database(url)
    await seed(database)
    await database.close()
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS + 1):
            mine, other = _ours(url, Path(folder)), _bare(url)
            if number:  # the first reads files that nobody has read
                ours.append(mine)
                bare.append(other)
    seconds = Result(
        "P6",
        "start to healthy",
        "s",
        middle(s for s, _ in ours),
        {"bare": middle(s for s, _ in bare)},
        f"worst {max(s for s, _ in ours):.2f} s of {ROUNDS}; at most 2.5x bare",
    )
    held = Result(
        "P6",
        "held when healthy, demo city",
        "MiB",
        middle(m for _, m in ours),
        {"bare": middle(m for _, m in bare)},
        f"at most {LIMIT_MIB} MiB",
    )
    return [seconds, held]


def _ours(url: str, folder: Path) -> tuple[float, float]:
    port = free_port()
    settings = {
        "DATABASE_URL": url,
        "ZHISHOU_DATA": str(folder),
        "ZHISHOU_PORT": str(port),
        "ZHISHOU_JT808_PORT": str(free_port()),
    }
    with _started(["app.cli", "serve"], settings) as process:
        return _healthy(process, port)


def _bare(url: str) -> tuple[float, float]:
    port = free_port()
    with _started(["benchmarks.bare", str(port), url], {}) as process:
        return _healthy(process, port)


@contextmanager
def _started(arguments: list[str], settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**os.environ, **settings},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _healthy(process: subprocess.Popen[bytes], port: int) -> tuple[float, float]:
    """Return the seconds until the process answers that it is healthy, and the MiB it then holds."""
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE_S and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        with suppress(OSError):
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:
                took = time.perf_counter() - began
                return took, psutil.Process(process.pid).memory_info().rss / 2**20
        connection.close()
        time.sleep(0.005)
    raise RuntimeError("a server did not become healthy")
