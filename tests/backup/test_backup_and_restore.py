"""Backup, destroy, restore, verify: the real programs, a county at work, and a copy that serves."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.backup.test_archive import RECIPIENT, SECRET
from tests.database import Postgres
from tests.node import Service
from tests.zygote import ROOT

pytestmark = pytest.mark.database
WENT = "VALUES (7, now(), 115, 28, now()), (7, '1980-01-06 00:00+00', 115, 28, now())"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


async def zhishou(*arguments: str, url: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "ZHISHOU_DATA": str(data), **settings}
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "app.cli", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@asynccontextmanager
async def empty_database(postgres: Postgres, name: str) -> AsyncIterator[str]:
    async def execute(statement: str) -> None:
        connection = await asyncpg.connect(postgres.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    await execute(f'CREATE DATABASE "{name}"')
    try:
        yield postgres.url_of(name)
    finally:
        await execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def open_incident(desk: httpx.AsyncClient, title: str) -> int:
    told = {"event_code": "11A01", "title": title, "region_code": "990181100204"}
    answer = await desk.post("/api/incidents", json=told)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def moved(url: str, statement: str) -> list[asyncpg.Record]:
    """Ask the history of positions, which is a table for each day."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


@asynccontextmanager
async def desk_of(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=service.address, headers={"Origin": service.address}) as desk:
        answer = await desk.post("/api/login", json={"username": "shift", "password": "zhishou-demo"})
        assert answer.status_code == 200, answer.text
        yield desk


async def test_a_county_that_lost_everything_is_brought_back_equal(
    postgres: Postgres, tmp_path: Path
) -> None:
    key, away = tmp_path / "key", tmp_path / "away"
    key.write_text(SECRET)
    data, again = tmp_path / "data", tmp_path / "again"
    data.mkdir()

    async with postgres.city() as url:
        async with Service(url, data) as service, desk_of(service) as desk:
            incident = await open_incident(desk, "东岸村三人被困屋顶")
            files = f"/api/incidents/{incident}/attachments"
            kept = await desk.post(
                f"{files}?name=a.pdf", content=PDF, headers={"Content-Type": "application/pdf"}
            )
            assert kept.status_code == 201, kept.text
            await moved(url, "INSERT INTO track (device_id, true_at, lon, lat, heard_at) " + WENT)
            backing_up = asyncio.create_task(
                zhishou("backup", str(away), "--to", RECIPIENT, url=url, data=data)
            )
            later = [await open_incident(desk, f"备份时来的第 {number} 起") for number in range(5)]
            made = await backing_up
            assert made.returncode == 0, made.stderr
        archive = next(away.iterdir())
        assert archive.read_bytes().find("东岸村".encode()) == -1
    shutil.rmtree(data)  # … and the database is gone with the block

    async with empty_database(postgres, f"restored_{os.getpid()}") as url:
        found = await zhishou("restore", str(archive), "--key", str(key), url=url, data=again)
        assert found.returncode == 0, found.stderr
        assert "完全一致" in found.stdout and "Equal to the backup" in found.stdout
        days = await moved(
            url, "SELECT tableoid::regclass::text AS day FROM track WHERE device_id = 7 ORDER BY 1"
        )
        assert days[0]["day"].startswith("track_2") and days[1]["day"] == "track_other"
        async with Service(url, again) as service, desk_of(service) as desk:
            detail = await desk.get(f"/api/incidents/{incident}")
            assert detail.json()["title"] == "东岸村三人被困屋顶"
            listed = (await desk.get(files)).json()
            content = await desk.get(f"{files}/{listed[0]['id']}/content")
            assert content.content == PDF
            assert (await open_incident(desk, "恢复之后")) > incident  # numbers go on, none is given twice
            assert len(later) == 5

        proved = await zhishou("verify-journal", url=url, data=again)
        assert proved.returncode == 0, proved.stderr

        refused = await zhishou("restore", str(archive), "--key", str(key), url=url, data=tmp_path / "other")
        assert refused.returncode == 1
        assert "什么也没有改动" in refused.stderr and "not empty" in refused.stderr


async def test_a_drill_proves_a_backup_without_touching_anything(postgres: Postgres, tmp_path: Path) -> None:
    key = tmp_path / "key"
    made = await zhishou("backup-key", str(key), url="", data=tmp_path)
    assert made.returncode == 0, made.stderr
    recipient = made.stdout.strip()
    async with postgres.fresh() as url:
        settings = {"ZHISHOU_BACKUP_RECIPIENTS": recipient, "ZHISHOU_BACKUP_FOLDER": str(tmp_path / "away")}
        said = await zhishou("backup", url=url, data=tmp_path / "data", **settings)
        assert said.returncode == 0, said.stderr
        archive = next((tmp_path / "away").iterdir())
        drill = await zhishou(
            "restore", str(archive), "--key", str(key), "--drill", url="", data=tmp_path / "no"
        )
    assert drill.returncode == 0, drill.stderr
    assert "完全一致" in drill.stdout
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("arguments", "settings", "zh", "en"),
    [
        (["backup"], {}, "ZHISHOU_BACKUP_RECIPIENTS", "never written in clear"),
        (["backup", "{tmp}/x", "--to", "age1nobody"], {}, "备份未完成", "age1nobody"),
        (["backup", "/proc/no", "--to", RECIPIENT], {}, "备份未完成", "The backup was not made"),
        (["restore", "/no/file", "--key", "{tmp}/key"], {}, "恢复未完成", "No such file"),
        (["restore", "{tmp}/key", "--key", "{tmp}/key"], {}, "不是本系统的备份", "is no backup"),
        (["restore", "{tmp}/key", "--key", "{tmp}/empty"], {}, "恢复未完成", "AGE-SECRET-KEY"),
        (["backup-key", "{tmp}/key"], {}, "不会被覆盖", "never overwritten"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    postgres: Postgres, tmp_path: Path, arguments: list[str], settings: dict[str, str], zh: str, en: str
) -> None:
    (tmp_path / "key").write_text(SECRET)
    (tmp_path / "empty").write_text("")
    given = [one.format(tmp=tmp_path) for one in arguments]
    async with empty_database(postgres, f"nothing_{os.getpid()}") as url:
        said = await zhishou(*given, url=url, data=tmp_path / "data", **settings)
    assert said.returncode == 1
    assert zh in said.stderr and en in said.stderr
    assert "Traceback" not in said.stderr
