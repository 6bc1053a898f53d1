"""`zhishou scenario run` on a server that is given: lines, exit status, and nothing left behind."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.scenario import ground, run
from app.scenario.reading import read_script
from tests.database import Postgres

pytestmark = pytest.mark.database
OWN = """
scenario: D01
zh: 一通电话
en: One call
begins: 2025-06-18 02:13:20
steps:
- step: 1
  zh: 立案
  en: Opened
  do:
  - at: 02:14:40
  - as: chenjie
    post: /api/incidents
    body: {event_code: 11A01, title: 东岸村被困, region_code: "990181100204"}
    keep: incident
    expect: {initial_level: 4}
- step: 2
  zh: 写错的期望
  en: A wrong wish
  do:
  - expect: {incident.number: SJ-1}
  - as: chenjie
    post: /api/incidents
    body: {event_code: nonsense}
    keep: other
- step: 3
  zh: 靠上一步
  en: Needs the step before
  do:
  - as: chenjie
    get: /api/incidents/${other.id}
- step: 4
  zh: 还做不到
  en: Not yet
  missing: {zh: 没有, en: there is none}
"""


@pytest.fixture
async def server(postgres: Postgres) -> AsyncIterator[str]:
    """A server whose databases are counted: none is left behind."""

    async def names() -> set[str]:
        connection = await asyncpg.connect(postgres.url)
        try:
            return {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
        finally:
            await connection.close()

    await postgres.schema()
    before = await names()
    yield postgres.url
    assert await names() == before


async def test_what_is_wrong_is_told_and_what_follows_from_it_is_not_called_ok(
    server: str,
    postgres: Postgres,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "d01.yaml"
    file.write_text(OWN, encoding="utf-8")
    schema = await postgres.schema()
    monkeypatch.setattr(run, "Ground", lambda url, keep: ground.Ground(url, schema=schema, keep=keep))
    counts = await run.run_all([read_script(file)], server, as_json=True)
    assert counts == {"ok": 1, "failed": 1, "missing": 1, "skipped": 1}
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["state"] for one in told] == ["ok", "failed", "skipped", "missing"]
    wish, call = told[1]["faults"]
    assert (wish["line"], wish["expected"], wish["got"]) == (21, "SJ-1", "SJ-20250618-001")
    assert (call["line"], call["expected"]) == (22, "2xx")
    assert call["got"].startswith("422 ")
    assert told[3]["missing"] == {"zh": "没有", "en": "there is none"}
