"""The compose file and what its containers read: the proxy before real nodes, the broker with passwords."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from websockets.asyncio.client import ClientConnection, connect

from app.config import Settings
from app.devices.credentials.rules import read
from app.preflight import CannotStart
from tests.node import Service, free_port
from tests.nodes.cluster import INCIDENT, head, nodes, until
from tests.peers import STREAM, missing, program
from tests.zygote import ROOT

HERE = ROOT / "deploy" / "container"
NAMED = {
    "ZHISHOU_IMAGE": "zhishou",
    "POSTGRES_IMAGE": "postgres",
    "MOSQUITTO_IMAGE": "mosquitto",
    "NGINX_IMAGE": "nginx",
    "ZHISHOU_STREAM": "990181",
}


def prepare(folder: Path, *words: str) -> str:
    command = ["sh", str(HERE / "prepare.sh"), *words, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    prepare(folder, "127.0.0.1")
    return folder


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
    return told


def test_only_settings_that_exist_are_set_and_no_secret_is_among_them(compose: dict[str, Any]) -> None:
    known = {f"ZHISHOU_{name.upper()}" for name in Settings.model_fields}
    ours = {name: one for name, one in compose["services"].items() if "ZHISHOU_IMAGE" in one["image"]}
    assert set(ours) == {"migrate", "node1", "node2"}
    for service in ours.values():
        assert set(service["environment"]) <= known
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert service["secrets"] == ["database_url", "zhishou_mqtt_url", "gateway_credentials"]
    assert len({one["environment"].get("ZHISHOU_MQTT_CLIENT_ID") for one in ours.values()}) == 3
    named = {word for one in compose["services"].values() for word in one.get("secrets", ())}
    assert named == set(compose["secrets"])


def test_the_containers_images_are_all_given(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["image"].startswith("${"), name
    given = {line.split("=")[0] for line in (HERE / "env.example").read_text().splitlines() if "=" in line}
    assert given == set(NAMED)
    bases = re.findall(r"^FROM (\S+)", (HERE / "Containerfile").read_text(), re.MULTILINE)
    assert set(bases) == {"${NODE_IMAGE}", "${PYTHON_IMAGE}"}


def test_secrets_are_written_once_and_are_what_the_service_reads(
    secrets: Path, compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {path.name for path in secrets.iterdir()} == set(compose["secrets"])
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}
    prepare(secrets, "127.0.0.1")
    assert {path.name: path.read_bytes() for path in secrets.iterdir()} == before
    for path in secrets.iterdir():
        assert path.stat().st_mode & 0o007 == 0 or path.name == "tls_certificate"
    monkeypatch.setenv("ZHISHOU_SECRETS_FOLDER", str(secrets))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    told = Settings(_env_file=None)
    word = before["postgres_password"].decode()
    assert told.database_url == f"postgresql://zhishou:{word}@database:5432/zhishou"
    assert told.mqtt_url.startswith("mqtt://centre:")
    monkeypatch.setenv("DATABASE_URL", "postgresql://other")  # the environment comes first
    assert Settings(_env_file=None).database_url == "postgresql://other"
    monkeypatch.setenv("ZHISHOU_SECRETS_FOLDER", str(secrets / "none"))
    with pytest.raises(CannotStart, match="no such folder"):
        Settings(_env_file=None)


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def proxy(folder: Path, secrets: Path, services: list[Service]) -> AsyncIterator[tuple[int, int, int]]:
    """Run the proxy's own configuration: names, ports and places are changed, nothing else."""
    if not STREAM.exists():
        missing("nginx with its stream module")
    told = (HERE / "nginx.conf").read_text(encoding="utf-8")
    ports = free_port(), free_port(), free_port()
    changes = {
        "listen 80;": f"listen 127.0.0.1:{ports[0]};",
        "listen 443 ": f"listen 127.0.0.1:{ports[1]} ",
        "listen 8808 ": f"listen 127.0.0.1:{ports[2]} ",
        "/tmp/": f"{folder}/",
        "/run/secrets/": f"{secrets}/",
    }
    for number, one in enumerate(services, start=1):
        changes[f"node{number}:8000"] = f"127.0.0.1:{one.port}"
        changes[f"node{number}:8808"] = f"127.0.0.1:{one.jt808_port}"
    for old, new in changes.items():
        assert old in told, old
        told = told.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(f"load_module {STREAM};\ndaemon off;\n{told}")
    async with running(program("nginx"), "-c", str(path), "-p", str(folder)):
        yield ports


