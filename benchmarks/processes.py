"""Start servers and clients on different cores and read what they cost."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import psutil  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU seconds of a process: its own code, and the kernel for it."""

    own_s: float
    kernel_s: float

    @property
    def total_s(self) -> float:
        """Both together."""
        return self.own_s + self.kernel_s

    def __sub__(self, before: Cpu) -> Cpu:
        """What was used in between."""
        return Cpu(self.own_s - before.own_s, self.kernel_s - before.kernel_s)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    flavour: str
    port: int
    process: subprocess.Popen[str]

    def cpu(self) -> Cpu:
        """The CPU time it has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return Cpu(times.user, times.system)

    def publish(self, rounds: int, size: int = 256, first: int = 0) -> None:
        """Let it send an event of so many bytes to everybody, `rounds` times, numbered from `first`."""
        asked = f"rounds={rounds}&bytes={size}" + (f"&first={first}" if first else "")
        request = Request(f"http://127.0.0.1:{self.port}/publish?{asked}", method="POST")
        urlopen(request, timeout=60).read()

    def memory(self) -> int:
        """The bytes it holds."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def longest_pause_s(self) -> float:
        """The longest run of its collector."""
        return float(urlopen(f"http://127.0.0.1:{self.port}/pause", timeout=30).read())


@contextmanager
def server(flavour: str, url: str | None = None) -> Iterator[Server]:
    """Run a server on the first core while the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.server", flavour, str(port), *([url] if url else [])]
    process = _start(command, core=0)
    try:
        _expect_ready(process)
        yield Server(flavour, port, process)
    finally:
        process.terminate()
        process.wait(10)
        _close(process)


@contextmanager
def clients(
    port: int, count: int, *, wants: int, after: int | None = None, audiences: int = 1, within_s: float = 120
) -> Iterator[subprocess.Popen[str]]:
    """Run the load client on the last core; the block begins when all are greeted, unless they resume.

    It gives up by itself after `within_s`.
    """
    command = [sys.executable, "-m", "benchmarks.client", str(port), str(count), f"--wants={wants}"]
    command += [f"--audiences={audiences}", f"--within-s={within_s}"]
    process = _start(command + ([] if after is None else [f"--after={after}"]), core=-1)
    try:
        if after is None:
            _expect_ready(process)
        yield process
    finally:
        process.kill()
        process.wait(10)
        _close(process)


def report(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a client's last line."""
    assert process.stdout is not None
    lines = [line for line in process.stdout if line.startswith("{")]
    if not lines:
        raise RuntimeError("the load client failed")
    result: dict[str, Any] = json.loads(lines[-1])
    return result


def _start(command: list[str], core: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(process.pid, {allowed[core]})
    return process


def _expect_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        raise RuntimeError(f"{process.args!r} did not start")


def _close(process: subprocess.Popen[str]) -> None:
    if process.stdout is not None:
        process.stdout.close()
