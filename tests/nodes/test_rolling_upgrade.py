"""Two nodes of the program of before are replaced under load, behind the proxy we ship: nobody notices.

The program of before is the last commit whose newest migration is not ours, with the schema it knew.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from alembic.script import ScriptDirectory
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from alembic import command
from app import migrations
from tests.node import Service
from tests.nodes.cluster import (
    INCIDENT,
    Person,
    Wanderer,
    compared,
    head,
    leads,
    rows,
    session,
    until,
    watching,
)
from tests.nodes.proxies import Proxy, nginx
from tests.test_migrations import at
from tests.zygote import ROOT

pytestmark = [
    pytest.mark.long,
    pytest.mark.database,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]
STAYS = {"ZHISHOU_LEAVE_S": "4"}


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout


def _laid_out(folder: Path, commit: str) -> str:
    """Lay out a program; return the migration it knew, or nothing while branches were being joined."""
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(fileobj=BytesIO(_git("archive", commit, "app", "alembic"))) as archive:
        archive.extractall(folder, filter="data")
    code = "from app import migrations; print(migrations.newest())"
    python = shutil.which("python3", path=str(ROOT / ".venv/bin")) or "python3"
    asked = subprocess.run([python, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def program_of_before(folder: Path) -> tuple[Path, str]:
    """Lay out the program as it was before its newest migration; return where, and the migration it knew."""
    newest = next((ROOT / "alembic" / "versions").glob(f"{migrations.newest()}*.py"))
    path = str(newest.relative_to(ROOT))
    if not _git("ls-files", path).strip():
        pytest.skip("the newest migration is not committed yet: this program is the one of before")
    # Along main: what lies on the branches that were merged into it was never released.
    line = _git("log", "--first-parent", "-m", "--diff-filter=A", "--format=%H", "-1", "--", path)
    added = line.decode().split()[0]
    before = _git(
        "log", "--first-parent", "--format=%H", "-20", f"{added}^", "--", "alembic/versions"
    ).decode()
    for commit in before.split():
        if known := _laid_out(folder, commit):
            break
    assert known and known != migrations.newest()
    chain = [script.revision for script in ScriptDirectory.from_config(migrations._config()).walk_revisions()]
    if chain.index(known) > chain.index(migrations.oldest_served()):
        pytest.skip(f"programs of {known} do not serve this schema: its nodes are replaced together")
    return folder, known


@dataclass
class Strict(Person):
    """Opens incidents without ever trying one again: whatever is not 201 at once has failed."""

    failed: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    served_by: str = ""

    async def go_on(self) -> None:
        """Write until told that it is over."""
        (proxy,) = self.services
        async with httpx.AsyncClient(cookies={"zhishou_session": self.cookie}, timeout=10) as client:
            while not self.over.is_set():
                key = {"Idempotency-Key": f"{self.name}-{len(self.done)}-{len(self.failed)}"}
                try:
                    answer = await client.post(f"{proxy.address}/api/incidents", json=INCIDENT, headers=key)
                    answer.raise_for_status()
                    self.served_by = answer.headers["x-node"]
                    self.done.append(int(answer.json()["id"]))
                except httpx.HTTPError as error:
                    self.failed.append(repr(error))


@asynccontextmanager
async def writing(proxy: Proxy, cookie: str) -> AsyncIterator[list[Strict]]:
    """Let three people write without a pause while the block lasts."""
    people = [Strict([proxy], cookie, f"person-{number}") for number in range(3)]
    tasks = [asyncio.create_task(person.go_on()) for person in people]
    try:
        yield people
    finally:
        for person in people:
            person.over.set()
        await asyncio.gather(*tasks)


async def _some_more(people: list[Strict], count: int = 15) -> None:
    begun = sum(len(person.done) for person in people)

    async def written() -> bool:
        return sum(len(person.done) for person in people) >= begun + count

    await until(written)


async def _given_work(service: Service, people: list[Strict]) -> None:
    """Wait until the proxy sends commands to a node again: the other may go then, not before."""

    async def works() -> bool:
        return any(person.served_by.endswith(f":{service.port}") for person in people)

    for person in people:
        person.served_by = ""
    await until(works)


async def test_two_nodes_are_replaced_by_a_newer_program_and_schema_under_load(
    city_url: str, tmp_path: Path
) -> None:
    before, known = program_of_before(tmp_path / "before")
    await at(city_url, lambda config: command.downgrade(config, known))
    async with AsyncExitStack() as stack:
        services = []
        for number in range(2):
            data = tmp_path / f"node-{number}"
            data.mkdir()
            node = Service(city_url, data, {"ZHISHOU_MQTT_CLIENT_ID": f"n{number}", **STAYS}, program=before)
            services.append(await stack.enter_async_context(node))
        proxy = await stack.enter_async_context(nginx(tmp_path, services))
        cookie, begun = await session(proxy), await head(city_url)
        screens = [Wanderer([proxy], cookie, begun) for _ in range(6)]
        await stack.enter_async_context(watching(screens))
        async with writing(proxy, cookie) as people:
            await _some_more(people)
            assert await migrations.upgrade_async(city_url) is False  # while both serve
            await _some_more(people)
            for service in (*services, services[0]):  # at last from ours to ours, which leaves in order
                await service.stop()
                await _some_more(people)
                service.program = ROOT
                await service.start()
                await _given_work(service, people)
            stood = await rows(city_url, "SELECT version_num FROM alembic_version")
            assert stood[0][0] == migrations.newest()
        assert [person.failed for person in people] == [[], [], []]
        await compared(city_url, screens, begun, people)
        assert all(screen.visits > 1 for screen in screens)  # each was sent on
        assert sum(len(person.done) for person in people) > 60


async def test_a_node_that_leaves_says_so_sends_its_screens_on_and_serves_whoever_still_comes(
    city_url: str, tmp_path: Path
) -> None:
    async with Service(city_url, tmp_path, STAYS) as node, node.client("wangjun") as client:
        assert (await client.get("/api/ready")).json() == {"status": "ready"}
        assert (await client.get("/api/alive")).headers.get("connection") is None
        await until(lambda: leads(node))
        headers = {"Cookie": f"zhishou_session={client.cookies['zhishou_session']}"}
        address = f"{node.address.replace('http', 'ws')}/ws"
        async with connect(address, additional_headers=headers, proxy=None) as line:
            stopping = asyncio.create_task(node.stop())
            await line.wait_closed()
        assert line.close_code == 1012
        told = await client.get("/api/ready")
        assert (told.status_code, told.json()) == (503, {"status": "leaving"})
        assert told.headers["connection"] == "close"
        assert (await client.get("/api/alive")).status_code == 200
        with pytest.raises(InvalidStatus) as refused:
            await connect(address, additional_headers=headers, proxy=None)
        assert refused.value.response.status_code == 503
        opened = await client.post("/api/incidents", json=INCIDENT)
        assert opened.status_code == 201  # who comes all the same is served
        await stopping
        with pytest.raises(httpx.ConnectError):
            await client.get("/api/alive")