@pytest.mark.database
async def test_behind_tls_a_screen_resumes_at_the_other_node_and_the_inside_stays_closed(
    city_url: str, secrets: Path, tmp_path: Path
) -> None:
    trust = ssl.create_default_context(cafile=str(secrets / "tls_certificate"))
    settings = {"ZHISHOU_HTTPS": "1"}
    async with (
        nodes(city_url, tmp_path, 2, settings) as services,
        proxy(tmp_path, secrets, services) as (plain, tls, terminals),
        httpx.AsyncClient(base_url=f"https://127.0.0.1:{tls}", verify=trust, timeout=20) as client,
    ):

        async def logs_in() -> bool:
            told = {"username": "wangjun", "password": "zhishou-demo"}
            try:
                return (await client.post("/api/login", json=told)).status_code == 200
            except httpx.TransportError:
                return False

        await until(logs_in)
        assert all(cookie.secure for cookie in client.cookies.jar)
        for path in ("/metrics", "/api/ready", "/api/alive"):
            assert (await client.get(path)).status_code == 403
        async with httpx.AsyncClient() as bare:
            moved = await bare.get(f"http://127.0.0.1:{plain}/desk")
            assert (moved.status_code, moved.headers["location"]) == (301, "https://127.0.0.1/desk")
        headers = {"Cookie": f"zhishou_session={client.cookies['zhishou_session']}"}
        address, known = f"wss://127.0.0.1:{tls}/ws", await head(city_url)
        for service in services:
            key = {"Idempotency-Key": f"after {known}"}
            opened = await client.post("/api/incidents", json=INCIDENT, headers=key)
            assert opened.status_code == 201  # while nobody looks; it is told behind what the screen knew
            async with connect(
                f"{address}?after={known}", additional_headers=headers, ssl=trust, proxy=None
            ) as line:
                known = await _heard_of_an_incident(line)
            if service is services[0]:
                await services[0].kill()
        reader, writer = await asyncio.open_connection("127.0.0.1", terminals)
        writer.write(bytes.fromhex("7e0002000001990001000600017e"))  # a heart-beat of nobody known
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert reader.exception() is None


async def _heard_of_an_incident(line: ClientConnection) -> int:
    async with asyncio.timeout(20):
        while True:
            told = json.loads(await line.recv())
            if told["type"] == "incident.opened":
                return int(told["seq"])


def test_a_gateway_gets_another_password_and_the_day_is_written_down(tmp_path: Path) -> None:
    file, days = tmp_path / "mosquitto_passwords", tmp_path / "gateway_credentials"
    file.write_text("centre:$7$x\nedge.b:$7$y\n")
    first = prepare(tmp_path, "--gateway", "edge-b")
    before, same = file.read_text().splitlines(), (file.stat().st_ino, days.stat().st_ino)
    second = prepare(tmp_path, "--renew", "edge-b")
    after = file.read_text().splitlines()
    assert before[:2] == after[:2] == ["centre:$7$x", "edge.b:$7$y"]
    assert len(before) == len(after) == 3 and before[2] != after[2]
    assert after[2].startswith("edge-b:$7$10000$") and "edge-b:" in first and first != second
    (told,) = read(days.read_text())
    assert told.gateway == "edge-b" and abs(datetime.now(UTC) - told.at) < timedelta(minutes=1)
    assert re.fullmatch(r"[^@\s]+@\S+", told.by)
    assert (file.stat().st_ino, days.stat().st_ino) == same, "a container has these very files mounted"
    assert (file.stat().st_mode & 0o777, days.stat().st_mode & 0o777) == (0o600, 0o400)
    for words in (("--renew", "edge-c"), ("--gateway", "edge-b")):
        with pytest.raises(subprocess.CalledProcessError):
            prepare(tmp_path, *words)
    assert file.read_text().splitlines() == after


async def test_the_broker_knows_the_centre_and_each_gateway_and_nobody_else(
    secrets: Path, tmp_path: Path
) -> None:
    mosquitto, publish = program("mosquitto"), program("mosquitto_pub")
    word = re.search(r"mqtts://edge-linxi:(\w+)@", prepare(secrets, "--gateway", "edge-linxi"))
    centre = re.search(r"centre:(\w+)@", (secrets / "zhishou_mqtt_url").read_text())
    assert word and centre
    plain, tls = free_port(), free_port()
    told = (HERE / "mosquitto.conf").read_text()
    for old, new in {
        "listener 1883": f"listener {plain} 127.0.0.1",
        "listener 8883": f"listener {tls} 127.0.0.1",
        "/run/secrets/": f"{secrets}/",
        "/mosquitto/config/": f"{HERE}/",
        "/mosquitto/data/": f"{tmp_path}/",
    }.items():
        assert old in told
        told = told.replace(old, new)
    (tmp_path / "mosquitto.conf").write_text(f"user root\n{told}")

    async def says(user: str, password: str, gateway: str, port: int = tls) -> bool:
        over = ["--cafile", str(secrets / "tls_certificate")] if port == tls else []
        topic = f"ecd/v1/gateway/{gateway}/state/conn"
        words = ["-V", "5", "-q", "1", "-h", "127.0.0.1", "-p", str(port), *over, "-u", user, "-P", password]
        process = await asyncio.create_subprocess_exec(
            publish, *words, "-t", topic, "-m", "{}", stderr=asyncio.subprocess.PIPE
        )
        _, told = await process.communicate()  # who may not speak hears so, and it ends with 0
        return process.returncode == 0 and b"Not authorized" not in told

    async with running(mosquitto, "-c", str(tmp_path / "mosquitto.conf")):

        async def listens() -> bool:
            return await says("centre", centre[1], "any", plain)

        await until(listens)
        assert await says("edge-linxi", word[1], "edge-linxi")
        assert not await says("edge-linxi", word[1], "edge-other")
        assert not await says("edge-linxi", centre[1], "edge-linxi")
        assert not await says("nobody", "x", "edge-linxi")
