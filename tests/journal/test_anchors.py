"""Anchors: one a day, signed, and a journal that was made anew behind the house's back does not fit them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.clock import SetClock
from app.codecs.ebm.sm import public_key
from app.db import Database
from app.desk.papersheet.paper import proof_line
from app.journal.anchor import store
from app.journal.anchor.rules import Anchor, day_to_anchor, judge
from app.journal.anchor.seal import Seal, load_seal, new_private, signs
from app.journal.anchor.watch import AnchorWatch
from tests.journal.test_journal import STREAM, opened, write
from tests.zygote import ROOT

BEIJING = ZoneInfo("Asia/Shanghai")
AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)  # 02:13 on the 18th
ANCHOR = Anchor(STREAM, date(2025, 6, 17), 7, b"\x01" * 32, AT)
SEAL = Seal(new_private())


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2025, 6, 17, 15, 59, 59, tzinfo=UTC), date(2025, 6, 16)),
        (datetime(2025, 6, 17, 16, 0, 0, tzinfo=UTC), date(2025, 6, 17)),
    ],
)
def test_a_day_ends_at_midnight_of_the_county(now: datetime, day: date) -> None:
    assert day_to_anchor(now, BEIJING) == day


@pytest.mark.parametrize(
    ("anchor", "found", "verdict"),
    [
        (ANCHOR, ANCHOR.hash, "whole"),
        (ANCHOR, b"\x02" * 32, "altered"),
        (ANCHOR, None, "gone"),
        (replace(ANCHOR, seq=0, hash=b""), None, "whole"),
        (SEAL.sign(ANCHOR), ANCHOR.hash, "whole"),
        (replace(SEAL.sign(ANCHOR), seq=8), ANCHOR.hash, "forged"),
        (replace(SEAL.sign(ANCHOR), public_key=public_key(new_private())), ANCHOR.hash, "forged"),
        (replace(SEAL.sign(ANCHOR), public_key=b"\x01" * 64), ANCHOR.hash, "forged"),
    ],
)
def test_an_anchor_is_judged_by_the_journal_and_its_signature(
    anchor: Anchor, found: bytes | None, verdict: str
) -> None:
    assert judge(anchor, found, signs) == verdict


@given(st.binary(max_size=80))
def test_bytes_that_are_no_signature_sign_nothing(signature: bytes) -> None:
    assert not signs(public_key(SEAL.private), ANCHOR.statement.encode(), signature)


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for told in ("", "zz", "00" * 32, "ff" * 32, "01" * 31):
        file.write_text(told)
        with pytest.raises(ValueError):  # noqa: PT011
            load_seal(file)
    file.write_text(f"# public\n{SEAL.private.hex()}\n")
    assert load_seal(file) == SEAL
    assert SEAL.private.hex() not in repr(SEAL)


def test_the_printed_line_can_be_compared_by_eye() -> None:
    assert proof_line("990181", 7, b"\x01\x02\x03\x04\x05") == "日志 990181 至第 7 条,校验值 01020304 05"


def verify(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "verify-journal"],
        env={**os.environ, "DATABASE_URL": url, "ZHISHOU_DATA": str(folder)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.database
async def test_each_day_gets_one_anchor_that_nobody_can_change(database: Database) -> None:
    await opened(database)
    await write(database, 1, range(3))
    clock = SetClock(AT)
    watch = AnchorWatch(database, clock, STREAM, BEIJING, SEAL)
    first = await watch.look()
    assert first is not None
    assert (first.day, first.seq) == (date(2025, 6, 17), 3)
    await write(database, 1, range(2))
    assert await watch.look() is None  # the day has one
    clock.advance(timedelta(days=1))
    second = await watch.look()
    assert second is not None
    assert (second.day, second.seq) == (date(2025, 6, 18), 5)
    async with database.snapshot() as tx:
        beside = await store.beside_journal(tx)
        assert await store.newest(tx, STREAM) == second
    assert [judge(anchor, found, signs) for anchor, found in beside] == ["whole", "whole"]
    for statement in (
        "UPDATE journal_anchor SET seq = 1",
        "DELETE FROM journal_anchor",
        "TRUNCATE journal_anchor",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            async with database.transaction() as tx:
                await tx.execute(text(statement))


@pytest.mark.database
async def test_a_journal_made_anew_with_a_right_chain_is_found_out_by_its_anchor(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await opened(database)
    await write(database, 1, range(3))
    assert await AnchorWatch(database, SetClock(AT), STREAM, BEIJING, SEAL).look() is not None
    whole = verify(database_url, tmp_path)
    assert whole.returncode == 0, whole.stderr
    assert "锚 1 个,签名有效 1 个" in whole.stdout

    async with database.transaction() as tx:  # one who owns the database writes another history
        await tx.execute(text("ALTER TABLE journal DISABLE TRIGGER journal_is_append_only"))
        await tx.execute(text("DELETE FROM journal"))
        await tx.execute(text("UPDATE journal_head SET seq = 0, hash = ''"))
        await tx.execute(text("ALTER TABLE journal ENABLE TRIGGER journal_is_append_only"))
    await write(database, 2, range(3))
    found = verify(database_url, tmp_path)
    assert found.returncode == 1
    assert "3 条完整" in found.stdout  # its chain is right …
    assert "2025-06-17 的锚与日志不符" in found.stderr and "written anew" in found.stderr  # … and yet
