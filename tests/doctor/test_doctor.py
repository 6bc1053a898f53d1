"""The doctor at the real service: well, ill, gone, and a database that is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.doctor.store import KEEPERS
from tests.backup.test_archive import RECIPIENT
from tests.backup.test_backup_and_restore import empty_database, zhishou
from tests.database import Postgres
from tests.node import Service, free_port

pytestmark = pytest.mark.database


async def examined(url: str, data: Path, **settings: str) -> tuple[int, dict[str, dict[str, Any]]]:
    said = await zhishou("doctor", "--json", url=url, data=data, **settings)
    assert "Traceback" not in said.stderr
    findings = [json.loads(line) for line in said.stdout.splitlines()]
    return said.returncode, {one["check"]: one for one in findings}


async def test_a_service_that_is_well_and_backed_up_gives_no_trouble(
    postgres: Postgres, tmp_path: Path
) -> None:
    away = str(tmp_path / "away")
    async with postgres.fresh() as url, Service(url, tmp_path) as service:
        given = {"ZHISHOU_PORT": str(service.port), "ZHISHOU_BACKUP_FOLDER": away}
        made = await zhishou("backup", "--to", RECIPIENT, url=url, data=tmp_path, **given)
        assert made.returncode == 0, made.stderr
        _, found = await examined(url, tmp_path, **given)
        for check in ("postgresql", "schema", "service", "backup", "second_factor", "history"):
            assert found[check]["state"] == "ok", found[check]

        base = await asyncpg.connect(url)
        for name, role in (("zhaolei", KEEPERS[0]), ("qianwu", "responder")):
            await base.execute(
                "INSERT INTO account (username, password_hash, name_zh, role, stream, scope, team_ids,"
                " active) VALUES ($1, '', $1, $2, '990181', '990181', '{}', true)",
                name,
                role,
            )
        await base.close()
        _, found = await examined(url, tmp_path, **given)
    assert found["second_factor"]["state"] == "warn"
    assert found["second_factor"]["zh"].startswith("1 个")
    assert "zhaolei" not in json.dumps(found["second_factor"]), "who they are is nobody's business here"


async def test_what_is_wrong_is_said_with_what_to_do(postgres: Postgres, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("peer = secret\n")
    keys.chmod(0o644)
    given = {
        "ZHISHOU_PORT": str(free_port()),
        "ZHISHOU_EXCHANGE_KEYS_FILE": str(keys),
        "ZHISHOU_MQTTURL": "mqtt://x",
        "ZHISHOU_BACKUP_FOLDER": str(tmp_path / "away"),
    }
    async with empty_database(postgres, "doctor_empty") as url:
        status, found = await examined(url, tmp_path, **given)
    assert status == 1
    assert "zhishou migrate" in found["schema"]["zh"]
    assert "chmod 600" in found["secrets"]["en"]
    assert "ZHISHOU_MQTT_URL" in found["settings"]["zh"]
    assert found["service"]["state"] == "warn"
    assert found["backup"]["state"] == "bad"
    assert "secret" not in json.dumps([one["en"] for one in found.values() if one["check"] != "secrets"])


async def test_a_database_that_is_not_there_is_the_first_thing_said(tmp_path: Path) -> None:
    status, found = await examined("postgresql://x@127.0.0.1:9/x", tmp_path, ZHISHOU_PORT=str(free_port()))
    assert status == 1
    assert "DATABASE_URL" in found["database"]["zh"]
