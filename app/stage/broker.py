"""The demo's MQTT broker: Mosquitto if the machine has it, else amqtt, on the loopback only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

PORT = 1883
LISTENS_WITHIN_S = 10
STOP_WITHIN_S = 5
_ELSEWHERE = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
_MOSQUITTO = """# Written at every start of the demo; only this machine reaches it, so it asks for no name.
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 30
max_queued_messages 0
"""
_AMQTT = """# Written at every start of the demo; only this machine reaches it, so it asks for no name.
listeners:
  default:
    type: tcp
    bind: 127.0.0.1:{port}
plugins:
  amqtt.plugins.authentication.AnonymousAuthPlugin:
    allow_anonymous: true
"""


@contextmanager
def broker(data: Path) -> Iterator[str]:
    """Run a broker while the block lasts; yield its URL, "" when this machine has none."""
    folder = (data / "mqtt").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port(PORT)
    found = _mosquitto(folder, port) or _amqtt(folder, port)
    if found is None:
        typer.echo("· 没有 MQTT 服务器,演示不含网关电台 / no MQTT broker: no radios behind a gateway")
        yield ""
        return
    command, version = found
    with (folder / "broker.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603  a broker we looked for
    try:
        if _listens(port, process):
            yield f"mqtt://127.0.0.1:{port}{version}"
        else:
            typer.echo(f"· MQTT 服务器没有启动 / the MQTT broker did not start: {folder}/broker.log")
            yield ""
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _mosquitto(folder: Path, port: int) -> tuple[list[str], str] | None:
    path = shutil.which("mosquitto", path=os.pathsep.join((os.environ.get("PATH", ""), *_ELSEWHERE)))
    if path is None:
        return None
    settings = _MOSQUITTO.format(port=port, folder=folder)
    if os.geteuid() == 0:  # it would change to a user who may not write here
        settings += "user root\n"
    return [path, "-c", str(_written(folder / "mosquitto.conf", settings))], ""


def _amqtt(folder: Path, port: int) -> tuple[list[str], str] | None:
    path = Path(sys.prefix).parent / ".venv-amqtt" / "bin" / "amqtt"  # deploy/broker.sh puts it there
    if not path.exists():
        return None
    return [str(path), "-c", str(_written(folder / "amqtt.yaml", _AMQTT.format(port=port)))], "?version=3.1.1"


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def free_port(usual: int) -> int:
    """Return the usual port of a service on the loopback, or any other when somebody has it."""
    for port in (usual, 0):
        with socket.socket() as plug:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                plug.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(plug.getsockname()[1])
    return usual


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + LISTENS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
