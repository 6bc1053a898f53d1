"""What cannot start says so in one sentence of each language, never with a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.node import ZYGOTE, free_port


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": "",
        "ZHISHOU_DATA": str(folder / "data"),
        "ZHISHOU_PORT": str(free_port()),
        "ZHISHOU_JT808_PORT": str(free_port()),
        **settings,
    }


@pytest.mark.parametrize(
    ("settings", "zh", "en"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL", "must start with postgresql://"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}, "无法连接数据库", "cannot be reached"),
        ({"ZHISHOU_DATA": "/proc/nowhere"}, "不可写", "cannot be written"),
        ({"ZHISHOU_SERIAL_LINKS": "nonsense"}, "应形如", "should look like"),
        ({"ZHISHOU_HYTERA_LINKS": "hstrp://nowhere"}, "应形如", "should look like"),
        ({"ZHISHOU_TALK_GROUPS": "101"}, "应形如", "should look like"),
        ({"ZHISHOU_SERIAL_LINKS": "morse=/dev/null"}, "不支持的设备类型", "unknown family"),
        ({"ZHISHOU_MQTT_URL": "http://u:secret@a"}, "MQTT 地址应形如", "should look like"),
        ({"ZHISHOU_SIGN_OF_LIFE_URL": "ftp://x"}, "地址应形如", "looks like https://host/path"),
        ({"ZHISHOU_POSITIONS_KEEP_DAYS": "30"}, "轨迹至少保存 31 天", "at least 31 days"),
        ({"ZHISHOU_ANCHOR_KEY_FILE": "/no/file"}, "ZHISHOU_ANCHOR_KEY_FILE", "No such file"),
        ({"ZHISHOU_SPOT_CHECK_SCORING": "/no/file"}, "抽查评分文件 /no/file 有误", "is not right"),
        ({"ZHISHOU_MQTT_URL": "mqtts://a", "ZHISHOU_MQTT_CA": "/no/file"}, "ZHISHOU_MQTT", "No such file"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    tmp_path: Path, settings: dict[str, str], zh: str, en: str
) -> None:
    log = tmp_path / "serve.log"
    log.touch()
    assert ZYGOTE.serve(_environment(tmp_path, **settings), log).wait(60) == 1
    said = log.read_text()
    assert zh in said and en in said
    assert "Traceback" not in said


def test_a_port_in_use_is_named_by_a_program_that_starts_cold(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = subprocess.run(
            [sys.executable, "-m", "app.cli", "serve"],
            env=_environment(tmp_path, ZHISHOU_PORT=port),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert said.returncode == 1
    assert f"端口 {port}" in said.stderr and "in use" in said.stderr
    assert "Traceback" not in said.stderr
