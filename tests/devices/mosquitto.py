"""A real Mosquitto for the tests: found, or skipped loudly — and in CI a skip is a failure."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin"
_ACL = """
user centre
topic readwrite ecd/v1/gateway/#

pattern readwrite ecd/v1/gateway/%u/#
"""


@dataclass
class Mosquitto:
    """A broker of its own: port, folder and process. It keeps its sessions on disk when told to end."""

    folder: Path
    port: int
    accounts: Mapping[str, str] = field(default_factory=dict)
    tls: bool = False
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where the centre finds it."""
        return self.url_of("centre")

    def url_of(self, name: str) -> str:
        """Where somebody with an account finds it."""
        who = f"{name}:{self.accounts[name]}@" if self.accounts else ""
        return f"{'mqtts' if self.tls else 'mqtt'}://{who}localhost:{self.port}"

    async def start(self) -> None:
        """Run it and wait until it listens."""
        self._write()
        self.process = await asyncio.create_subprocess_exec(
            program("mosquitto"), "-c", str(self.folder / "mosquitto.conf"), stderr=subprocess.DEVNULL
        )
        async with asyncio.timeout(30):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.02)
                    continue
                writer.close()
                await writer.wait_closed()
                return

    async def stop(self) -> None:
        """End it as a restart of the machine does: it saves what it holds."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()

    async def publish(
        self, topic: str, payload: str | bytes, *, retain: bool = False, by: str = "centre"
    ) -> None:
        """Let `mosquitto_pub`, a program that is not ours, publish one message."""
        await self._run("mosquitto_pub", by, "-t", topic, "-m", payload, *(("-r",) if retain else ()))

    async def hear(self, topic: str, *, by: str = "centre", count: int = 1) -> list[str]:
        """Let `mosquitto_sub` wait for messages; return their payloads."""
        heard = await self._run("mosquitto_sub", by, "-t", topic, "-C", str(count), "-W", "30")
        return heard.decode().splitlines()

    async def _run(self, name: str, by: str, *arguments: str | bytes) -> bytes:
        who = ("-u", by, "-P", self.accounts[by]) if self.accounts else ()
        child = await asyncio.create_subprocess_exec(
            *(program(name), "-V", "5", "-q", "1", "-h", "127.0.0.1", "-p", str(self.port), *who, *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        out, _ = await child.communicate()
        return out

    def _write(self) -> None:
        lines = [
            f"listener {self.port} 127.0.0.1",
            "persistence true",
            f"persistence_location {self.folder}/",
            "max_queued_messages 0",
            "log_dest none",
        ]
        if os.getuid() == 0:
            lines.append("user root")
        if self.accounts:
            passwords, acl = self.folder / "passwords", self.folder / "acl"
            passwords.touch(mode=0o600)
            for name, password in self.accounts.items():
                subprocess.run([program("mosquitto_passwd"), "-b", passwords, name, password], check=True)
            acl.write_text(_ACL)
            acl.chmod(0o600)
            lines += ["allow_anonymous false", f"password_file {passwords}", f"acl_file {acl}"]
        else:
            lines.append("allow_anonymous true")
        if self.tls:
            certificate, key = self.folder / "server.pem", self.folder / "server.key"
            request = (
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            )
            names = ("-addext", "subjectAltName=DNS:localhost")
            subprocess.run(
                ["openssl", *request, *names, "-keyout", key, "-out", certificate],
                check=True,
                stderr=subprocess.DEVNULL,
            )
            lines += [f"certfile {certificate}", f"keyfile {key}"]
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")


def program(name: str) -> str:
    """Return the path of one of Mosquitto's programs."""
    path = shutil.which(name, path=_SEARCHED)
    if path is None:
        sentence = "no Mosquitto: MQTT tests need one (see deploy/mosquitto.sh)"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path


@asynccontextmanager
async def mosquitto(
    folder: Path, accounts: Mapping[str, str] | None = None, *, tls: bool = False
) -> AsyncIterator[Mosquitto]:
    """Run a broker on a free port of the loopback while the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    broker = Mosquitto(folder, port, accounts or {}, tls)
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()
