"""The demo's media server: one that draws its own picture, in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from app.simulators import media_server
from app.stage.broker import free_port
from app.stage.cameras import live_paths

PORT = 9997
STOP_WITHIN_S = 5


def command(port: int, paths: list[str], *further: str) -> list[str] | None:
    """Return how to start it; None where `deploy/video.sh` has not set up what it needs."""
    python = Path(sys.prefix).parent / ".venv-video" / "bin" / "python"
    if not python.exists():
        return None
    # -P: beside it lie modules that are named like some of Python's own.
    return [
        str(python),
        "-P",
        media_server.__file__,
        "--port",
        str(port),
        "--paths",
        ",".join(paths),
        *further,
    ]


def settings_of(port: int) -> dict[str, str]:
    """Return the settings of a house that uses it: API, WHEP and HLS are all at one port."""
    url = f"http://127.0.0.1:{port}"
    return {"ZHISHOU_MEDIA_URL": url, "ZHISHOU_MEDIA_WEBRTC_URL": url, "ZHISHOU_MEDIA_HLS_URL": url}


@contextmanager
def pictures(data: Path) -> Iterator[dict[str, str]]:
    """Run it while the block lasts; yield the settings for it, none where this machine cannot run it."""
    port = free_port(PORT)
    found = command(port, live_paths())
    if found is None:
        typer.echo(
            "· 没有测试用流媒体服务器,演示不含实时画面(运行 sh deploy/video.sh 后重新启动即有)"
            " / no media server for tests: no live pictures (run sh deploy/video.sh and start again)"
        )
        yield {}
        return
    with (data / "media.log").open("ab") as log:
        process = subprocess.Popen(found, stdout=log, stderr=log, start_new_session=True)  # noqa: S603  our own program
    try:
        yield settings_of(port)
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
