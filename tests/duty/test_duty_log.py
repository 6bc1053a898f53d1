"""The duty log through the API: the book of a day and a month, entries, corrections, scope, the proof."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from app.db import Database
from app.journal.proof import Proof, prove
from tests.api.desk import desk, problem
from tests.duty.county import CENTRE, TOWNSHIP
from tests.duty.test_s07_handover import Morning, morning
from tests.world import SECRET_KIND, STREAM, World

pytestmark = pytest.mark.database
__all__ = ["desk", "morning"]

LOG = f"/api/duty/posts/{CENTRE}/log"
TOWN_LOG = f"/api/duty/posts/{TOWNSHIP}/log"


async def entered(morning: Morning, text: str, who: str = "officer", path: str = LOG, **told: Any) -> Any:
    return await morning.post(who, f"{path}/entries", text=text, **told)


async def day(morning: Morning, who: str = "officer", path: str = LOG, on: str = "today") -> Any:
    return await morning.desk.read(who, f"{path}/days/{on}")


async def test_lines_of_the_house_and_by_hand_stand_in_one_book_in_the_order_they_were_told(
    morning: Morning,
) -> None:
    morning.at("07:30")
    await morning.world.incident()
    await entered(
        morning,
        "东岸村村主任报:水位上涨",
        source="telephone",
        source_name="村主任老李",
        lines=["disaster", "government"],
        action="通知水务局",
        occurred_at="2025-07-02T07:10:45+08:00",
        told_at="2025-07-02T07:26:10+08:00",
    )
    book = await day(morning)
    assert (book["number"], book["day"]) == ("樟应值〔2025〕第 182 号", "2025-07-01")
    hand, opened = book["entries"]
    assert (hand["zh"], hand["source"], hand["action"]) == (
        "东岸村村主任报:水位上涨",
        "telephone",
        "通知水务局",
    )
    assert [hand[f"{name}_at"][11:19] for name in ("happened", "told")] == ["23:10:00", "23:26:00"]
    assert (hand["lines"], hand["entered_by"]) == (["disaster", "government"], "值班员甲")
    assert opened["zh"].startswith("立案 SJ-")
    assert opened["lines"] == ["work_safety", "rescue"]
    assert {staff["name"] for staff in book["staff"]} == {f"值班{n}" for n in range(100, 107)}


async def test_a_correction_is_a_new_line_that_names_the_old_one(morning: Morning) -> None:
    await entered(morning, "转移 26 人")
    (wrong,) = (await day(morning))["entries"]
    await entered(morning, "转移 27 人", corrects_seq=wrong["seq"])
    first, second = (await day(morning))["entries"]
    assert (first["corrected_by"], second["corrects_seq"]) == ([second["seq"]], first["seq"])
    await morning.refused("officer", f"{LOG}/entries", "not_found", text="x", corrects_seq=999)


async def test_nothing_in_the_log_is_altered_or_deleted(morning: Morning) -> None:
    await entered(morning, "原文")
    for statement in ("UPDATE log_entry SET text = '改过'", "DELETE FROM log_entry"):
        with pytest.raises(DBAPIError, match="append-only"):
            await morning.world.run(statement)


async def test_times_that_cannot_be_are_refused(morning: Morning) -> None:
    for told in (
        {"told_at": "2025-07-03T08:00:00+08:00"},
        {"occurred_at": "2025-07-02T07:15:00+08:00", "told_at": "2025-07-02T07:10:00+08:00"},
    ):
        answer = await morning.desk.post("officer", f"{LOG}/entries", {"text": "x", **told})
        assert problem(answer, 422, "invalid_input")["fields"]
    wrong: list[dict[str, Any]] = [
        {"text": ""},
        {"text": "x", "lines": []},
        {"text": "x", "lines": ["other"]},
    ]
    for entry in wrong:
        problem(await morning.desk.post("officer", f"{LOG}/entries", entry), 422, "invalid_input")
    problem(await morning.desk.get("officer", f"{LOG}/days/yesterday"), 422, "invalid_input")
    problem(await morning.desk.get("officer", f"{LOG}/months/2025-13"), 422, "invalid_input")


async def test_each_desk_has_its_own_book(morning: Morning) -> None:
    east = await morning.world.incident()
    await entered(morning, "中心记事")
    await entered(morning, "东镇记事", "east", TOWN_LOG, incident_id=east.id)
    assert [line["zh"] for line in (await day(morning))["entries"] if line["by_hand"]] == ["中心记事"]
    town = (await day(morning, "east", TOWN_LOG))["entries"]
    assert [line["zh"] for line in town if line["by_hand"]] == ["东镇记事"]
    assert any(line["incident_id"] == east.id for line in town)
    problem(await morning.desk.get("east", f"{LOG}/days/today"), 404, "not_found")
    problem(await morning.desk.get("west", f"{TOWN_LOG}/days/today"), 404, "not_found")
    problem(await morning.desk.post("east", f"{LOG}/entries", {"text": "x"}), 404, "not_found")
    problem(await morning.desk.post("auditor", f"{LOG}/entries", {"text": "x"}), 403, "not_permitted")
    problem(await morning.desk.get("crew", f"{TOWN_LOG}/days/today"), 403, "not_permitted")


async def test_what_is_need_to_know_stands_in_the_centres_book_only(morning: Morning) -> None:
    secret = await morning.world.incident(event_code=SECRET_KIND)
    await entered(morning, "限知事项", incident_id=secret.id)
    assert len((await day(morning))["entries"]) == 2
    assert (await day(morning, "east", TOWN_LOG))["entries"] == []
    told = {"text": "x", "incident_id": secret.id}
    problem(await morning.desk.post("east", f"{TOWN_LOG}/entries", told), 404, "not_found")


async def test_a_month_has_a_line_a_day_with_counts_and_the_worst_score(morning: Morning) -> None:
    await entered(morning, "夜间巡查", lines=["government", "work_safety"])
    month = await morning.desk.read("officer", f"{LOG}/months/2025-07")
    first, second = month["days"][:2]
    assert (first["entries"], first["by_hand"]) == (1, 1)
    assert first["lines"] == {"government": 1, "work_safety": 1}
    assert (first["percent"], first["gaps"]) == (17, 1)  # nothing was written before 07:20
    assert second["percent"] is None
    assert len(month["days"]) == 31


async def test_the_score_of_a_day_names_its_gaps(morning: Morning) -> None:
    await entered(morning, "夜间巡查")
    (score,) = (await day(morning))["scores"]
    assert (score["lead_name"], score["entries"], score["at_handover"]) == ("值班101", 1, None)
    assert score["gaps"] == [{"start": "2025-07-01T00:00:00Z", "end": "2025-07-01T23:20:00Z"}]


async def altered(world: World, statement: str) -> None:
    """Do what only somebody with the database's password can do."""
    connection = await asyncpg.connect(world.database.url)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(statement)
    finally:
        await connection.close()


