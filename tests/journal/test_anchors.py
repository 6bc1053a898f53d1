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
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.clock import SetClock
from app.codecs.ebm.sm import public_key
from app.db import Database
from app.desk.papersheet.paper import proof_line
from app.journal.anchor import store
from app.journal.anchor.rules import Anchor, day_to_anchor, fingerprint, judge
from app.journal.anchor.seal import Seal, load_seal, new_private, new_seal, signs
from app.journal.anchor.watch import AnchorWatch
from app.journal.chain import End
from tests.journal.test_journal import STREAM, opened, write
from tests.zygote import ROOT

BEIJING = ZoneInfo("Asia/Shanghai")
AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)  # 02:13 on the 18th
ANCHOR = Anchor(STREAM, date(2025, 6, 17), 7, b"\x01" * 32, AT)
SEAL = Seal(new_private())
EDWARDS = new_seal("ed25519")
OF_SM3 = replace(ANCHOR, algorithm="sm3")


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
        (replace(ANCHOR, seq=0, hash=b""), b"\x02" * 32, "altered"),
        (OF_SM3, ANCHOR.hash, "altered"),  # the row says another algorithm than its anchor
        (replace(SEAL.sign(ANCHOR), algorithm="sm3"), ANCHOR.hash, "forged"),
        (replace(SEAL.sign(ANCHOR), signed_by="ed25519"), ANCHOR.hash, "forged"),
        (replace(SEAL.sign(ANCHOR), signed_by="rot13"), ANCHOR.hash, "forged"),
        (EDWARDS.sign(ANCHOR), ANCHOR.hash, "whole"),
        (replace(EDWARDS.sign(ANCHOR), seq=8), ANCHOR.hash, "forged"),
        (replace(EDWARDS.sign(ANCHOR), signed_by="sm2"), ANCHOR.hash, "forged"),
        (replace(EDWARDS.sign(ANCHOR), algorithm="sm3"), ANCHOR.hash, "forged"),
        (replace(EDWARDS.sign(ANCHOR), public_key=new_seal("ed25519").public), ANCHOR.hash, "forged"),
        (replace(EDWARDS.sign(ANCHOR), public_key=b"\x01" * 31), ANCHOR.hash, "forged"),
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
    assert judge(anchor, (found, "sha256") if found is not None else None, signs) == verdict


@settings(deadline=None)  # SM2 in pure Python takes its time
@given(st.binary(max_size=80))
def test_bytes_that_are_no_signature_sign_nothing(signature: bytes) -> None:
    for seal in (SEAL, EDWARDS):
        assert not signs(seal.by, seal.public, ANCHOR.statement.encode(), signature)


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for told in ("", "zz", "00" * 32, "ff" * 32, "01" * 31):
        file.write_text(told)
        with pytest.raises(ValueError):  # noqa: PT011
            load_seal(file)
    file.write_text(f"# public\n{SEAL.private.hex()}\n")
    assert load_seal(file) == SEAL
    assert SEAL.private.hex() not in repr(SEAL)
    with pytest.raises(ValueError, match="ZHISHOU_ANCHOR_SIGNATURE=ed25519"):
        load_seal(file, "ed25519")  # one key is not used for two algorithms
    file.write_text(EDWARDS.written)
    assert load_seal(file, "ed25519") == EDWARDS
    with pytest.raises(ValueError, match="密钥是 ed25519 的"):
        load_seal(file)


def test_an_anchor_says_how_it_is_made_and_by_which_key() -> None:
    assert SEAL.sign(ANCHOR).statement.startswith("zhishou-journal-anchor/1\n")  # as those of before
    told = EDWARDS.sign(OF_SM3).statement
    assert told.startswith("zhishou-journal-anchor/2\n")
    assert f"hash_algorithm sm3\nsignature_algorithm ed25519\nkey {fingerprint(EDWARDS.public)}\n" in told
    assert OF_SM3.statement.endswith("signature_algorithm none\nkey none\n")
    assert len(fingerprint(EDWARDS.public)) == 39


def test_ed25519_is_that_of_rfc_8032() -> None:
    seal = Seal(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"), "ed25519")
    assert seal.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )
    assert signs("ed25519", seal.public, b"", signature)  # 7.1, test 1


def test_the_printed_line_can_be_compared_by_eye() -> None:
    assert proof_line("990181", End(7, b"\x01\x02\x03\x04\x05")) == (
        "日志 990181 至第 7 条,SHA-256 校验值 01020304 05"
    )
    assert proof_line("990181", End(7, b"\x01", "sm3")).endswith("SM3 校验值 01")
    assert proof_line("990181", End()) == "日志 990181:0 条"


def verify(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "verify-journal"],
        env={**os.environ, "DATABASE_URL": url, "ZHISHOU_DATA": str(folder)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
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