def verify(database: Database) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": database.url}
    command = [sys.executable, "-m", "app.cli", "verify-journal"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


async def test_the_proof_names_the_first_altered_row(morning: Morning) -> None:
    for text in ("一", "二", "三"):
        await entered(morning, text)
    world, head = morning.world, await morning.world.head()
    assert await prove(world.database) == [Proof(STREAM, head)]
    said = verify(world.database)
    assert (said.returncode, f"{head} 条完整" in said.stdout) == (0, True)
    await altered(
        world, f"UPDATE journal SET body = replace(body::text, '二', '贰')::json WHERE seq >= {head - 1}"
    )
    assert await prove(world.database) == [Proof(STREAM, head - 2, head - 1, "duty_log.entered")]
    said = verify(world.database)
    assert said.returncode == 1
    assert f"第 {head - 1} 条被改动" in said.stderr
    assert f"row {head - 1} was altered" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("DELETE FROM journal WHERE seq = 1", 1),
        ("DELETE FROM journal WHERE seq = 3", 3),
        ("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", None),
        ("UPDATE journal SET type = 'alarm.raised' WHERE seq = 2", 2),
    ],
)
async def test_a_row_that_is_gone_or_renamed_is_found(
    morning: Morning, statement: str, broken: int | None
) -> None:
    for text in ("一", "二", "三"):
        await entered(morning, text)
    head = await morning.world.head()
    await altered(morning.world, statement)
    (proof,) = await prove(morning.world.database)
    assert proof.broken_seq == (broken or head)
